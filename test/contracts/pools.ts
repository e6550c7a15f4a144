/** What every store of pools does. */
import { describe, expect, it } from 'vitest';
import type { PoolStore, ThreadStore } from '../../core/ports.ts';
import { blankPool, type Pool, type Row } from '../../core/team/pool.ts';
import { poolIdOf } from '../../core/team/pool-command.ts';
import type { Seat } from '../../core/team/seat.ts';
import { aThreadId, MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCommit, aHead } from './commits.ts';

let businesses = 0;
/** The pool of a business that no other test has. */
function aPool(changes: Partial<Pool> = {}): Pool {
  businesses += 1;
  return { ...blankPool(poolIdOf(`pools-${Date.now().toString(36)}-${businesses}`)), seq: 1, epoch: 1, ...changes };
}

function waiting(since: number, changes: Partial<Seat & { state: 'waiting' }> = {}): Seat {
  const seat = { state: 'waiting', team: 'support', priority: 'normal', since, channel: 'api' } as const;
  return { ...seat, skills: [], formerly: null, ...changes };
}

function aRow(seat: Seat, changes: Partial<Row> = {}): Row {
  return { thread: aThreadId(), seq: 1, epoch: 1, seat, at: MONDAY, offer: null, refusals: 0, ...changes };
}

const PAGE = { limit: 100, after: null };

export function poolStoreContract(name: string, make: () => Promise<{ pools: PoolStore; threads: ThreadStore }>): void {
  /** Commits a pool, and rows that were not there before. */
  async function keep(pools: PoolStore, pool: Pool, rows: Row[]): Promise<void> {
    const commit = { pool, expectedSeq: pool.seq - 1, rows: rows.map((row) => ({ row, before: undefined })) };
    expect(await pools.commit(commit)).toBe('committed');
  }

  describe(`${name} as a store of pools`, () => {
    it('has nothing of a pool that was never committed', async () => {
      const { pools } = await make();
      const { id } = aPool();
      expect(await pools.load(id)).toBeUndefined();
      expect(await pools.rows(id, [aThreadId()])).toEqual([]);
      expect(await pools.held(id, 'ana')).toEqual([]);
      expect(await pools.queue({ pool: id, epoch: 1, team: 'support' }, PAGE)).toEqual({ items: [], next: null });
    });

    it('gives back what was committed, of as many threads as are asked for', async () => {
      const { pools } = await make();
      const pool = aPool({ queued: { support: 1 } });
      const rows = Array.from({ length: 40 }, () => aRow({ state: 'gone' }));
      await keep(pools, pool, rows);
      expect(await pools.load(pool.id)).toEqual(pool);
      const found = await pools.rows(pool.id, [...rows.map(({ thread }) => thread), aThreadId()]);
      const byThread = (a: Row, b: Row) => (a.thread < b.thread ? -1 : 1);
      expect(found.sort(byThread)).toEqual(rows.sort(byThread));
    });

    it('serves a queue by priority, then by who has waited longest, page by page', async () => {
      const { pools } = await make();
      const pool = aPool();
      const [late, early, urgent, low] = [
        aRow(waiting(2_000)),
        aRow(waiting(999)),
        aRow(waiting(3_000, { priority: 'urgent' })),
        aRow(waiting(1, { priority: 'low' })),
      ];
      const others = [
        aRow(waiting(1, { team: 'billing' })),
        aRow(waiting(1), { epoch: 2 }),
        aRow(waiting(1), { offer: { id: 'offer', agent: 'ana' } }),
        aRow({ state: 'held', team: 'support', agent: 'ana', channel: 'api' }),
      ];
      await keep(pools, pool, [late, early, urgent, low, ...others]);
      const queue = { pool: pool.id, epoch: 1, team: 'support' };
      expect((await pools.queue(queue, PAGE)).items).toEqual([urgent, early, late, low]);
      const first = await pools.queue(queue, { limit: 3, after: null });
      expect(first.items).toEqual([urgent, early, late]);
      expect((await pools.queue(queue, { limit: 3, after: first.next })).items).toEqual([low]);
      expect((await pools.queue({ ...queue, team: 'sup' }, PAGE)).items).toEqual([]);
    });

    it('moves a row from its place to another, and out of the queue', async () => {
      const { pools } = await make();
      const pool = aPool();
      const row = aRow(waiting(5));
      await keep(pools, pool, [row]);
      const steps: [Row, number][] = [
        [{ ...row, seat: waiting(5, { priority: 'high' }) }, 1],
        [{ ...row, seat: waiting(5, { team: 'billing' }) }, 0],
        [{ ...row, seat: waiting(6), epoch: 2 }, 0],
        [{ ...row, seat: waiting(6) }, 1],
        [{ ...row, offer: { id: 'offer', agent: 'ana' } }, 0],
      ];
      let [before, seq] = [row, 1];
      for (const [after, places] of steps) {
        const rows = [{ row: after, before }];
        expect(await pools.commit({ pool: { ...pool, seq: seq + 1 }, expectedSeq: seq, rows })).toBe('committed');
        [before, seq] = [after, seq + 1];
        const { items } = await pools.queue({ pool: pool.id, epoch: 1, team: 'support' }, PAGE);
        expect(items).toEqual(places === 0 ? [] : [after]);
      }
      expect(await pools.held(pool.id, 'ana')).toEqual([before]);
    });

    it('refuses a commit on a pool that moved, and writes nothing of it', async () => {
      const { pools } = await make();
      const pool = aPool();
      await keep(pools, pool, []);
      const row = aRow(waiting(1));
      const rows = [{ row, before: undefined }];
      expect(await pools.commit({ pool: { ...pool, seq: 3 }, expectedSeq: 2, rows })).toBe('conflict');
      expect(await pools.commit({ pool: { ...pool, isCounting: true }, expectedSeq: 0, rows })).toBe('conflict');
      expect(await pools.load(pool.id)).toEqual(pool);
      expect(await pools.rows(pool.id, [row.thread])).toEqual([]);
    });

    it('has its timers found among those of threads, and not when they are over', async () => {
      const { pools, threads } = await make();
      const pool = aPool({ dueAt: 2_000, generation: 7 });
      const thread = aHead({ id: aThreadId(), closeAt: 1_000 });
      await threads.commit(aCommit(thread));
      await keep(pools, pool, []);
      const due = async () => {
        const found = [];
        for (let after: string | null = null, more = true; more; ) {
          const page = await threads.due(2_000, { limit: 1, after });
          found.push(...page.items);
          after = page.next;
          more = after !== null;
        }
        return found;
      };
      const ours = { thread: pool.id, dueAt: 2_000, generation: 7 };
      await eventually(async () => expect(await due()).toContainEqual(ours));
      expect(await due()).toContainEqual({ thread: thread.id, dueAt: 1_000, generation: thread.generation });
      await pools.commit({ pool: { ...pool, seq: 2, dueAt: null, generation: 8 }, expectedSeq: 1, rows: [] });
      await eventually(async () => expect(await due()).not.toContainEqual(ours));
    });
  });
}
