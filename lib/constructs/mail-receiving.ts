/**
 * SES: what takes mail for the businesses' addresses, and where it goes.
 *
 *   SES ──▶ bucket, below mail/ ──▶ topic ──▶ queue
 *
 * Only the notification of the S3 action has the envelope's recipients and SES's verdicts, so that the queue hears of
 * mails by it and not by the bucket. Of an account one rule set is active: making one changes nothing. Ours is made
 * active by `npm run receive`, which never takes the place of another's; or the rules go into the one there is.
 */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type IReceiptRuleSet, ReceiptRuleSet, TlsPolicy } from 'aws-cdk-lib/aws-ses';
import { S3 } from 'aws-cdk-lib/aws-ses-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { receivedAt } from '../../core/inbound/addressing.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Settings } from '../settings.ts';
import type { BlobBucket } from './blob-bucket.ts';
import type { WorkQueue } from './work-queue.ts';

export interface MailReceivingProps {
  settings: Settings;
  policies: Policy[];
  blobs: BlobBucket;
  queue: WorkQueue;
}

/** SES takes no more for a rule (SES endpoints and quotas). */
const RECIPIENTS_A_RULE_MAX = 100;

export class MailReceiving extends Construct {
  readonly ruleSet: IReceiptRuleSet;
  /** Where SES tells what it has received. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { settings, policies, blobs, queue }: MailReceivingProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.topic = topic;
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    const to = { rawMessageDelivery: true, deadLetterQueue: queue.deadLetters };
    topic.addSubscription(new SqsSubscription(queue.queue, to));
    this.ruleSet =
      settings.receiptRuleSet === undefined
        ? new ReceiptRuleSet(this, 'RuleSet')
        : ReceiptRuleSet.fromReceiptRuleSetName(this, 'RuleSet', settings.receiptRuleSet);
    // A domain is told without its @; an address stands for every plus address, too.
    const recipients = [...new Set(policies.flatMap(receivedAt).map((one) => one.replace(/^@/, '')))].sort();
    for (let from = 0; from < recipients.length; from += RECIPIENTS_A_RULE_MAX) {
      this.ruleSet.addRule(`Rule${from / RECIPIENTS_A_RULE_MAX}`, {
        recipients: recipients.slice(from, from + RECIPIENTS_A_RULE_MAX),
        scanEnabled: true,
        tlsPolicy: TlsPolicy.OPTIONAL,
        actions: [new S3({ bucket: blobs.bucket as IBucket, objectKeyPrefix: 'mail/', topic })],
      });
    }
  }
}
