/** The bucket, by the function's own credentials. */
import { S3Blobs } from '../../adapters/aws/s3-blobs.ts';
import { lambdaCredentials } from './lambda-credentials.ts';

export function bucketBlobs(bucket: string): S3Blobs {
  const { AWS_REGION = 'us-east-1', AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const endpoint = AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  return new S3Blobs({ bucket, region: AWS_REGION, credentials: lambdaCredentials(), endpoint });
}
