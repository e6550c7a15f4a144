import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SsmParameters } from '../../../adapters/aws/ssm-parameters.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { AwsEndpoint } from '../../support/aws-endpoint.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
let aws: AwsEndpoint;
let parameters: SsmParameters;

beforeEach(async () => {
  aws = await AwsEndpoint.open();
  parameters = new SsmParameters({ region: 'eu-central-1', credentials, endpoint: aws.url });
});
afterEach(() => aws.close());

describe('a parameter of SSM', () => {
  it('is read by its name, decrypted', async () => {
    aws.on('GetParameter', { Parameter: { Value: 'secret' } });
    expect(await parameters.read('/meanwhile/Stack/acme')).toBe('secret');
    expect(aws.inputs('GetParameter')).toEqual([{ Name: '/meanwhile/Stack/acme', WithDecryption: true }]);
  });

  it('that is not there, or empty, is none', async () => {
    aws.on('GetParameter', { failure: 'ParameterNotFound' });
    expect(await parameters.read('x')).toBeUndefined();
    aws.on('GetParameter', {});
    expect(await parameters.read('x')).toBeUndefined();
  });

  it.each([
    { failure: 'ThrottlingException' },
    { failure: 'com.amazonaws.ssm#InternalServerError', status: 500 },
    { failure: 'TooManyRequests', status: 429 },
    'hang-up' as const,
  ])('may be asked for again after %j', async (answer) => {
    aws.on('GetParameter', answer);
    await expect(parameters.read('x')).rejects.toThrow(TransientFailure);
  });

  it('is asked for again at once where the server stumbled, at most three times', async () => {
    aws.on('GetParameter', () => {
      return aws.calls.length < 3 ? { failure: 'x', status: 500 } : { Parameter: { Value: 'secret' } };
    });
    expect(await parameters.read('x')).toBe('secret');
    expect(aws.operations).toHaveLength(3);
  });

  it('that may not be read is a defect, and not taken for none', async () => {
    aws.on('GetParameter', { failure: 'AccessDeniedException' });
    await expect(parameters.read('x')).rejects.toMatchObject({ name: 'ParametersRefused' });
  });
});
