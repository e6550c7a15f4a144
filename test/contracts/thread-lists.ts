/** What every thread store's lists do. They may lag behind the commits. */
import { expect, it } from 'vitest';
import { InvalidCursor } from '../../core/failures.ts';
import type { ThreadStore } from '../../core/ports.ts';
import { blankThread, type Thread } from '../../core/thread/thread.ts';
import { aThreadId, DAY, HOUR, MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCommit, aHead, commandId } from './commits.ts';

export function listContract(make: () => Promise<ThreadStore>): void {
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

  it('lists all of a business, the last one started first, and of some teams alone', async () => {
    const store = await make();
    const team = `team-${commandId()}`;
    const threads = [aHead({ id: aThreadId(), team, status: 'closed' }), aHead({ id: aThreadId(), team })];
    for (const thread of threads) await store.commit(aCommit(thread));
    const all = { by: 'business', business: 'acme', teams: null } as const;
    const ids = threads.map(({ id }) => id).reverse();
    const seen = async (list: Parameters<ThreadStore['list']>[0]) => {
      const found: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const page = await store.list(list, { limit: 1, after });
        found.push(...page.items.map(({ id }) => id));
        after = page.next;
        more = after !== null && found.length < ids.length;
      }
      return found;
    };
    await eventually(async () => expect(await seen(all)).toEqual(ids));
    expect(await seen({ ...all, teams: [team] })).toEqual(ids);
    expect(await seen({ ...all, teams: ['nowhere'] })).toEqual([]);
  });

  it('lists what an agent owns, until it is solved', async () => {
    const store = await make();
    const assignee = `agent-${commandId()}`;
    const thread = aHead({ id: aThreadId(), assignee });
    await store.commit(aCommit(thread));
    const list = { by: 'assignee', business: 'acme', assignee, teams: null } as const;
    await eventually(async () => expect((await store.list(list, PAGE)).items.map(({ id }) => id)).toEqual([thread.id]));
    expect((await store.list({ ...list, teams: ['elsewhere'] }, PAGE)).items).toEqual([]);
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

export function dueContract(make: () => Promise<ThreadStore>): void {
  it('finds all that is due, each page earliest first, and not what is due no more', async () => {
    const store = await make();
    // So many that some share a partition, wherever a store has several.
    const threads = Array.from({ length: 24 }, (_, n) => {
      return aHead({ id: aThreadId(), closeAt: ((n * 7) % 24) * 1000, generation: n });
    });
    for (const thread of threads) await store.commit(aCommit(thread));
    await store.commit(aCommit(aHead({ id: aThreadId(), closeAt: 100_000 })));
    await store.commit(aCommit(aHead({ id: aThreadId() })));
    const dueBy = async (until: number) => {
      const found = [];
      for (let after: string | null = null, more = true; more; ) {
        const page = await store.due(until, { limit: 5, after });
        const instants = page.items.map(({ dueAt }) => dueAt);
        expect(instants).toEqual([...instants].sort((a, b) => a - b));
        found.push(...page.items);
        after = page.next;
        more = after !== null;
      }
      return found.sort((a, b) => a.dueAt - b.dueAt);
    };
    const expected = threads
      .map(({ id, closeAt, generation }) => ({ thread: id, dueAt: closeAt, generation }))
      .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
    await eventually(async () => expect(await dueBy(50_000)).toEqual(expected));
    expect(await dueBy(1999)).toEqual(expected.slice(0, 2));
    expect(await dueBy(2000)).toEqual(expected.slice(0, 3));
    const [first] = threads;
    if (first !== undefined) await store.commit(aCommit({ ...first, seq: 2, closeAt: null, generation: 100 }));
    await eventually(async () => expect(await dueBy(50_000)).toEqual(expected.slice(1)));
  });
}
