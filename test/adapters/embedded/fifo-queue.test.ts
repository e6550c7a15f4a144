import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../adapters/embedded/clocks.ts';
import { FifoQueue, type Handled } from '../../../adapters/embedded/fifo-queue.ts';
import { SqliteLanes } from '../../../adapters/embedded/lanes.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { LaneMessage } from '../../../core/ports.ts';
import { MONDAY } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';

interface Body {
  n: number;
}

function aQueue(handle: (lane: string, bodies: Body[]) => Promise<Handled>, batchMax = 10) {
  const db = aDatabase();
  const clock = new ManualClock(MONDAY);
  const logged: string[] = [];
  const queue = new FifoQueue<Body>(db, clock, (_level, event) => void logged.push(event), {
    name: 'test',
    batchMax,
    lanesMax: 5,
    handle,
  });
  const rows = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  const turn = async () => {
    for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = (ms: number) => clock.advanceTo(clock.now() + ms, turn);
  return { db, queue, logged, rows, pass, turn };
}

const DONE = async (_lane: string, bodies: Body[]): Promise<Handled> => ({ done: bodies.length });

describe('a queue', () => {
  it('writes no row for what is done in the turn that brings it', async () => {
    const { db, queue, rows, turn } = aQueue(DONE);
    db.beforeCommit(() => expect(rows('queue')).toBe(0));
    queue.put([{ lane: 'a', body: { n: 1 } }]);
    await turn();
    expect([queue.count, queue.isIdle, rows('queue')]).toEqual([0, true, 0]);
  });

  it('writes a row for what is not, and removes it when it is', async () => {
    let finish = () => {};
    const { queue, rows, turn } = aQueue(
      (_lane, bodies) =>
        new Promise((resolve) => {
          finish = () => resolve({ done: bodies.length });
        }),
    );
    queue.put([{ lane: 'a', body: { n: 1 } }]);
    await turn();
    expect([rows('queue'), queue.isIdle]).toEqual([1, false]);
    finish();
    await turn();
    expect([rows('queue'), queue.count]).toEqual([0, 0]);
  });

  it('keeps at most so many lanes busy', async () => {
    let running = 0;
    let most = 0;
    const { queue, turn } = aQueue(async (_lane, bodies) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { done: bodies.length };
    });
    queue.put(Array.from({ length: 20 }, (_, n) => ({ lane: `${n}`, body: { n } })));
    for (let n = 0; n < 10; n += 1) await turn();
    expect([most, queue.count]).toEqual([5, 0]);
  });

  it('puts a failing message behind a growing pause, and after eight attempts aside, kept', async () => {
    const done: number[] = [];
    const { queue, logged, rows, pass, turn, db } = aQueue(async (_lane, [body]) => {
      if (body?.n === 1) throw new Error('poison');
      done.push(body?.n ?? 0);
      return { done: 1 };
    }, 1);
    queue.put([1, 2].map((n) => ({ lane: 'a', body: { n } })));
    await turn();
    expect([logged, done]).toEqual([['queue.attempt-failed'], []]);
    await pass(499);
    expect(logged).toHaveLength(1);
    await pass(120_000);
    expect(done).toEqual([2]);
    expect(logged.filter((event) => event === 'queue.attempt-failed')).toHaveLength(8);
    expect(logged.at(-1)).toBe('queue.dead-letter');
    expect([rows('queue'), rows('dead_letter'), queue.count]).toEqual([0, 1, 0]);
    expect(db.prepare('SELECT * FROM dead_letter').get()).toMatchObject({
      lane: 'a',
      body: '{"n":1}',
      reason: 'Error',
    });
  });

  it('does not count a pause that the handler asks for as an attempt', async () => {
    let calls = 0;
    const { queue, logged, pass } = aQueue(async () => {
      calls += 1;
      return calls > 20 ? { done: 1 } : { done: 0, retryInMs: 1_000 };
    });
    queue.put([{ lane: 'a', body: { n: 1 } }]);
    await pass(30_000);
    expect([calls, logged, queue.count]).toEqual([21, [], 0]);
  });

  it('does not give up for trouble that passes, however long it lasts', async () => {
    let calls = 0;
    const { queue, rows, pass } = aQueue(async () => {
      calls += 1;
      if (calls < 40) throw new TransientFailure('down');
      return { done: 1 };
    });
    queue.put([{ lane: 'a', body: { n: 1 } }]);
    await pass(60 * 60_000);
    expect([calls, rows('dead_letter'), queue.count]).toEqual([40, 0, 0]);
  });

  it('reads bodies back from their rows when many wait', async () => {
    const seen: number[] = [];
    const { queue, turn, pass } = aQueue(async (_lane, bodies) => {
      if (seen.length === 0 && bodies[0]?.n === 0) {
        seen.push(0);
        return { done: 0, retryInMs: 1_000 };
      }
      seen.push(...bodies.map(({ n }) => n));
      return { done: bodies.length };
    });
    queue.put(Array.from({ length: 2_500 }, (_, n) => ({ lane: 'a', body: { n } })));
    await turn();
    await pass(1_000);
    for (let n = 0; n < 200; n += 1) await turn();
    expect(seen.slice(1)).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
  });
});

describe('lanes that are full', () => {
  it('turn new commands away, and take them again when there is room', async () => {
    const db = aDatabase();
    const opened = Promise.withResolvers<void>();
    const queue = new FifoQueue<LaneMessage>(db, new ManualClock(MONDAY), () => {}, {
      name: 'commands',
      batchMax: 100,
      lanesMax: 10,
      handle: async (_lane, bodies) => {
        await opened.promise;
        return { done: bodies.length };
      },
    });
    const lanes = new SqliteLanes(db, queue);
    const message = (n: number): LaneMessage => ({ lane: `${n % 10}`, id: `${n}`, body: {} });
    await lanes.send(Array.from({ length: 10_000 }, (_, n) => message(n)));
    await expect(lanes.send([message(1)])).rejects.toMatchObject({ name: 'Overloaded' });
    opened.resolve();
    while (queue.count > 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(lanes.send([message(1)])).resolves.toBeUndefined();
  });
});
