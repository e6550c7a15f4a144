/**
 * Pools in DynamoDB: a commit is one transaction of the head and its rows. A row that waits lies in its team's queue a
 * second time, under what it is served by: so a queue is read in order, and as it is now.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { TransientFailure } from '../../core/failures.ts';
import type { PoolCommit, PoolStore } from '../../core/ports.ts';
import { busyOf, type Pool, placeInQueue, queueOf, type Row } from '../../core/team/pool.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import { calling } from './calling.ts';
import { poolDueKeysOf, poolKey, poolPk, queueKey, queuePrefix, ROWS, rowKey } from './keys.ts';
import { readStoredText, storedText } from './stored-text.ts';

type Item = Record<string, AttributeValue>;

/** So long a thread that needs nobody is remembered, for what may still come late. */
const GONE_SECONDS = 86_400;
const BATCH_MAX = 100;

export class DynamoPoolStore implements PoolStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async load(pool: string): Promise<Pool | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: keyItem(poolKey(pool)), ConsistentRead: true });
    const { Item } = await calling(() => this.#client.send(command));
    return Item && (JSON.parse(readStoredText(Item)) as Pool);
  }

  async rows(pool: string, threads: string[]): Promise<Row[]> {
    const found: Row[] = [];
    let wanted = threads.map((thread) => keyItem(rowKey(pool, thread)));
    while (wanted.length > 0) {
      const Keys = wanted.splice(0, BATCH_MAX);
      const command = new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } });
      const { Responses = {}, UnprocessedKeys = {} } = await calling(() => this.#client.send(command));
      found.push(...(Responses[this.#table] ?? []).map(rowOf));
      const left = UnprocessedKeys[this.#table]?.Keys ?? [];
      if (left.length === Keys.length) throw new TransientFailure('Throttled.');
      wanted = [...left, ...wanted];
    }
    return found;
  }

  async queue(
    { pool, epoch, team }: { pool: string; epoch: number; team: string },
    { limit, after }: PageRequest,
  ): Promise<Page<Row>> {
    const prefix = queuePrefix(epoch, team);
    const { Items = [], LastEvaluatedKey } = await this.#query(pool, prefix, {
      Limit: limit,
      ...(after === null ? {} : { ExclusiveStartKey: keyItem({ pk: poolPk(pool), sk: `${prefix}${after}` }) }),
    });
    return { items: Items.map(rowOf), next: LastEvaluatedKey?.['sk']?.S?.slice(prefix.length) ?? null };
  }

  /** Reads all rows: somebody who goes away for longer does so seldom. */
  async held(pool: string, agent: string): Promise<Row[]> {
    const found: Row[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#query(pool, ROWS, from && { ExclusiveStartKey: from });
      found.push(...Items.map(rowOf).filter((row) => busyOf(row)?.agent === agent));
      from = LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  }

  async commit({ pool, expectedSeq, rows }: PoolCommit): Promise<'committed' | 'conflict'> {
    const head = { ...keyItem(poolKey(pool.id)), ...storedText(JSON.stringify(pool)), ...poolDueKeysOf(pool) };
    const condition =
      expectedSeq === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'seq = :seq', ExpressionAttributeValues: { ':seq': { N: String(expectedSeq) } } };
    const Put = { TableName: this.#table, Item: { ...head, seq: { N: String(pool.seq) } }, ...condition };
    const TransactItems = [{ Put }, ...rows.flatMap((one) => this.#rowWrites(pool.id, one))];
    try {
      await calling(() => this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
      return 'committed';
    } catch (failure) {
      if (!(failure instanceof TransactionCanceledException)) throw failure;
      const codes = (failure.CancellationReasons ?? []).map(({ Code }) => Code);
      if (codes[0] === 'ConditionalCheckFailed') return 'conflict';
      throw new TransientFailure(codes.find((code) => code !== 'None') ?? failure.name, { cause: failure });
    }
  }

  #query(pool: string, prefix: string, more: { Limit?: number; ExclusiveStartKey?: Item } = {}) {
    const command = new QueryCommand({
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: poolPk(pool) }, ':prefix': { S: prefix } },
      ...more,
    });
    return calling(() => this.#client.send(command));
  }

  /** The row and, where it is in another place of another queue than before, its places there. */
  #rowWrites(pool: string, { row, before }: PoolCommit['rows'][number]): TransactWriteItem[] {
    const TableName = this.#table;
    const text = storedText(JSON.stringify(row));
    const goneAt = row.seat.state === 'gone' ? Math.floor(row.at / 1000) + GONE_SECONDS : undefined;
    const expiry = goneAt === undefined ? {} : { expiresAt: { N: String(goneAt) } };
    const [left, joined] = [before && placeOf(pool, before), placeOf(pool, row)];
    return [
      { Put: { TableName, Item: { ...keyItem(rowKey(pool, row.thread)), ...text, ...expiry } } },
      ...(left !== undefined && left.sk !== joined?.sk ? [{ Delete: { TableName, Key: keyItem(left) } }] : []),
      ...(joined === undefined ? [] : [{ Put: { TableName, Item: { ...keyItem(joined), ...text } } }]),
    ];
  }
}

function placeOf(pool: string, row: Row) {
  const team = queueOf(row);
  return team === undefined ? undefined : queueKey(pool, { epoch: row.epoch, team }, placeInQueue(row));
}

function rowOf(item: Item): Row {
  return JSON.parse(readStoredText(item)) as Row;
}

function keyItem({ pk, sk }: { pk: string; sk: string }): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
