/** Every read, and the API's document. */
import { inflateRawSync } from 'node:zlib';
import { dynamoClient } from '../../adapters/aws/clients.ts';
import { MemoryRateLimiter } from '../../adapters/node/memory-rate-limiter.ts';
import { createApi } from '../../api/app.ts';
import packed from '../../api/openapi-packed.json' with { type: 'json' };
import { readRoutes } from '../../api/routes/reads.ts';
import { sharedApiDeps } from '../runtime/api-deps.ts';
import { bucketBlobs } from '../runtime/blobs.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';
import { noKeys, noLanes } from '../runtime/read-only.ts';

const env = readEnvironment('THREAD_TABLE', 'BLOB_BUCKET', 'FILE_SCAN', 'POLICY_FOLDER', 'SECRETS_PREFIX');
const deps = {
  ...sharedApiDeps(env, dynamoClient()),
  scans: env.FILE_SCAN === 'required' ? bucketBlobs(env.BLOB_BUCKET) : undefined,
  lanes: noLanes,
  idempotency: noKeys,
  rates: new MemoryRateLimiter(),
};

const document = () => JSON.parse(inflateRawSync(Buffer.from(packed.deflated, 'base64')).toString('utf8')) as object;

export const handler = httpHandler(createApi(deps, readRoutes, document));
