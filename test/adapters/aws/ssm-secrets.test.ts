import { beforeEach, describe, expect, it } from 'vitest';
import { SsmSecrets } from '../../../adapters/aws/ssm-secrets.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MINUTE, MONDAY } from '../../builders.ts';

const SECOND = 1_000;
let now = MONDAY;
let secrets: SsmSecrets;
/** What is read of a parameter now. */
let parameter: () => Promise<string | undefined>;
let reads: string[];

/** From now on the parameter holds this key. */
function holds(idKey: string): void {
  parameter = async () => JSON.stringify({ idKey });
}

beforeEach(() => {
  now = MONDAY;
  reads = [];
  const read = (name: string) => {
    reads.push(name);
    return parameter();
  };
  secrets = new SsmSecrets({ read }, '/meanwhile/Stack/', { now: () => now });
  holds('first');
});

describe('secrets in Parameter Store', () => {
  it('are one encrypted parameter a business, by its name', async () => {
    expect(await secrets.of('acme')).toEqual({ idKey: 'first' });
    expect(reads).toEqual(['/meanwhile/Stack/acme']);
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
    expect(reads).toHaveLength(2);
    expect(await secrets.of('acme')).toEqual({ idKey: 'second' });
  });

  it('are none for a business without a parameter, until it has one', async () => {
    parameter = async () => undefined;
    expect(await secrets.of('acme')).toBeUndefined();
    holds('made');
    expect(await secrets.of('acme'), 'asked again a moment later').toBeUndefined();
    now += 20 * SECOND;
    expect(await secrets.refreshed('acme')).toEqual({ idKey: 'made' });
  });

  it('that could not be read may be asked for again, and that is not remembered', async () => {
    const failure = new TransientFailure('ThrottlingException');
    parameter = () => Promise.reject(failure);
    await expect(secrets.of('acme')).rejects.toBe(failure);
    holds('first');
    expect(await secrets.of('acme')).toEqual({ idKey: 'first' });
  });
});
