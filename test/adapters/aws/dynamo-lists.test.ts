import { BatchGetItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DynamoThreadStore } from '../../../adapters/aws/dynamo-thread-store.ts';
import { InvalidCursor, TransientFailure } from '../../../core/failures.ts';
import { isListed, type ThreadList } from '../../../core/thread/commit.ts';
import { type InboxClass, inboxSinceOf, type Thread } from '../../../core/thread/thread.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { aHead } from '../../contracts/commits.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';
import { FakeIndexes } from '../../support/fake-indexes.ts';

const dynamo = mockClient(DynamoDBClient);
const store = new DynamoThreadStore(new DynamoDBClient(NOWHERE), 'Table');
let table: FakeIndexes;

const CLASSES: readonly InboxClass[] = ['u', 'w', 'n', 'o', 'z', 's'];
const INBOX = { by: 'inbox', business: 'acme', teams: null, classes: CLASSES, first: 'oldest' } as const;
const EVERY = { by: 'business', business: 'acme', teams: null } as const;

const aThread = (changes: Partial<Thread> = {}) => aHead({ id: aThreadId(), ...changes });
const idsOf = (threads: Thread[]) => threads.map(({ id }) => id);

/** A whole list, page after page; `between` runs after each page. */
async function everyPage(list: ThreadList, limit: number, between = () => {}): Promise<Thread[]> {
  const found: Thread[] = [];
  for (let after: string | null = null, more = true; more; more = after !== null) {
    const page = await store.list(list, { limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items);
    after = page.next;
    between();
  }
  return found;
}

/** The order of a list, told without keys. */
function inOrder(list: ThreadList, threads: Thread[]): string[] {
  const isByPlace = list.by === 'inbox' || list.by === 'assignee';
  const placeOf = (thread: Thread) => (isByPlace ? inboxSinceOf(thread) : 0);
  const ascending = threads
    .filter((thread) => isListed(list, thread))
    .sort((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
  const isAscending = list.by === 'assignee' || (list.by === 'inbox' && list.first === 'oldest');
  return idsOf(isAscending ? ascending : ascending.reverse());
}

const anyHead = fc.record({
  team: fc.constantFrom('billing', 'support', null),
  assignee: fc.constantFrom('ana', 'ben', null),
  waitingSince: fc.option(fc.integer({ min: MONDAY, max: MONDAY + 20 })),
  status: fc.constantFrom('open', 'solved', 'closed', 'new'),
  snooze: fc.option(fc.constant({ until: null })),
  placedAt: fc.integer({ min: MONDAY, max: MONDAY + 20 }),
}) as fc.Arbitrary<Partial<Thread>>;

const anyList: fc.Arbitrary<ThreadList> = fc.constantFrom<ThreadList>(
  INBOX,
  { ...INBOX, first: 'newest', classes: ['s'] },
  { ...INBOX, teams: ['billing'], classes: ['u', 'w'] },
  { ...INBOX, teams: ['billing', 'support', 'billing'] },
  { by: 'assignee', business: 'acme', assignee: 'ana', teams: null },
  { by: 'assignee', business: 'acme', assignee: 'ana', teams: ['support'] },
  { by: 'customer', business: 'acme', customer: 'c1' },
  EVERY,
  { ...EVERY, teams: ['support'] },
);

beforeEach(() => {
  dynamo.reset();
  table = new FakeIndexes(dynamo);
});
afterEach(() => vi.useRealTimers());

describe('lists of threads in DynamoDB', () => {
  it('hold every thread that belongs to them once, in order, however they are spread and cut into pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyHead, { maxLength: 40 }),
        anyList,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        async (heads, list, limit, pageMax) => {
          dynamo.reset();
          table = new FakeIndexes(dynamo);
          table.pageMax = pageMax;
          const threads = heads.map(aThread);
          for (const thread of threads) table.put(thread);
          expect(idsOf(await everyPage(list, limit))).toEqual(inOrder(list, threads));
        },
      ),
    );
  });

  it('skip no thread while others come in and move on', async () => {
    const waiting = Array.from({ length: 12 }, (_, index) => aThread({ waitingSince: MONDAY + index * 10 }));
    for (const thread of waiting) table.put(thread);
    let arrivals = 0;
    const found = await everyPage(INBOX, 5, () => {
      arrivals += 1;
      if (arrivals < 4) table.put(aThread({ waitingSince: MONDAY + arrivals }));
    });
    expect(idsOf(found)).toEqual(expect.arrayContaining(idsOf(waiting)));
  });

  it('leave out what has moved away or is gone, and fill the page up with what follows', async () => {
    const [gone, moved] = [aThread({ waitingSince: MONDAY }), aThread({ waitingSince: MONDAY + 1 })];
    const rest = [2, 3, 4].map((later) => aThread({ waitingSince: MONDAY + later }));
    for (const thread of [gone, ...rest]) table.put(thread);
    table.put({ ...moved, status: 'closed', waitingSince: null }, moved);
    table.forget(gone);
    const page = await store.list(INBOX, { limit: 3, after: null });
    expect(idsOf(page.items)).toEqual(idsOf(rest));
  });

  it('bear a thread that is found in two places, because it moves from one to the other meanwhile', async () => {
    const before = aThread({ waitingSince: MONDAY });
    const after = { ...before, assignee: 'ana' };
    table.put(after, before);
    table.put(after);
    expect(idsOf(await everyPage(INBOX, 10))).toEqual([after.id]);
  });

  it('end a page of which nothing is left at some time, and tell where to go on', async () => {
    const wanted = aThread({ team: 'billing' });
    table.put(wanted);
    for (let index = 0; index < 50; index += 1) table.put(aThread({ team: 'support' }));
    const list = { ...EVERY, teams: ['billing'] };
    const first = await store.list(list, { limit: 2, after: null });
    expect(first).toEqual({ items: [], next: expect.any(String) });
    expect(dynamo.commandCalls(BatchGetItemCommand).length).toBeLessThanOrEqual(10);
    expect(idsOf(await everyPage(list, 2))).toEqual([wanted.id]);
  });

  it('ask for every team that ever had a thread, over as many pages as they take, and for none', async () => {
    const teams = Array.from({ length: 12 }, (_, index) => `team-${index}`);
    for (const team of [...teams, null]) table.put(aThread({ team }));
    table.pageMax = 5;
    expect(new Set((await everyPage(INBOX, 100)).map(({ team }) => team))).toEqual(new Set([...teams, null]));
  });

  it('never ask more than 25 partitions at once', async () => {
    let [running, most] = [0, 0];
    dynamo.on(QueryCommand).callsFake(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return {};
    });
    await store.list({ ...INBOX, teams: ['a', 'b', 'c'] }, { limit: 1, after: null });
    expect(most).toBe(25);
    expect(dynamo.commandCalls(QueryCommand)).toHaveLength(3 * CLASSES.length * 4);
  });
});

describe('heads that DynamoDB leaves for later', () => {
  const limit = 20;
  beforeEach(() => {
    vi.useFakeTimers();
    for (let index = 0; index < limit; index += 1) table.put(aThread());
  });

  it('are asked for again', async () => {
    table.batchMax = 6;
    const listing = store.list(EVERY, { limit, after: null });
    await vi.runAllTimersAsync();
    expect((await listing).items).toHaveLength(limit);
    const asked = dynamo.commandCalls(BatchGetItemCommand).map(({ args: [{ input }] }) => input);
    expect(asked.map(({ RequestItems }) => RequestItems?.['Table']?.Keys?.length)).toEqual([20, 14, 8, 2]);
  });

  it('are not asked for for ever', async () => {
    table.batchMax = 0;
    const listing = expect(store.list(EVERY, { limit, after: null })).rejects.toThrow(TransientFailure);
    await vi.runAllTimersAsync();
    await listing;
    expect(dynamo.commandCalls(BatchGetItemCommand)).toHaveLength(5);
  });
});

describe('cursors of lists', () => {
  const place = `["${'0'.repeat(15)}#${'0'.repeat(26)}"]`;
  const key = `["acme#THREAD#${'0'.repeat(44)}"]`;

  it.each([
    ...['', 'x', '5', 'null', '[]', '[""]', '[5]', '{"0":"a"}', '["a","b"]', '["a"]'],
    // Longer than a sort key may be, and so an error of DynamoDB.
    `["${'�'.repeat(700)}"]`,
    `["${'0'.repeat(1_025)}"]`,
  ])('are nothing that somebody made up: %j', async (after) => {
    for (const list of [INBOX, EVERY])
      await expect(store.list(list, { limit: 1, after })).rejects.toThrow(InvalidCursor);
    expect(dynamo.calls()).toEqual([]);
  });

  it('are of lists that are sorted alike', async () => {
    await expect(store.list(INBOX, { limit: 1, after: key })).rejects.toThrow(InvalidCursor);
    await expect(store.list(EVERY, { limit: 1, after: place })).rejects.toThrow(InvalidCursor);
    expect((await store.list(INBOX, { limit: 1, after: place })).items).toEqual([]);
    expect((await store.list(EVERY, { limit: 1, after: key })).items).toEqual([]);
  });
});

it('lists can be asked for again where DynamoDB is throttling', async () => {
  dynamo.onAnyCommand().rejects(anAwsFailure('ThrottlingException', { status: 400 }));
  await expect(store.list(EVERY, { limit: 1, after: null })).rejects.toThrow(TransientFailure);
});
