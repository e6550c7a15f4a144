/** Every read, and the API's document. */
import { dynamoClient } from '../../adapters/aws/clients.ts';
import { MemoryRateLimiter } from '../../adapters/node/memory-rate-limiter.ts';
import { createApi } from '../../api/app.ts';
import document from '../../api/openapi.json' with { type: 'json' };
import { readRoutes } from '../../api/routes/reads.ts';
import { sharedApiDeps } from '../runtime/api-deps.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { noKeys, noLanes } from '../runtime/read-only.ts';

const env = readEnvironment('THREAD_TABLE', 'BLOB_BUCKET', 'POLICY_FOLDER', 'SECRETS_PREFIX');
const deps = {
  ...sharedApiDeps(env, dynamoClient()),
  lanes: noLanes,
  idempotency: noKeys,
  rates: new MemoryRateLimiter(),
};

export const handler = httpHandler(createApi(deps, readRoutes, document));
