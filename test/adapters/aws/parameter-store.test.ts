import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ParameterStore } from '../../../adapters/aws/parameter-store.ts';
import { anAwsFailure } from '../../support/aws-sdk.ts';

const ssm = mockClient(SSMClient);
const store = new ParameterStore('/meanwhile/Stack/');
const SECRETS = { idKey: 'i', customerKeys: [], capabilityKeys: [] };

describe('the owner’s view of a business’s secrets', () => {
  beforeEach(() => ssm.reset());

  it('reads them decrypted', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(SECRETS) } });
    expect(await store.read('acme')).toEqual(SECRETS);
    const [call] = ssm.commandCalls(GetParameterCommand);
    expect(call?.args[0].input).toEqual({ Name: '/meanwhile/Stack/acme', WithDecryption: true });
  });

  it('has none where there is no parameter, and says so only then', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
    expect(await store.read('acme')).toBeUndefined();
    // Taken for none, they would be made anew, and every id that was ever handed out would be void.
    ssm.on(GetParameterCommand).rejects(anAwsFailure('AccessDeniedException', { status: 400 }));
    await expect(store.read('acme')).rejects.toThrow();
  });

  it('writes them encrypted, in the place of those before', async () => {
    ssm.on(PutParameterCommand).resolves({});
    await store.write('acme', SECRETS);
    expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toEqual({
      ...{ Name: '/meanwhile/Stack/acme', Value: JSON.stringify(SECRETS), Type: 'SecureString', Overwrite: true },
    });
  });
});
