/** Mails: each recipient's in order, each claimed, written and sent once. */
import { dynamoClient, sesClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoMailIndex } from '../../adapters/aws/dynamo-mail-index.ts';
import { DynamoSends } from '../../adapters/aws/dynamo-sends.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { SesMailOut } from '../../adapters/aws/ses-mail-out.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { SsmSecrets } from '../../adapters/aws/ssm-secrets.ts';
import { deliverInOrder } from '../../core/delivery/deliver-in-order.ts';
import type { MailJob } from '../../core/delivery/send.ts';
import { bucketBlobs } from '../runtime/blobs.ts';
import { clock } from '../runtime/clock.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { metrics } from '../runtime/metrics.ts';
import { parameters } from '../runtime/parameters.ts';
import { bodyOf, fifoBatch } from '../runtime/queue-batch.ts';

const resources = ['THREAD_TABLE', 'LANE_QUEUE', 'MAIL_QUEUE', 'BLOB_BUCKET'] as const;
const env = readEnvironment(...resources, 'POLICY_FOLDER', 'SECRETS_PREFIX', 'CONFIGURATION_SET', 'API_URL');
const [dynamo, sqs] = [dynamoClient(), sqsClient()];
const blobs = bucketBlobs(env.BLOB_BUCKET);
const deps = {
  threads: new DynamoThreadStore(dynamo, env.THREAD_TABLE),
  policies: new LayerPolicies(env.POLICY_FOLDER, dynamo, env.THREAD_TABLE),
  sends: new DynamoSends(dynamo, env.THREAD_TABLE),
  mailIndex: new DynamoMailIndex(dynamo, env.THREAD_TABLE),
  mailOut: new SesMailOut(sesClient(), env.CONFIGURATION_SET, blobs),
  lanes: new SqsLanes(sqs, env.LANE_QUEUE),
  secrets: new SsmSecrets(parameters(), env.SECRETS_PREFIX, clock),
  baseUrl: () => env.API_URL,
  ...{ blobs, clock, log, metrics },
};

export const handler = fifoBatch({ client: sqs, url: env.MAIL_QUEUE }, (_lane, records) =>
  deliverInOrder(records.map(bodyOf) as MailJob[], deps),
);
