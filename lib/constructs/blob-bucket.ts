/** Files and long bodies. Uploads that no message refers to vanish after a day. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { VARIABLES } from '../../lambdas/runtime/environment.ts';
import { acknowledge, acknowledgeWildcard, arnText } from '../acknowledge.ts';
import { isKept, removalPolicyOf } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { ProductFunction } from './product-function.ts';

/** What a function does with blobs: where it may read, and where write. */
const USES = {
  /** Reads what belongs to threads. */
  read: [['s3:GetObject', 'threads/*']],
  /** Reads that and the raw mails, and signs links to them. */
  show: [
    ['s3:GetObject', 'threads/*'],
    ['s3:GetObject', 'mail/*'],
  ],
  /** The same, where a scanner says in a tag whether they may be shown. */
  judge: [
    ['s3:GetObject', 'threads/*'],
    ['s3:GetObject', 'mail/*'],
    ['s3:GetObjectTagging', 'threads/*'],
    ['s3:GetObjectTagging', 'mail/*'],
  ],
  /** Reads raw mails, and puts their words and files beside their threads. */
  receive: [
    ['s3:GetObject', 'mail/*'],
    ['s3:GetObject', 'pending/*'],
    ['s3:GetObject', 'threads/*'],
    ['s3:PutObject', 'threads/*'],
  ],
  /** Signs uploads, looks them over, and puts them beside their thread. */
  place: [
    ['s3:GetObject', 'pending/*'],
    ['s3:PutObject', 'pending/*'],
    ['s3:GetObject', 'threads/*'],
    ['s3:PutObject', 'threads/*'],
  ],
  /** Keeps what was set aside, and takes files along to another thread. */
  keep: [
    ['s3:GetObject', 'threads/*'],
    ['s3:PutObject', 'threads/*'],
  ],
} as const;

const OLD_VERSIONS = Duration.days(30);

export class BlobBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const removalPolicy = removalPolicyOf(settings);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: isKept(settings),
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
      lifecycleRules: [
        { prefix: 'pending/', expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(1) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1), noncurrentVersionExpiration: OLD_VERSIONS },
      ],
      // A page of the business's own uploads and downloads with the link it was given; the link is the permission.
      cors: [
        {
          allowedMethods: [HttpMethods.PUT, HttpMethods.GET],
          allowedOrigins: ['*'],
          allowedHeaders: ['*'],
          maxAge: 3600,
        },
      ],
    });
    acknowledge(
      this,
      'AwsSolutions::AwsSolutions-S1',
      'Who asked for which link is in the access log of the API; the links themselves last minutes.',
    );
  }

  /** Lets a function do this with blobs, and tells it where they are. */
  connect(target: ProductFunction, use: keyof typeof USES): void {
    for (const [action, where] of USES[use]) {
      const resources = [this.bucket.arnForObjects(where)];
      target.function.addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
      acknowledgeWildcard(
        target,
        `${arnText(this.bucket)}/${where}`,
        'Keys are made of ids: which, is decided in code.',
      );
    }
    // Without it S3 answers 403 for what is not there, which could not be told from what is forbidden.
    target.function.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
    target.tell(VARIABLES.bucket, this.bucket.bucketName);
  }
}
