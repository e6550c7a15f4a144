import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SsmSecrets } from '../../../adapters/aws/ssm-secrets.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MINUTE, MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const ssm = mockClient(SSMClient);
const SECOND = 1_000;
let now = MONDAY;
let secrets: SsmSecrets;

/** From now on the parameter holds this key. */
function holds(idKey: string): void {
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify({ idKey }) } });
}

const reads = () => ssm.commandCalls(GetParameterCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  ssm.reset();
  now = MONDAY;
  secrets = new SsmSecrets(new SSMClient(NOWHERE), '/meanwhile/Stack/', { now: () => now });
  holds('first');
});

describe('secrets in Parameter Store', () => {
  it('are one encrypted parameter a business, by its name', async () => {
    expect(await secrets.of('acme')).toEqual({ idKey: 'first' });
    expect(reads()).toEqual([{ Name: '/meanwhile/Stack/acme', WithDecryption: true }]);
  });

  it('are kept for five minutes, each business’s for itself: so long a revoked key is believed', async () => {
    await secrets.of('acme');
    holds('second');
    now += 5 * MINUTE - 1;
    expect(await secrets.of('acme')).toEqual({ idKey: 'first' });
    expect(await secrets.of('other')).toEqual({ idKey: 'second' });
    now += 1;
    expect(await secrets.of('acme')).toEqual({ idKey: 'second' });
  });

  it('are read anew for a key id that is not known, but not more often than every twenty seconds', async () => {
    await secrets.of('acme');
    holds('second');
    for (let tries = 0; tries < 50; tries += 1) expect(await secrets.refreshed('acme')).toEqual({ idKey: 'first' });
    now += 20 * SECOND;
    for (let tries = 0; tries < 50; tries += 1) expect(await secrets.refreshed('acme')).toEqual({ idKey: 'second' });
    expect(reads()).toHaveLength(2);
    expect(await secrets.of('acme')).toEqual({ idKey: 'second' });
  });

  it('are none for a business without a parameter, until it has one', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
    expect(await secrets.of('acme')).toBeUndefined();
    holds('made');
    expect(await secrets.of('acme'), 'asked again a moment later').toBeUndefined();
    now += 20 * SECOND;
    expect(await secrets.refreshed('acme')).toEqual({ idKey: 'made' });
  });

  it('are none where the parameter is empty', async () => {
    ssm.on(GetParameterCommand).resolves({});
    expect(await secrets.of('acme')).toBeUndefined();
  });

  it.each([
    anAwsFailure('ThrottlingException', { status: 400 }),
    anAwsFailure('InternalServerError', { status: 500 }),
    anAwsFailure('TimeoutError'),
  ])('may be asked for again after %s, and that is not remembered', async (failure) => {
    ssm.on(GetParameterCommand).rejects(failure);
    await expect(secrets.of('acme')).rejects.toThrow(TransientFailure);
    holds('first');
    expect(await secrets.of('acme')).toEqual({ idKey: 'first' });
  });

  it('that may not be read are a defect, and not taken for none', async () => {
    const failure = anAwsFailure('AccessDeniedException', { status: 400 });
    ssm.on(GetParameterCommand).rejects(failure);
    await expect(secrets.of('acme')).rejects.toBe(failure);
  });
});
