/** What SES tells of mails after it took them: settles their sends, or tells their threads. */
import { dynamoClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoMailIndex } from '../../adapters/aws/dynamo-mail-index.ts';
import { DynamoSends } from '../../adapters/aws/dynamo-sends.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { providerEventOf } from '../../adapters/aws/ses-event.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { recordProviderEvent } from '../../core/delivery/provider-event.ts';
import { clock } from '../runtime/clock.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { eachMessage } from '../runtime/queue-batch.ts';

const env = readEnvironment('THREAD_TABLE', 'LANE_QUEUE', 'MAIL_EVENT_QUEUE', 'POLICY_FOLDER');
const [dynamo, sqs] = [dynamoClient(), sqsClient()];
const deps = {
  sends: new DynamoSends(dynamo, env.THREAD_TABLE),
  mailIndex: new DynamoMailIndex(dynamo, env.THREAD_TABLE),
  lanes: new SqsLanes(sqs, env.LANE_QUEUE),
  policies: new LayerPolicies(env.POLICY_FOLDER, dynamo, env.THREAD_TABLE),
  clock,
};

export const handler = eachMessage({ client: sqs, url: env.MAIL_EVENT_QUEUE }, async (body) => {
  const event = providerEventOf(body);
  if (event !== undefined) await recordProviderEvent(event, deps);
});
