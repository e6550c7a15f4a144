/** What every thread store does. */
import { describe, expect, it } from 'vitest';
import { InvalidCursor } from '../../core/failures.ts';
import type { ThreadStore } from '../../core/ports.ts';
import type { Commit, Outcome } from '../../core/thread/commit.ts';
import type { LogItem } from '../../core/thread/entry.ts';
import { LOG_SCHEMA } from '../../core/thread/entry.ts';
import { blankThread, type Thread } from '../../core/thread/thread.ts';
import { aThreadId, DAY, HOUR, MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';

const DONE: Outcome = { status: 'done', thread: 'x', logSeq: 1 };

let commands = 0;
/** A command id that no other test has. */
function commandId(): string {
  commands += 1;
  return `cmd_acme_${aThreadId()}_${commands}`;
}

function aHead(changes: Partial<Thread> & { id: string }): Thread {
  const { id, customer, ...rest } = changes;
  return {
    ...blankThread(id, MONDAY),
    seq: 1,
    customer: { ...blankThread(id, 0).customer, id: 'c1', ...customer },
    ...rest,
  };
}

function aCommit(thread: Thread, changes: Partial<Commit> = {}): Commit {
  const logItem: LogItem = { schema: LOG_SCHEMA, lastSeq: thread.seq, decisions: [] };
  const outcomes = [{ command: commandId(), outcome: { ...DONE, thread: thread.id, logSeq: thread.seq } }];
  return { threadId: thread.id, expectedSeq: thread.seq - 1, change: { thread, logItem }, outcomes, ...changes };
}

export function threadStoreContract(name: string, make: () => Promise<ThreadStore>): void {
  describe(`${name} as a thread store`, () => {
    it('has nothing of what was never committed', async () => {
      const store = await make();
      expect(await store.load(aThreadId())).toBeUndefined();
      expect(await store.outcome(commandId())).toBeUndefined();
      expect(await store.logItem(aThreadId(), 1)).toBeUndefined();
      expect(await store.log(aThreadId(), 0, 10)).toEqual([]);
    });

    it('gives back head, log item and outcome of a commit', async () => {
      const store = await make();
      const thread = aHead({ id: aThreadId(), subject: 'Ümläut 😀', tags: ['a'] });
      const commit = aCommit(thread);
      expect(await store.commit(commit)).toEqual({ result: 'committed' });
      expect(await store.load(thread.id)).toEqual(thread);
      expect(await store.log(thread.id, 0, 10)).toEqual([commit.change?.logItem]);
      expect(await store.logItem(thread.id, 1)).toEqual(commit.change?.logItem);
      const [first] = commit.outcomes;
      expect(await store.outcome(first?.command ?? '')).toEqual(first?.outcome);
    });

    it('answers a command that was decided before as a duplicate, and writes nothing', async () => {
      const store = await make();
      const first = aCommit(aHead({ id: aThreadId() }));
      await store.commit(first);
      const repeated = first.outcomes[0]?.command ?? '';
      const other = commandId();
      const second = aCommit(aHead({ id: first.threadId, seq: 2, subject: 'second' }), {
        outcomes: [repeated, other].map((command) => ({ command, outcome: DONE })),
      });
      expect(await store.commit(second)).toEqual({ result: 'duplicate', commands: [repeated] });
      expect((await store.load(first.threadId))?.subject).toBe('');
      expect(await store.outcome(other)).toBeUndefined();
      expect(await store.logItem(first.threadId, 2)).toBeUndefined();
    });

    it('answers a commit on a thread that moved as a conflict, and writes nothing', async () => {
      const store = await make();
      const id = aThreadId();
      await store.commit(aCommit(aHead({ id })));
      const stale = aCommit(aHead({ id, seq: 1, subject: 'stale' }));
      expect(await store.commit(stale)).toEqual({ result: 'conflict' });
      const early = aCommit(aHead({ id, seq: 3 }));
      expect(await store.commit(early)).toEqual({ result: 'conflict' });
      expect((await store.load(id))?.subject).toBe('');
      expect(await store.outcome(stale.outcomes[0]?.command ?? '')).toBeUndefined();
    });

    it('lets one of two concurrent commits win', async () => {
      const store = await make();
      const id = aThreadId();
      const results = await Promise.all([0, 1, 2].map(() => store.commit(aCommit(aHead({ id })))));
      expect(results.map(({ result }) => result).sort()).toEqual(['committed', 'conflict', 'conflict']);
    });

    it('keeps outcomes of commands that changed nothing, even where there is no thread', async () => {
      const store = await make();
      const rejected: Outcome = { status: 'rejected', thread: 'x', reason: { code: 'a', detail: 'b' }, logSeq: null };
      const command = commandId();
      const commit = {
        threadId: aThreadId(),
        expectedSeq: 0,
        change: null,
        outcomes: [{ command, outcome: rejected }],
      };
      expect(await store.commit(commit)).toEqual({ result: 'committed' });
      expect(await store.outcome(command)).toEqual(rejected);
      expect(await store.commit(commit)).toEqual({ result: 'duplicate', commands: [command] });
    });

    it('reads the log after any entry, in order, in pieces', async () => {
      const store = await make();
      const id = aThreadId();
      const lastSeqs = [2, 5, 11];
      let expectedSeq = 0;
      for (const seq of lastSeqs) {
        await store.commit(aCommit(aHead({ id, seq }), { expectedSeq }));
        expectedSeq = seq;
      }
      const seqsAfter = async (after: number, limit = 10) =>
        (await store.log(id, after, limit)).map((item) => item.lastSeq);
      expect(await seqsAfter(0)).toEqual([2, 5, 11]);
      expect(await seqsAfter(3)).toEqual([5, 11]);
      expect(await seqsAfter(5)).toEqual([11]);
      expect(await seqsAfter(11)).toEqual([]);
      expect(await seqsAfter(0, 2)).toEqual([2, 5]);
    });

    listContract(make);
    dueContract(make);
  });
}

function listContract(make: () => Promise<ThreadStore>): void {
  const PAGE = { limit: 10, after: null };

  it('lists a customer’s threads, newest first, page by page, and nobody else’s', async () => {
    const store = await make();
    const customer = `c-${commandId()}`;
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const thread = aHead({
        id: aThreadId(customer, MONDAY + n),
        customer: { ...blankThread('', 0).customer, id: customer },
      });
      ids.unshift(thread.id);
      await store.commit(aCommit(thread));
    }
    await store.commit(aCommit(aHead({ id: aThreadId() })));
    const list = { by: 'customer', business: 'acme', customer } as const;
    await eventually(async () => expect((await store.list(list, PAGE)).items.map(({ id }) => id)).toEqual(ids));
    const first = await store.list(list, { limit: 2, after: null });
    const second = await store.list(list, { limit: 2, after: first.next });
    const third = await store.list(list, { limit: 2, after: second.next });
    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect(third.next).toBeNull();
    expect((await store.list({ ...list, business: 'other' }, PAGE)).items).toEqual([]);
  });

  it('lists the inbox by class and team, whoever waits longest first', async () => {
    const store = await make();
    const team = `team-${commandId()}`;
    const place = async (waitingSince: number | null, changes: Partial<Thread> = {}) => {
      const thread = aHead({ id: aThreadId(), team, waitingSince, ...changes });
      await store.commit(aCommit(thread));
      return thread.id;
    };
    const late = await place(MONDAY + HOUR);
    const early = await place(MONDAY - DAY);
    const owned = await place(MONDAY, { assignee: 'ana' });
    const solved = await place(null, { status: 'solved' });
    await place(MONDAY, { team: 'elsewhere' });
    const inbox = { by: 'inbox', business: 'acme', teams: [team], first: 'oldest' } as const;
    const idsOf = async (list: Parameters<ThreadStore['list']>[0]) =>
      (await store.list(list, PAGE)).items.map(({ id }) => id);
    await eventually(async () => expect(await idsOf({ ...inbox, classes: ['u', 'w'] })).toEqual([early, owned, late]));
    expect(await idsOf({ ...inbox, classes: ['u'] })).toEqual([early, late]);
    expect(await idsOf({ ...inbox, classes: ['u'], first: 'newest' })).toEqual([late, early]);
    expect(await idsOf({ ...inbox, classes: ['s'] })).toEqual([solved]);
    expect(await idsOf({ ...inbox, teams: [team, 'elsewhere'], classes: ['u'] })).toHaveLength(3);
    expect(await idsOf({ ...inbox, teams: null, classes: ['u', 'w', 's'] })).toEqual(
      expect.arrayContaining([early, owned, late, solved]),
    );
  });

  it('lists what an agent owns, until it is solved', async () => {
    const store = await make();
    const assignee = `agent-${commandId()}`;
    const thread = aHead({ id: aThreadId(), assignee });
    await store.commit(aCommit(thread));
    const list = { by: 'assignee', business: 'acme', assignee } as const;
    await eventually(async () => expect((await store.list(list, PAGE)).items.map(({ id }) => id)).toEqual([thread.id]));
    await store.commit(aCommit({ ...thread, seq: 2, status: 'solved' }));
    await eventually(async () => expect((await store.list(list, PAGE)).items).toEqual([]));
  });

  it('skips nothing when threads come in between two pages', async () => {
    const store = await make();
    const team = `team-${commandId()}`;
    const place = async (waitingSince: number) => {
      const thread = aHead({ id: aThreadId(), team, waitingSince });
      await store.commit(aCommit(thread));
      return thread.id;
    };
    const ids = [await place(MONDAY), await place(MONDAY + 2), await place(MONDAY + 4)];
    const list = { by: 'inbox', business: 'acme', teams: [team], classes: ['u'], first: 'oldest' } as const;
    await eventually(async () => expect((await store.list(list, PAGE)).items).toHaveLength(3));
    const first = await store.list(list, { limit: 2, after: null });
    await place(MONDAY + 1);
    await place(MONDAY + 3);
    const rest = await store.list(list, { limit: 10, after: first.next });
    const seen = [...first.items, ...rest.items].map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  it.each(['', 'x', '[]', '{"a":1}', '["a",{}]'])('refuses %j as a cursor', async (after) => {
    const store = await make();
    const list = { by: 'customer', business: 'acme', customer: 'c1' } as const;
    await expect(store.list(list, { limit: 1, after })).rejects.toThrow(InvalidCursor);
  });
}

function dueContract(make: () => Promise<ThreadStore>): void {
  it('finds what is due, earliest first, page by page, and not what is due no more', async () => {
    const store = await make();
    const threads = [3, 1, 2].map((n) => aHead({ id: aThreadId(), closeAt: n * 1000, generation: n }));
    for (const thread of threads) await store.commit(aCommit(thread));
    await store.commit(aCommit(aHead({ id: aThreadId(), closeAt: 10_000 })));
    await store.commit(aCommit(aHead({ id: aThreadId() })));
    const own = new Set(threads.map(({ id }) => id));
    const dueBy = async (until: number) => {
      const found = [];
      for (let after: string | null = null, more = true; more; ) {
        const page = await store.due(until, { limit: 2, after });
        found.push(...page.items.filter(({ thread }) => own.has(thread)));
        after = page.next;
        more = after !== null;
      }
      return found;
    };
    await eventually(async () => expect((await dueBy(3000)).map(({ generation }) => generation)).toEqual([1, 2, 3]));
    expect(await dueBy(1999)).toEqual([{ thread: threads[1]?.id, dueAt: 1000, generation: 1 }]);
    const [first] = threads;
    if (first !== undefined) await store.commit(aCommit({ ...first, seq: 2, closeAt: null, generation: 4 }));
    await eventually(async () => expect((await dueBy(3000)).map(({ dueAt }) => dueAt)).toEqual([1000, 2000]));
  });
}
