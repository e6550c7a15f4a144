/** What the API is given in either of its functions. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoCustomers } from '../../adapters/aws/dynamo-customers.ts';
import { DynamoPoolStore } from '../../adapters/aws/dynamo-pool-store.ts';
import { DynamoSends } from '../../adapters/aws/dynamo-sends.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { SsmSecrets } from '../../adapters/aws/ssm-secrets.ts';
import { PooledRandomness } from '../../adapters/node/randomness.ts';
import { remoteIssuerKeys } from '../../api/auth/agent-token.ts';
import { Authenticator } from '../../api/auth/authenticate.ts';
import type { ApiDeps } from '../../api/route.ts';
import { idsBySecrets } from '../../core/ids-by-secrets.ts';
import { bucketBlobs } from './blobs.ts';
import { clock, pause } from './clock.ts';
import { log } from './log.ts';
import { parameters } from './parameters.ts';

interface ApiEnvironment {
  THREAD_TABLE: string;
  BLOB_BUCKET: string;
  POLICY_FOLDER: string;
  SECRETS_PREFIX: string;
}

/** All but what only one half of the API needs. */
export function sharedApiDeps(
  environment: ApiEnvironment,
  client: DynamoDBClient,
): Omit<ApiDeps, 'lanes' | 'idempotency' | 'rates'> {
  const table = environment.THREAD_TABLE;
  const policies = new LayerPolicies(environment.POLICY_FOLDER, client, table);
  const secrets = new SsmSecrets(parameters(), environment.SECRETS_PREFIX, clock);
  const issuerKeys = remoteIssuerKeys();
  return {
    threads: new DynamoThreadStore(client, table),
    pools: new DynamoPoolStore(client, table),
    sends: new DynamoSends(client, table),
    customers: new DynamoCustomers(client, table),
    blobs: bucketBlobs(environment.BLOB_BUCKET),
    authenticator: new Authenticator({ policies, secrets, issuerKeys, realNow: clock.now }),
    idsOf: idsBySecrets(secrets),
    random: new PooledRandomness(),
    ...{ policies, secrets, clock, log, pause },
  };
}
