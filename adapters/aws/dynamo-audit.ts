/** The table as an auditor reads it: a scan finds the threads, past every index, and with the owner's credentials. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { claimedBusinessOf } from '../../core/ids.ts';
import { encodeHead } from '../../core/thread/stored-head.ts';
import type { Thread } from '../../core/thread/thread.ts';
import type { Audit, Bearings, StoredThread } from '../../core/upkeep/audit.ts';
import { notedTeams } from './dynamo-lists.ts';
import { DynamoThreadStore, headItemOf } from './dynamo-thread-store.ts';
import { asRead, type Item, Items, keyItem } from './items.ts';
import { headKey, teamsPk, threadIdOfPk } from './keys.ts';
import { readStoredText } from './stored-text.ts';

const LOOKS_MAX = 3;
/** What a head item holds that is not for finding it. */
const OWN = ['pk', 'sk', 'text', 'packed'];

export class DynamoAudit implements Audit {
  readonly #items: Items;
  readonly #threads: DynamoThreadStore;
  readonly #teams = new Map<string, Promise<Set<string>>>();

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
    this.#threads = new DynamoThreadStore(client, table);
  }

  async *threadIds(): AsyncIterable<string> {
    let from: Item | undefined;
    let last: string | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#items.client.send(
        new ScanCommand({
          TableName: this.#items.table,
          ProjectionExpression: 'pk',
          FilterExpression: 'sk = :head OR begins_with(sk, :log)',
          ExpressionAttributeValues: { ':head': { S: 'HEAD' }, ':log': { S: 'LOG#' } },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      for (const { pk } of Items) {
        const id = threadIdOfPk(pk?.S ?? '');
        if (id !== last) yield id; // items of one partition come together
        last = id;
      }
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }

  /** The log between two looks at the head: where they are the same, it belongs to it. */
  async stored(threadId: string): Promise<StoredThread | undefined> {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const head = await this.#items.read(headKey(threadId));
      const log = await this.#threads.log(threadId, 0, Number.MAX_SAFE_INTEGER);
      const after = await this.#items.read(headKey(threadId));
      if (head?.['seq']?.N !== after?.['seq']?.N) continue;
      if (head === undefined) return { id: threadId, log, head, bearings: {} };
      const text = readStoredText(head);
      const { team = null } = JSON.parse(text) as Partial<Thread>;
      const noted = team !== null && (await this.#teamsOf(claimedBusinessOf(threadId))).has(team);
      return { id: threadId, log, head: text, bearings: { ...bearingsOf(head), teamIsNoted: noted ? 1 : 0 } };
    }
    return undefined;
  }

  expected(thread: Thread): Pick<StoredThread, 'head' | 'bearings'> {
    const bearings = { ...bearingsOf(headItemOf(thread)), teamIsNoted: thread.team === null ? 0 : 1 };
    return { head: encodeHead(thread), bearings };
  }

  async repair(thread: Thread, found: StoredThread): Promise<boolean> {
    const seq = found.head === undefined ? 0 : Number(found.bearings['seq']);
    try {
      await this.#put(headItemOf(thread), asRead(seq));
      if (thread.team !== null) await this.#put(keyItem({ pk: teamsPk(thread.business), sk: thread.team }));
      return true;
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) return false;
      throw failure;
    }
  }

  async #put(Item: Item, condition: Partial<PutItemCommandInput> = {}): Promise<void> {
    await this.#items.client.send(new PutItemCommand({ TableName: this.#items.table, Item, ...condition }));
  }

  /** The teams that lists of all teams ask. */
  #teamsOf(business: string): Promise<Set<string>> {
    const known = this.#teams.get(business) ?? notedTeams(business, this.#items).then((teams) => new Set(teams));
    this.#teams.set(business, known);
    return known;
  }
}

function bearingsOf(head: Item): Bearings {
  const kept = Object.entries(head).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(kept.map(([name, { S, N }]) => [name, S ?? Number(N)]));
}
