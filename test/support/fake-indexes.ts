/** The indexes of the table and its heads, as DynamoDB answers for them. */
import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { AwsClientStub } from 'aws-sdk-client-mock';
import { headKey, indexKeysOf, teamsPk } from '../../adapters/aws/keys.ts';
import { storedText } from '../../adapters/aws/stored-text.ts';
import { encodeHead } from '../../core/thread/stored-head.ts';
import type { Thread } from '../../core/thread/thread.ts';
import { anAwsFailure } from './aws-sdk.ts';

type Item = Record<string, AttributeValue>;

export class FakeIndexes {
  /** Heads, by their partition key. */
  readonly #heads = new Map<string, Item>();
  /** What the indexes hold, which may lag. */
  readonly #entries: Item[] = [];
  /** A page of an index ends after so many entries, however many were asked for. */
  pageMax = 1_000;
  /** So many keys of a batch are answered. */
  batchMax = 100;

  constructor(dynamo: AwsClientStub<DynamoDBClient>) {
    dynamo.on(QueryCommand).callsFake(async (input: QueryCommandInput) => this.#query(input));
    dynamo.on(BatchGetItemCommand).callsFake(async (input: BatchGetItemCommandInput) => this.#batchGet(input));
  }

  /** Puts a head and, in the indexes, what `indexed` is found by. */
  put(thread: Thread, indexed: Thread | null = thread): void {
    const { pk, sk } = headKey(thread.id);
    const key = { pk: { S: pk }, sk: { S: sk } };
    this.#heads.set(pk, { ...key, ...storedText(encodeHead(thread)) });
    if (indexed === null) return;
    const found = Object.entries(indexKeysOf(indexed)).map(([name, value]) => [name, { S: value }]);
    this.#entries.push({ ...key, ...Object.fromEntries(found) });
    const team = { pk: { S: teamsPk(thread.business) }, sk: { S: thread.team ?? '' } };
    if (thread.team !== null && !this.#entries.some((item) => isDeepStrictEqual(item, team))) this.#entries.push(team);
  }

  /** Takes the head of a thread away, and leaves it in the indexes. */
  forget(thread: Thread): void {
    this.#heads.delete(headKey(thread.id).pk);
  }

  #query(input: QueryCommandInput): { Items: Item[]; LastEvaluatedKey?: Item } {
    const { IndexName, Limit = 1_000, ScanIndexForward = true, ExclusiveStartKey: start } = input;
    const { ':p': partition, ':s': after, ':pk': pk } = input.ExpressionAttributeValues ?? {};
    const sort = input.ExpressionAttributeNames?.['#s'] ?? sortOf(IndexName);
    const direction = ScanIndexForward ? 1 : -1;
    const placeOf = (item: Item) => item[sort]?.S ?? '';
    const isAfter = (a: string, b: string | undefined) =>
      b === undefined || (a < b ? -direction : direction * +(a > b)) > 0;
    const rows = this.#entries
      .filter((item) => (IndexName === undefined ? item['pk']?.S === pk?.S : item[IndexName]?.S === partition?.S))
      .filter((item) => IndexName === undefined || isAfter(placeOf(item), after?.S))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -direction : direction))
      .filter((item) => start === undefined || isAfter(placeOf(item), start[sort]?.S));
    const Items = rows.slice(0, Math.min(Limit, this.pageMax));
    const last = Items.at(-1);
    return { Items, ...(Items.length < rows.length && last !== undefined ? { LastEvaluatedKey: last } : {}) };
  }

  #batchGet({ RequestItems = {} }: BatchGetItemCommandInput) {
    const [[table = '', { Keys = [] } = {}] = []] = Object.entries(RequestItems);
    const asked = Keys.map(({ pk }) => pk?.S ?? '');
    if (new Set(asked).size < asked.length || asked.length > 100) {
      throw anAwsFailure('ValidationException', {
        status: 400,
        message: 'Provided list of item keys contains duplicates',
      });
    }
    const found = asked.slice(0, this.batchMax).map((pk) => this.#heads.get(pk));
    const Responses = { [table]: found.filter((item) => item !== undefined) };
    const left = Keys.slice(this.batchMax);
    return { Responses, UnprocessedKeys: left.length === 0 ? {} : { [table]: { Keys: left } } };
  }
}

function sortOf(index: string | undefined): string {
  if (index === undefined) return 'sk';
  return index === 'inbox' || index === 'assignee' ? 'place' : 'pk';
}
