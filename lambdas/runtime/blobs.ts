/** The bucket, by the function's own credentials. */
import { S3Blobs } from '../../adapters/aws/s3-blobs.ts';
import { signedSettings } from './signed-settings.ts';

export function bucketBlobs(bucket: string): S3Blobs {
  return new S3Blobs({ ...signedSettings('S3'), bucket });
}
