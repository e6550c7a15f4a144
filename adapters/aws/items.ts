/** Items of the one table, and what its stores ask of it in the same way. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  type TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { TransientFailure } from '../../core/failures.ts';
import { calling } from './calling.ts';
import type { Key } from './keys.ts';

export type Item = Record<string, AttributeValue>;

const BATCH_GET_MAX = 100;
const BATCH_TRIES_MAX = 5;
const BATCH_PAUSE_MS = 50;

export class Items {
  readonly client: DynamoDBClient;
  readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  /** As it is now; `isConsistent: false` may lag, for half the price. */
  async read(key: Key, { isConsistent = true } = {}): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: keyItem(key), ConsistentRead: isConsistent });
    return (await calling(() => this.client.send(command))).Item;
  }

  /** Those of them that are there, in any order. No key may be asked for twice. */
  async readAll(keys: Key[], { isConsistent = true } = {}): Promise<Item[]> {
    const found: Item[] = [];
    for (let from = 0; from < keys.length; from += BATCH_GET_MAX) {
      let Keys: Item[] = keys.slice(from, from + BATCH_GET_MAX).map(keyItem);
      for (let tries = 1; Keys.length > 0; tries += 1) {
        if (tries > BATCH_TRIES_MAX) throw new TransientFailure('UnprocessedKeys');
        if (tries > 1) await new Promise((resolve) => setTimeout(resolve, BATCH_PAUSE_MS * 2 ** (tries - 2)));
        const RequestItems = { [this.table]: { Keys, ConsistentRead: isConsistent } };
        const command = new BatchGetItemCommand({ RequestItems });
        const { Responses = {}, UnprocessedKeys = {} } = await calling(() => this.client.send(command));
        found.push(...(Responses[this.table] ?? []));
        Keys = UnprocessedKeys[this.table]?.Keys ?? [];
      }
    }
    return found;
  }

  /** Puts an item with its `record`, unless the condition finds another there. @returns that other's record */
  async claim<T>(Item: Item, condition: Partial<PutItemCommandInput>): Promise<T | undefined> {
    const ReturnValuesOnConditionCheckFailure = 'ALL_OLD' as const;
    const input = { TableName: this.table, Item, ...condition, ReturnValuesOnConditionCheckFailure };
    try {
      await calling(() => this.client.send(new PutItemCommand(input)));
      return undefined;
    } catch (failure) {
      const known = failure instanceof ConditionalCheckFailedException ? failure.Item?.['record']?.S : undefined;
      if (known === undefined) throw failure;
      return JSON.parse(known) as T;
    }
  }
}

export function keyItem({ pk, sk }: Key): { pk: { S: string }; sk: { S: string } } {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** The condition that an item is as it was read: with this `seq`, or not there. */
export function asRead(seq: number) {
  if (seq === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return { ConditionExpression: 'seq = :seq', ExpressionAttributeValues: { ':seq': { N: String(seq) } } };
}

/** Why a transaction was cancelled, write by write; `None` where a write stood in nobody's way. */
export function cancellationCodes(failure: TransactionCanceledException): (string | undefined)[] {
  return (failure.CancellationReasons ?? []).map(({ Code }) => Code);
}

/** A cancelled transaction of which no condition was to blame: it may be tried again. */
export function cancelledForNow(failure: TransactionCanceledException): TransientFailure {
  const code = cancellationCodes(failure).find((one) => one !== 'None');
  return new TransientFailure(code ?? failure.name, { cause: failure });
}
