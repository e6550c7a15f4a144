/**
 * Pools in DynamoDB: a commit is one transaction of the head and its rows. A row that waits lies in its team's queue a
 * second time, under what it is served by: so a queue is read in order, and as it is now.
 */
import {
  type DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { PoolCommit, PoolStore } from '../../core/ports.ts';
import { busyOf, type Pool, placeInQueue, queueOf, type Row } from '../../core/team/pool.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import { calling } from './calling.ts';
import { asRead, cancellationCodes, cancelledForNow, type Item, Items, keyItem } from './items.ts';
import { poolDueKeysOf, poolKey, poolPk, queueKey, queuePrefix, ROWS, rowKey } from './keys.ts';
import { readStoredText, storedText } from './stored-text.ts';

/** So long a thread that needs nobody is remembered, for what may still come late. */
const GONE_SECONDS = 86_400;

export class DynamoPoolStore implements PoolStore {
  readonly #items: Items;

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async load(pool: string): Promise<Pool | undefined> {
    const item = await this.#items.read(poolKey(pool));
    return item && (JSON.parse(readStoredText(item)) as Pool);
  }

  async rows(pool: string, threads: string[]): Promise<Row[]> {
    return (await this.#items.readAll(threads.map((thread) => rowKey(pool, thread)))).map(rowOf);
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
    const Item = { ...head, seq: { N: String(pool.seq) } };
    const Put = { TableName: this.#items.table, Item, ...asRead(expectedSeq) };
    const TransactItems = [{ Put }, ...rows.flatMap((one) => this.#rowWrites(pool.id, one))];
    try {
      await calling(() => this.#items.client.send(new TransactWriteItemsCommand({ TransactItems })));
      return 'committed';
    } catch (failure) {
      if (!(failure instanceof TransactionCanceledException)) throw failure;
      if (cancellationCodes(failure)[0] === 'ConditionalCheckFailed') return 'conflict';
      throw cancelledForNow(failure);
    }
  }

  #query(pool: string, prefix: string, more: { Limit?: number; ExclusiveStartKey?: Item } = {}) {
    const command = new QueryCommand({
      TableName: this.#items.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: poolPk(pool) }, ':prefix': { S: prefix } },
      ...more,
    });
    return calling(() => this.#items.client.send(command));
  }

  /** The row and, where it is in another place of another queue than before, its places there. */
  #rowWrites(pool: string, { row, before }: PoolCommit['rows'][number]): TransactWriteItem[] {
    const TableName = this.#items.table;
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
