/** Lanes: each group's commands in order, decided once, committed, performed. */
import { dynamoClient, eventBridgeClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoPoolStore } from '../../adapters/aws/dynamo-pool-store.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { EventBridgeEvents } from '../../adapters/aws/eventbridge-events.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { SqsEffects } from '../../adapters/aws/sqs-effects.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { SqsWaitQueue } from '../../adapters/aws/sqs-wait-queue.ts';
import { SsmSecrets } from '../../adapters/aws/ssm-secrets.ts';
import { idsBySecrets } from '../../core/ids-by-secrets.ts';
import { runLane } from '../../core/lane/run-lane.ts';
import { bucketBlobs } from '../runtime/blobs.ts';
import { clock, pause } from '../runtime/clock.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { laneMessageOf } from '../runtime/lane-message.ts';
import { log } from '../runtime/log.ts';
import { metrics } from '../runtime/metrics.ts';
import { parameters } from '../runtime/parameters.ts';
import { fifoBatch } from '../runtime/queue-batch.ts';

const resources = ['THREAD_TABLE', 'LANE_QUEUE', 'MAIL_QUEUE', 'WAIT_QUEUE', 'EVENT_BUS', 'BLOB_BUCKET'] as const;
const env = readEnvironment(...resources, 'POLICY_FOLDER', 'SECRETS_PREFIX');
const [dynamo, sqs] = [dynamoClient(), sqsClient()];
const waits = new SqsWaitQueue(sqs, env.WAIT_QUEUE, clock);
const lanes = new SqsLanes(sqs, env.LANE_QUEUE);
const events = new EventBridgeEvents(eventBridgeClient(), env.EVENT_BUS);
const deps = {
  threads: new DynamoThreadStore(dynamo, env.THREAD_TABLE),
  pools: new DynamoPoolStore(dynamo, env.THREAD_TABLE),
  effects: new SqsEffects(sqs, env.MAIL_QUEUE, { lanes, events, waits }),
  policies: new LayerPolicies(env.POLICY_FOLDER, dynamo, env.THREAD_TABLE),
  blobs: bucketBlobs(env.BLOB_BUCKET),
  idsOf: idsBySecrets(new SsmSecrets(parameters(), env.SECRETS_PREFIX, clock)),
  ...{ waits, clock, log, metrics, pause },
};

export const handler = fifoBatch({ client: sqs, url: env.LANE_QUEUE }, (lane, records) =>
  runLane(lane, records.map(laneMessageOf), deps),
);
