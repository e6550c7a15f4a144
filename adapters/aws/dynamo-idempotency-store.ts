/** What keyed writes remember, in DynamoDB: one conditional write, which also answers what stands in its way. */
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { IdempotencyRecord, IdempotencyStore } from '../../core/ports.ts';
import { calling } from './calling.ts';
import { idempotencyKey } from './keys.ts';

const KEPT_MS = 24 * 3_600_000;

export class DynamoIdempotencyStore implements IdempotencyStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async claim(key: string, record: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined> {
    const { pk, sk } = idempotencyKey(key);
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: {
        pk: { S: pk },
        sk: { S: sk },
        record: { S: JSON.stringify(record) },
        at: { N: String(now) },
        // The table's own clock removes it, some time after it has stopped to count.
        expiresAt: { N: String(Math.ceil((now + KEPT_MS) / 1000)) },
      },
      ConditionExpression: 'attribute_not_exists(pk) OR #at <= :old',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':old': { N: String(now - KEPT_MS) } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await calling(() => this.#client.send(command));
      return undefined;
    } catch (failure) {
      const known = failure instanceof ConditionalCheckFailedException ? failure.Item?.['record']?.S : undefined;
      if (known === undefined) throw failure;
      return JSON.parse(known) as IdempotencyRecord;
    }
  }
}
