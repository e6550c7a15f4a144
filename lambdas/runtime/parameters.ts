/** SSM's parameters, by the function's own credentials. */
import { SsmParameters } from '../../adapters/aws/ssm-parameters.ts';
import { lambdaCredentials } from './lambda-credentials.ts';

export function parameters(): SsmParameters {
  const { AWS_REGION = 'us-east-1', AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL } = process.env;
  const endpoint = AWS_ENDPOINT_URL_SSM ?? AWS_ENDPOINT_URL;
  return new SsmParameters({ region: AWS_REGION, credentials: lambdaCredentials(), endpoint });
}
