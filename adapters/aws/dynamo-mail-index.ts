/**
 * By what mails are found again, in DynamoDB: an item a key, which the table removes once it has stopped to count. No
 * function may delete anything: what is removed is emptied.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { MailRecord } from '../../core/inbound/mail-index.ts';
import type { MailIndex } from '../../core/ports.ts';
import { calling } from './calling.ts';
import { mailKey } from './keys.ts';

const KEPT_MS = 400 * 86_400_000;
const NAMES = { '#record': 'record' };

export class DynamoMailIndex implements MailIndex {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async claim(key: string, record: MailRecord): Promise<MailRecord | undefined> {
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: {
        ...keyOf(key),
        record: { S: JSON.stringify(record) },
        expiresAt: { N: String(Math.ceil((record.at + KEPT_MS) / 1000)) },
      },
      ConditionExpression: 'attribute_not_exists(#record)',
      ExpressionAttributeNames: NAMES,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await calling(() => this.#client.send(command));
      return undefined;
    } catch (failure) {
      const known = failure instanceof ConditionalCheckFailedException ? failure.Item?.['record']?.S : undefined;
      if (known === undefined) throw failure;
      return JSON.parse(known) as MailRecord;
    }
  }

  async find(key: string): Promise<MailRecord | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: keyOf(key), ConsistentRead: true });
    const { Item } = await calling(() => this.#client.send(command));
    const record = Item?.['record']?.S;
    return record === undefined ? undefined : (JSON.parse(record) as MailRecord);
  }

  async remove(key: string): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: keyOf(key),
      UpdateExpression: 'REMOVE #record',
      ExpressionAttributeNames: NAMES,
    });
    await calling(() => this.#client.send(command));
  }
}

function keyOf(key: string) {
  const { pk, sk } = mailKey(key);
  return { pk: { S: pk }, sk: { S: sk } };
}
