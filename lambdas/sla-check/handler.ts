/** Time: once a minute the sweep hands near timers to the wait queue; those whose wait is over go to their lanes. */
import type { SQSEvent } from 'aws-lambda';
import { dynamoClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { SqsWaitQueue } from '../../adapters/aws/sqs-wait-queue.ts';
import type { DueThread } from '../../core/thread/commit.ts';
import { OverdueTimers } from '../../core/timer/overdue.ts';
import { sweep, waitIsOver } from '../../core/timer/timers.ts';
import { clock } from '../runtime/clock.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { metrics, withMetrics } from '../runtime/metrics.ts';
import { eachMessage } from '../runtime/queue-batch.ts';

const env = readEnvironment('THREAD_TABLE', 'LANE_QUEUE', 'WAIT_QUEUE', 'POLICY_FOLDER');
const [dynamo, sqs] = [dynamoClient(), sqsClient()];
const threads = new DynamoThreadStore(dynamo, env.THREAD_TABLE);
const policies = new LayerPolicies(env.POLICY_FOLDER, dynamo, env.THREAD_TABLE);
const waits = new SqsWaitQueue(sqs, env.WAIT_QUEUE, clock);
const lanes = new SqsLanes(sqs, env.LANE_QUEUE);
const sweeping = { threads, policies, waits, overdue: new OverdueTimers(), clock, log, metrics };
const waitsOver = eachMessage({ client: sqs, url: env.WAIT_QUEUE }, (timer) =>
  waitIsOver(timer as DueThread, { lanes, policies, clock }),
);

export const handler = (event: SQSEvent | { sweep: true }) =>
  'sweep' in event ? withMetrics(() => sweep(sweeping)) : waitsOver(event);
