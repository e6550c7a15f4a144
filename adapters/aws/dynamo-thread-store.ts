/** Threads in DynamoDB: a commit is one transaction, a load one strongly consistent read. */
import { isDeepStrictEqual } from 'node:util';
import {
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { isFounding, messageIdOf } from '../../core/ids.ts';
import type { ThreadStore } from '../../core/ports.ts';
import type {
  Commit,
  CommitResult,
  DueThread,
  Outcome,
  Page,
  PageRequest,
  ThreadList,
} from '../../core/thread/commit.ts';
import { type Entry, entriesOf, type LogItem } from '../../core/thread/entry.ts';
import { decodeHead, encodeHead } from '../../core/thread/stored-head.ts';
import type { Thread } from '../../core/thread/thread.ts';
import { calling } from './calling.ts';
import { dueThreads } from './dynamo-due.ts';
import { listThreads } from './dynamo-lists.ts';
import { asRead, cancellationCodes, cancelledForNow, type Item, Items, keyItem } from './items.ts';
import * as keys from './keys.ts';
import { decodeLogItem, encodeLogItem } from './log-codec.ts';
import { readStoredText, storedText } from './stored-text.ts';

const ABSENT = 'attribute_not_exists(pk)';
const LOG_READ_MAX = 1_000;

export class DynamoThreadStore implements ThreadStore {
  readonly #items: Items;
  /** Teams, with their business, that this process knows to be noted. */
  readonly #teams = new Set<string>();

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async load(threadId: string): Promise<Thread | undefined> {
    const item = await this.#items.read(keys.headKey(threadId));
    return item && this.headOf(threadId, item);
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const { threadId, change } = commit;
    const founding = commit.outcomes.find(({ command }) => isFounding(threadId, command));
    if (commit.expectedSeq > 0 && (await this.#isDecided(threadId, founding))) return duplicate(founding);
    if (change !== null) await this.#noteTeam(change.thread);
    const outcomes = commit.outcomes.filter((one) => !isImplied(one, commit));
    const writes = [...this.#headAndLog(commit), ...outcomes.map((one) => this.#outcomeItem(threadId, one))];
    try {
      await calling(() => this.#items.client.send(new TransactWriteItemsCommand({ TransactItems: writes })));
      return { result: 'committed' };
    } catch (failure) {
      if (isTooLarge(failure)) return { result: 'too-large' };
      if (!(failure instanceof TransactionCanceledException)) throw failure;
      const result = resultOf(failure, { change, outcomes });
      const isRepeated = result.result === 'conflict' && (await this.#isDecided(threadId, founding));
      return isRepeated ? duplicate(founding) : result;
    }
  }

  async outcome(threadId: string, commandId: string): Promise<Outcome | undefined> {
    const item = await this.#items.read(keys.commandKey(threadId, commandId));
    if (item !== undefined) return JSON.parse(readStoredText(item)) as Outcome;
    if (!isFounding(threadId, commandId)) return undefined;
    const [first] = await this.log(threadId, 0, 1);
    const isDecided = first?.decisions.some(({ command }) => command === commandId) ?? false;
    return isDecided ? impliedOutcome(threadId, commandId, first?.lastSeq ?? 0) : undefined;
  }

  async logItem(threadId: string, lastSeq: number): Promise<LogItem | undefined> {
    // What is there never changes, so a read that may lag does, for half; only what it misses is asked for again.
    const key = keys.logKey(threadId, lastSeq);
    const item = (await this.#items.read(key, { isConsistent: false })) ?? (await this.#items.read(key));
    return item && decodeLogItem(threadId, lastSeq, readStoredText(item));
  }

  async log(threadId: string, after: number, limit: number): Promise<LogItem[]> {
    const found: LogItem[] = [];
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await calling(() =>
        this.#items.client.send(
          new QueryCommand({
            TableName: this.#items.table,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: {
              ':pk': { S: keys.threadPk(threadId) },
              ':from': { S: keys.logSk(after + 1) },
              ':to': { S: keys.LOG_END },
            },
            Limit: Math.min(limit - found.length, LOG_READ_MAX),
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        ),
      );
      found.push(
        ...Items.map((item) => decodeLogItem(threadId, keys.seqOfLogSk(text(item, 'sk')), readStoredText(item))),
      );
      from = LastEvaluatedKey;
    } while (from !== undefined && found.length < limit);
    return found;
  }

  list(list: ThreadList, page: PageRequest): Promise<Page<Thread>> {
    const headOf = (threadId: string, item: Item) => this.headOf(threadId, item);
    return listThreads(list, page, { items: this.#items, headOf });
  }

  due(until: number, page: PageRequest): Promise<Page<DueThread>> {
    return dueThreads(until, page, this.#items);
  }

  /** The thread of a head item; one of another version is made from its log. */
  headOf(threadId: string, item: Item): Promise<Thread> {
    const entries = async (): Promise<Entry[]> =>
      (await this.log(threadId, 0, Number.MAX_SAFE_INTEGER)).flatMap(entriesOf);
    return decodeHead(threadId, readStoredText(item), entries);
  }

  async #isDecided(threadId: string, one: { command: string } | undefined): Promise<boolean> {
    return one !== undefined && (await this.outcome(threadId, one.command)) !== undefined;
  }

  /** The head as it was read: replaced where there is a change, else only looked at. */
  #headAndLog({ threadId, expectedSeq, change }: Commit): TransactWriteItem[] {
    const TableName = this.#items.table;
    const condition = asRead(expectedSeq);
    if (change === null) {
      return [{ ConditionCheck: { TableName, Key: keyItem(keys.headKey(threadId)), ...condition } }];
    }
    const { thread, logItem } = change;
    const log = { ...keyItem(keys.logKey(threadId, logItem.lastSeq)), ...storedText(encodeLogItem(threadId, logItem)) };
    return [
      { Put: { TableName, Item: headItemOf(thread), ...condition } },
      { Put: { TableName, Item: log, ConditionExpression: ABSENT } },
    ];
  }

  #outcomeItem(threadId: string, { command, outcome }: Commit['outcomes'][number]): TransactWriteItem {
    const Item = { ...keyItem(keys.commandKey(threadId, command)), ...storedText(JSON.stringify(outcome)) };
    return { Put: { TableName: this.#items.table, Item, ConditionExpression: ABSENT } };
  }

  /** Before the first thread of a team: lists of all teams ask those that are noted, also such as a policy once had. */
  async #noteTeam({ business, team }: Thread): Promise<void> {
    if (team === null || this.#teams.has(`${business} ${team}`)) return;
    const Item = keyItem({ pk: keys.teamsPk(business), sk: team });
    await calling(() => this.#items.client.send(new PutItemCommand({ TableName: this.#items.table, Item })));
    this.#teams.add(`${business} ${team}`);
  }
}

/** A head as the table holds it, with what the indexes find it by. */
export function headItemOf(thread: Thread): Item {
  return {
    ...keyItem(keys.headKey(thread.id)),
    seq: { N: String(thread.seq) },
    ...storedText(encodeHead(thread)),
    ...strings(keys.indexKeysOf(thread)),
  };
}

/**
 * What became of a command that founded its thread, as it nearly always does. The first log item says so: it is not
 * written down a second time, which would be a quarter of what such a commit writes.
 */
function impliedOutcome(thread: string, command: string, logSeq: number): Outcome {
  return { status: 'done', thread, messageId: messageIdOf(command), logSeq };
}

function isImplied(
  { command, outcome }: Commit['outcomes'][number],
  { threadId, expectedSeq, change }: Commit,
): boolean {
  if (expectedSeq > 0 || change === null || !isFounding(threadId, command)) return false;
  const implied = impliedOutcome(threadId, command, change.logItem.lastSeq);
  const isLogged = change.logItem.decisions.some((decision) => decision.command === command);
  return isLogged && isDeepStrictEqual(outcome, implied);
}

function duplicate(one: { command: string } | undefined): CommitResult {
  return { result: 'duplicate', commands: one === undefined ? [] : [one.command] };
}

/** What a cancelled transaction says, reason by reason: first of the head and log, then of each outcome. */
function resultOf(
  failure: TransactionCanceledException,
  { change, outcomes }: Pick<Commit, 'change' | 'outcomes'>,
): CommitResult {
  const codes = cancellationCodes(failure);
  const first = change === null ? 1 : 2;
  const duplicates = outcomes.filter((_, index) => codes[first + index] === 'ConditionalCheckFailed');
  if (duplicates.length > 0) return { result: 'duplicate', commands: duplicates.map(({ command }) => command) };
  if (codes.slice(0, first).includes('ConditionalCheckFailed')) return { result: 'conflict' };
  if (codes.includes('ItemCollectionSizeLimitExceeded') || codes.includes('ValidationError'))
    return { result: 'too-large' };
  throw cancelledForNow(failure);
}

/** An item over 400 KB or a transaction over 4 MB is refused before any condition is looked at. */
function isTooLarge(failure: unknown): boolean {
  return failure instanceof Error && failure.name === 'ValidationException' && /size/i.test(failure.message);
}

function strings(values: keys.IndexKeys): Item {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { S: value }]));
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? '';
}
