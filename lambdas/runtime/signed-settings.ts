/** What a function signs its own requests with, and where it sends them. */
import type { SignedSettings } from '../../adapters/aws/signed-calls.ts';
import { lambdaCredentials } from './lambda-credentials.ts';

export function signedSettings(service: 'S3' | 'SSM'): SignedSettings {
  const { AWS_REGION = 'us-east-1', AWS_ENDPOINT_URL } = process.env;
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service}`] ?? AWS_ENDPOINT_URL;
  return { region: AWS_REGION, credentials: lambdaCredentials(), endpoint };
}
