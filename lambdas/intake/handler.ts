/** Every write: checked, promised, made durable on its lane, answered. */
import { dynamoClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoIdempotencyStore } from '../../adapters/aws/dynamo-idempotency-store.ts';
import { DynamoRateLimiter } from '../../adapters/aws/dynamo-rate-limiter.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { createApi } from '../../api/app.ts';
import { writeRoutes } from '../../api/routes/writes.ts';
import { sharedApiDeps } from '../runtime/api-deps.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { httpHandler } from '../runtime/http.ts';

const env = readEnvironment('THREAD_TABLE', 'LANE_QUEUE', 'BLOB_BUCKET', 'POLICY_FOLDER', 'SECRETS_PREFIX');
const client = dynamoClient();
const deps = {
  ...sharedApiDeps(env, client),
  lanes: new SqsLanes(sqsClient(), env.LANE_QUEUE),
  idempotency: new DynamoIdempotencyStore(client, env.THREAD_TABLE),
  rates: new DynamoRateLimiter(client, env.THREAD_TABLE),
};

export const handler = httpHandler(createApi(deps, writeRoutes));
