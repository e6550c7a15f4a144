/** An emulated account with what the functions work on, made as the stack's template says. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateConfigurationSetCommand, CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ParameterStore } from '../../adapters/aws/parameter-store.ts';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { secretsPrefixOf, type Variable } from '../../lambdas/runtime/environment.ts';
import { writePolicies } from '../../lib/constructs/policies-layer.ts';
import { aTemplate, resourcesOf } from '../../test/support/stack.ts';

const STACK = 'Cost';

type TableShape = Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes'>;

/** Makes everything, and tells the functions' variables. */
export async function openAccount(all: Policy[], secrets: BusinessSecrets): Promise<Record<Variable, string>> {
  const [[, table] = ['', { Properties: {} }]] = resourcesOf(aTemplate(), 'AWS::DynamoDB::GlobalTable');
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = table.Properties as unknown as TableShape;
  const keys = { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
  const dynamo = new DynamoDBClient();
  await dynamo.send(new CreateTableCommand({ TableName: 'threads', BillingMode: 'PAY_PER_REQUEST', ...keys }));
  await new EventBridgeClient().send(new CreateEventBusCommand({ Name: 'events' }));
  const ses = new SESv2Client();
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'acme.example' }));
  await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: 'mails' }));
  const store = new ParameterStore(secretsPrefixOf(STACK));
  for (const { id } of all) await store.write(id, secrets);
  const policies = join(mkdtempSync(join(tmpdir(), 'meanwhile-cost-')), 'policies');
  writePolicies(policies, all);
  const [lanes, mails, waits, mailEvents, inboundMails] = await Promise.all(
    ['lanes.fifo', 'mails.fifo', 'waits', 'mail-events', 'inbound-mails'].map(aQueue),
  );
  return {
    THREAD_TABLE: 'threads',
    LANE_QUEUE: lanes ?? '',
    MAIL_QUEUE: mails ?? '',
    WAIT_QUEUE: waits ?? '',
    MAIL_EVENT_QUEUE: mailEvents ?? '',
    INBOUND_MAIL_QUEUE: inboundMails ?? '',
    EVENT_BUS: 'events',
    BLOB_BUCKET: 'blobs',
    FILE_SCAN: 'off',
    POLICY_FOLDER: policies,
    SECRETS_PREFIX: secretsPrefixOf(STACK),
    CONFIGURATION_SET: 'mails',
    API_URL: 'https://api.example',
  };
}

async function aQueue(QueueName: string): Promise<string> {
  const Attributes = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const { QueueUrl = '' } = await new SQSClient().send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}
