/** What keyed writes remember, in DynamoDB: one conditional write, which also answers what stands in its way. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IdempotencyRecord, IdempotencyStore } from '../../core/ports.ts';
import { Items, keyItem } from './items.ts';
import { idempotencyKey } from './keys.ts';

const KEPT_MS = 24 * 3_600_000;

export class DynamoIdempotencyStore implements IdempotencyStore {
  readonly #items: Items;

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async claim(key: string, record: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined> {
    const item = {
      ...keyItem(idempotencyKey(key)),
      record: { S: JSON.stringify(record) },
      at: { N: String(now) },
      // The table's own clock removes it, some time after it has stopped to count.
      expiresAt: { N: String(Math.ceil((now + KEPT_MS) / 1000)) },
    };
    return this.#items.claim(item, {
      ConditionExpression: 'attribute_not_exists(pk) OR #at <= :old',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':old': { N: String(now - KEPT_MS) } },
    });
  }
}
