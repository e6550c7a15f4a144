/**
 * By what mails are found again, in DynamoDB: an item a key, which the table removes once it has stopped to count. No
 * function may delete anything: what is removed is emptied.
 */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { MailRecord } from '../../core/inbound/mail-index.ts';
import type { MailIndex } from '../../core/ports.ts';
import { calling } from './calling.ts';
import { Items, keyItem } from './items.ts';
import { mailKey } from './keys.ts';

const KEPT_MS = 400 * 86_400_000;
const NAMES = { '#record': 'record' };

export class DynamoMailIndex implements MailIndex {
  readonly #items: Items;

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async claim(key: string, record: MailRecord): Promise<MailRecord | undefined> {
    const item = {
      ...keyItem(mailKey(key)),
      record: { S: JSON.stringify(record) },
      expiresAt: { N: String(Math.ceil((record.at + KEPT_MS) / 1000)) },
    };
    return this.#items.claim(item, {
      ConditionExpression: 'attribute_not_exists(#record)',
      ExpressionAttributeNames: NAMES,
    });
  }

  async find(key: string): Promise<MailRecord | undefined> {
    const record = (await this.#items.read(mailKey(key)))?.['record']?.S;
    return record === undefined ? undefined : (JSON.parse(record) as MailRecord);
  }

  async remove(key: string): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#items.table,
      Key: keyItem(mailKey(key)),
      UpdateExpression: 'REMOVE #record',
      ExpressionAttributeNames: NAMES,
    });
    await calling(() => this.#items.client.send(command));
  }
}
