import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../adapters/embedded/clocks.ts';
import { SqlitePolicies } from '../../../adapters/embedded/policies.ts';
import type { LaneMessage, Wait } from '../../../core/ports.ts';
import { commandSchema } from '../../../core/thread/command.ts';
import { OverdueTimers } from '../../../core/timer/overdue.ts';
import { sweep, waitIsOver } from '../../../core/timer/timers.ts';
import { aCommand, aStart, aThreadId, defaultPolicy, MINUTE, MONDAY } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';

describe('the sweep', () => {
  it('hands on what is due within three minutes, with its exact delay, overdue ones at once', async () => {
    const lane = new TestLane();
    const due: Record<string, string> = {};
    for (const minutes of [1, 2, 5]) {
      const id = aThreadId();
      due[id] = `${minutes} min`;
      await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'snooze', until: MONDAY + minutes * MINUTE }));
    }
    await lane.clock.advanceTo(MONDAY + 90_000, async () => {});
    const put: Wait[] = [];
    const waits = { put: async (some: Wait[]) => void put.push(...some) };
    expect(await sweep({ ...lane.deps, waits, overdue: new OverdueTimers(), clock: lane.clock, log: () => {} })).toBe(
      2,
    );
    expect(put.map(({ timer, delayMs }) => [due[timer.thread], delayMs])).toEqual([
      ['1 min', 0],
      ['2 min', 30_000],
    ]);
  });

  it('finds all of many, page by page', async () => {
    const lane = new TestLane();
    const total = 1_203;
    const pages = { calls: 0 };
    const threads = Array.from({ length: total }, (_, n) => ({
      thread: `thr_acme_${n}`,
      dueAt: MONDAY,
      generation: 1,
    }));
    const store = Object.assign(Object.create(lane.deps.threads), {
      due: async (_until: number, { limit, after }: { limit: number; after: string | null }) => {
        pages.calls += 1;
        const from = Number(after ?? 0);
        return { items: threads.slice(from, from + limit), next: from + limit < total ? String(from + limit) : null };
      },
    });
    const put: Wait[] = [];
    const waits = { put: async (some: Wait[]) => void put.push(...some) };
    expect(
      await sweep({
        ...lane.deps,
        threads: store,
        waits,
        overdue: new OverdueTimers(),
        clock: lane.clock,
        log: () => {},
      }),
    ).toBe(total);
    expect([put.length, pages.calls]).toEqual([total, 3]);
  });
});

describe('a wait that is over', () => {
  it('puts the timer’s command on its lane, the same one each time, in another message', async () => {
    const clock = new ManualClock(MONDAY);
    const policies = new SqlitePolicies(aDatabase(), [defaultPolicy.source]);
    const sent: LaneMessage[] = [];
    const lanes = { send: async (messages: LaneMessage[]) => void sent.push(...messages) };
    const timer = { thread: aThreadId(), dueAt: MONDAY, generation: 7 };
    await waitIsOver(timer, { lanes, policies, clock });
    await clock.advanceTo(MONDAY + 1_000, async () => {});
    await waitIsOver(timer, { lanes, policies, clock });
    const [first, second] = sent.map(({ body }) => commandSchema.parse(body));
    expect(first).toMatchObject({ id: `fire${timer.thread.slice(3)}_7`, body: { type: 'fire-timers', generation: 7 } });
    expect(second?.id).toBe(first?.id);
    expect(sent[0]?.id).not.toBe(sent[1]?.id);
    expect(sent[0]?.id.length).toBeLessThanOrEqual(128);
    await waitIsOver({ ...timer, thread: 'thr_gone_x' }, { lanes, policies, clock });
    expect(sent).toHaveLength(2);
  });
});
