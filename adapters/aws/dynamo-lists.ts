/**
 * Lists over the indexes. A list is spread over partitions (shards, classes, teams), each of which is sorted: so many
 * of each are read, merged by what they are sorted by, and their heads fetched. Lists lag behind the commits; a head
 * that does not belong to the list any more is left out.
 */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvalidCursor } from '../../core/failures.ts';
import { isListed, type Page, type PageRequest, type ThreadList } from '../../core/thread/commit.ts';
import type { Thread } from '../../core/thread/thread.ts';
import { calling } from './calling.ts';
import type { Item, Items } from './items.ts';
import * as keys from './keys.ts';

export interface ListSource {
  items: Items;
  headOf: (threadId: string, item: Item) => Promise<Thread>;
}

/** Partitions of one index, and how they are read. */
interface Spread {
  index: 'inbox' | 'assignee' | 'customer' | 'business';
  /** The index's sort key. */
  sort: 'place' | 'pk';
  partitions: string[];
  isAscending: boolean;
}

/** Partitions asked side by side. */
const SIDE_BY_SIDE = 25;
/** A page of which much is left out is filled up by so many more reads at most. */
const ROUNDS_MAX = 10;

export async function listThreads(list: ThreadList, page: PageRequest, source: ListSource): Promise<Page<Thread>> {
  const isByPlace = list.by === 'inbox' || list.by === 'assignee';
  let next = page.after === null ? null : cursorOf(page.after, isByPlace ? keys.PLACE : keys.PK);
  const spread = await spreadOf(list, source);
  const items: Thread[] = [];
  for (let round = 0; round < ROUNDS_MAX && items.length < page.limit; round += 1) {
    const found = await mergedKeys(spread, next, page.limit - items.length, source);
    const heads = await headsOf(found.pks, source);
    items.push(...heads.filter((thread) => isListed(list, thread)));
    next = found.next;
    if (next === null) break;
  }
  return { items, next: next === null ? null : JSON.stringify([next]) };
}

async function spreadOf(list: ThreadList, source: ListSource): Promise<Spread> {
  const { business } = list;
  if (list.by === 'customer') {
    return { index: 'customer', sort: 'pk', partitions: [`${business}#${list.customer}`], isAscending: false };
  }
  if (list.by === 'assignee') {
    return { index: 'assignee', sort: 'place', partitions: [`${business}#${list.assignee}`], isAscending: true };
  }
  if (list.by === 'business') {
    const partitions = shards(keys.BUSINESS_SHARDS).map((shard) => keys.businessPartition(business, shard));
    return { index: 'business', sort: 'pk', partitions, isAscending: false };
  }
  const teams = list.teams ?? [null, ...(await notedTeams(business, source.items))];
  const partitions = [...new Set(teams)].flatMap((team) =>
    list.classes.flatMap((one) =>
      shards(keys.INBOX_SHARDS).map((shard) => keys.inboxPartition(business, team, one, shard)),
    ),
  );
  return { index: 'inbox', sort: 'place', partitions, isAscending: list.first === 'oldest' };
}

/** The first keys after a place, of all partitions together. @returns `next`: the last one's place, if any are left */
async function mergedKeys(
  spread: Spread,
  after: string | null,
  limit: number,
  source: ListSource,
): Promise<{ pks: string[]; next: string | null }> {
  const answers = await sideBySide(spread.partitions, (partition) => keysOf(spread, partition, after, limit, source));
  const direction = spread.isAscending ? 1 : -1;
  const found = answers
    .flatMap(({ entries }) => entries)
    .sort((a, b) => (a.place < b.place ? -direction : a.place > b.place ? direction : 0));
  const shown = found.slice(0, limit);
  const hasMore = found.length > limit || answers.some(({ hasMore }) => hasMore);
  // A thread that moves just now may be found in two partitions, and a batch get refuses to get it twice.
  const pks = [...new Set(shown.map(({ pk }) => pk))];
  return { pks, next: hasMore ? (shown.at(-1)?.place ?? null) : null };
}

/** The first so many keys of a partition after a place: fewer only at its end, or the merge would skip others. */
async function keysOf(spread: Spread, partition: string, after: string | null, limit: number, source: ListSource) {
  const { index, sort, isAscending } = spread;
  const comes = isAscending ? '>' : '<';
  const entries: { pk: string; place: string }[] = [];
  let from: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: source.items.table,
      IndexName: index,
      KeyConditionExpression: after === null ? '#p = :p' : `#p = :p AND #s ${comes} :s`,
      ExpressionAttributeNames: { '#p': index, ...(after === null ? {} : { '#s': sort }) },
      ExpressionAttributeValues: { ':p': { S: partition }, ...(after === null ? {} : { ':s': { S: after } }) },
      ScanIndexForward: isAscending,
      Limit: limit - entries.length,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await calling(() => source.items.client.send(command));
    entries.push(...Items.map((item) => ({ pk: item['pk']?.S ?? '', place: item[sort]?.S ?? '' })));
    from = LastEvaluatedKey;
  } while (from !== undefined && entries.length < limit);
  return { entries, hasMore: from !== undefined };
}

/** The heads of these threads, in this order; what is there no more is left out. */
async function headsOf(pks: string[], { items, headOf }: ListSource): Promise<Thread[]> {
  const read = await items.readAll(
    pks.map((pk) => ({ pk, sk: 'HEAD' })),
    { isConsistent: false },
  );
  const found = new Map(read.map((item) => [item['pk']?.S ?? '', item]));
  const there = pks.flatMap((pk) => {
    const item = found.get(pk);
    return item === undefined ? [] : [{ pk, item }];
  });
  return Promise.all(there.map(({ pk, item }) => headOf(keys.threadIdOfPk(pk), item)));
}

/** Every team that ever had a thread, also such as the policy does not have any more. */
export async function notedTeams(business: string, { client, table }: Items): Promise<string[]> {
  const teams: string[] = [];
  let from: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: keys.teamsPk(business) } },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await calling(() => client.send(command));
    teams.push(...Items.map((item) => item['sk']?.S ?? ''));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return teams;
}

async function sideBySide<T, R>(inputs: T[], work: (input: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < inputs.length; from += SIDE_BY_SIDE) {
    results.push(...(await Promise.all(inputs.slice(from, from + SIDE_BY_SIDE).map(work))));
  }
  return results;
}

function shards(count: number): number[] {
  return Array.from({ length: count }, (_, shard) => shard);
}

/** @throws {InvalidCursor} where it is none of a list that is sorted by this */
function cursorOf(after: string, sortKey: RegExp): string {
  try {
    const values: unknown = JSON.parse(after);
    if (Array.isArray(values) && values.length === 1 && typeof values[0] === 'string' && sortKey.test(values[0]))
      return values[0];
  } catch {}
  throw new InvalidCursor('The cursor is not one of this list.');
}
