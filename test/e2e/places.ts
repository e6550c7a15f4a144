/** Fresh tables, queues, buses and buckets in the emulated account, made like those of the stack. */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { AwsClient } from 'aws4fetch';
import { inject } from 'vitest';
import { dynamoClient, eventBridgeClient, sqsClient } from '../../adapters/aws/clients.ts';
import { REGION } from './commands.ts';

const { endpoint, outputs } = inject('deployment');
const [dynamo, sqs, events] = [dynamoClient(), sqsClient(), eventBridgeClient()];
const OWNER = { accessKeyId: 'test', secretAccessKey: 'test' };
const QUEUE_ATTRIBUTES: QueueAttributeName[] = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
  'VisibilityTimeout',
];

function freshName(): string {
  return `contract-${randomUUID()}`;
}

/** A table with the keys and indexes of the deployed one. @returns its name */
export async function aTable(): Promise<string> {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: outputs['ThreadTable'] }));
  const TableName = freshName();
  const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => {
    return { IndexName, KeySchema, Projection };
  });
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      GlobalSecondaryIndexes: indexes,
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return TableName;
}

/** A queue with the attributes of one of the stack's. @returns its URL */
export async function aQueue(like: 'LanesQueue' | 'MailsQueue' | 'WaitsQueue'): Promise<string> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: outputs[like], AttributeNames: ['All'] });
  const { Attributes = {} } = await sqs.send(asked);
  const own = Object.entries(Attributes).filter(([name]) => QUEUE_ATTRIBUTES.includes(name as QueueAttributeName));
  const QueueName = freshName() + (Attributes['FifoQueue'] === 'true' ? '.fifo' : '');
  const command = new CreateQueueCommand({ QueueName, Attributes: Object.fromEntries(own) });
  return (await sqs.send(command)).QueueUrl ?? '';
}

/** @returns its name */
export async function aBus(): Promise<string> {
  const Name = freshName();
  await events.send(new CreateEventBusCommand({ Name }));
  return Name;
}

/** @returns its name */
export async function aBucket(): Promise<string> {
  const name = freshName();
  await asked(new AwsClient({ ...OWNER, region: REGION, service: 's3' }), `${endpoint}/${name}`, { method: 'PUT' });
  return name;
}

/** Somebody who may use S3, and whose signatures are looked at: those of the account's owner are not. */
export async function aUser(): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const iam = new AwsClient({ ...OWNER, region: REGION, service: 'iam' });
  const UserName = freshName();
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  });
  const call = (Action: string, more = {}) => {
    const body = new URLSearchParams({ Action, Version: '2010-05-08', UserName, ...more }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return asked(iam, endpoint, { method: 'POST', headers, body });
  };
  await call('CreateUser');
  await call('PutUserPolicy', { PolicyName: 'blobs', PolicyDocument });
  const answer = await call('CreateAccessKey');
  const textOf = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(answer)?.[1] ?? '';
  return { accessKeyId: textOf('AccessKeyId'), secretAccessKey: textOf('SecretAccessKey') };
}

async function asked(client: AwsClient, url: string, init: RequestInit): Promise<string> {
  const answer = await client.fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${text}`);
  return text;
}
