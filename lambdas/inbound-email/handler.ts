/** Mails that came in: each claimed, its thread found, and its command put onto the lane. */
import { dynamoClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoCustomers } from '../../adapters/aws/dynamo-customers.ts';
import { DynamoMailIndex } from '../../adapters/aws/dynamo-mail-index.ts';
import { DynamoRateLimiter } from '../../adapters/aws/dynamo-rate-limiter.ts';
import { DynamoSends } from '../../adapters/aws/dynamo-sends.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { SsmSecrets } from '../../adapters/aws/ssm-secrets.ts';
import { PooledRandomness } from '../../adapters/node/randomness.ts';
import { idsBySecrets } from '../../core/ids-by-secrets.ts';
import { bucketBlobs } from '../runtime/blobs.ts';
import { clock } from '../runtime/clock.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { parameters } from '../runtime/parameters.ts';
import { eachMessage } from '../runtime/queue-batch.ts';
import { receiveArrival } from '../runtime/receive-arrival.ts';

const env = readEnvironment(
  ...(['THREAD_TABLE', 'LANE_QUEUE', 'INBOUND_MAIL_QUEUE', 'BLOB_BUCKET', 'POLICY_FOLDER', 'SECRETS_PREFIX'] as const),
);
const [dynamo, sqs] = [dynamoClient(), sqsClient()];
const secrets = new SsmSecrets(parameters(), env.SECRETS_PREFIX, clock);
const deps = {
  threads: new DynamoThreadStore(dynamo, env.THREAD_TABLE),
  mailIndex: new DynamoMailIndex(dynamo, env.THREAD_TABLE),
  sends: new DynamoSends(dynamo, env.THREAD_TABLE),
  rates: new DynamoRateLimiter(dynamo, env.THREAD_TABLE),
  policies: new LayerPolicies(env.POLICY_FOLDER, dynamo, env.THREAD_TABLE),
  lanes: new SqsLanes(sqs, env.LANE_QUEUE),
  blobs: bucketBlobs(env.BLOB_BUCKET),
  random: new PooledRandomness(),
  idsOf: idsBySecrets(secrets),
  customers: new DynamoCustomers(dynamo, env.THREAD_TABLE),
  ...{ secrets, clock, log },
};

export const handler = eachMessage({ client: sqs, url: env.INBOUND_MAIL_QUEUE }, (body) => receiveArrival(body, deps));
