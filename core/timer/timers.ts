/**
 * Time: the sweep looks ahead on the due index and hands each timer to the wait queue with its exact delay; when that
 * is over, a `fire-timers` command goes onto the thread's lane. The command's id has the timer's generation, so that
 * however often it comes, it fires once; what is stale does nothing.
 */
import { claimedBusinessOf, timerCommandIdOf } from '../ids.ts';
import type { Clock, LaneMessage, Lanes, Log, Metrics, Policies, ThreadStore, WaitQueue } from '../ports.ts';
import type { Command } from '../thread/command.ts';
import type { DueThread } from '../thread/commit.ts';
import { SWEEP_HORIZON_MS } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { OverdueTimers } from './overdue.ts';

const PAGE = 500;
/** One sweep looks at so many pages at most; what is left is found a minute later. */
const SWEEP_PAGES_MAX = 1_000;
/** And hands on so many timers. */
const SWEEP_TIMERS_MAX = 50_000;

export interface SweepDeps {
  threads: ThreadStore;
  policies: Policies;
  waits: WaitQueue;
  /** What this instance has handed on. */
  overdue: OverdueTimers;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Hands on every timer that is due within the horizon, overdue ones first. @returns how many */
export async function sweep(deps: SweepDeps): Promise<number> {
  const now = deps.clock.now();
  let after: string | null = null;
  let count = 0;
  for (let page = 0; page < SWEEP_PAGES_MAX && count < SWEEP_TIMERS_MAX; page += 1) {
    const { items, next } = await deps.threads.due(now + SWEEP_HORIZON_MS, { limit: PAGE, after });
    // A business that is not served now has its timers wait until it is, and no other's behind them.
    const served = items.filter(({ thread }) => deps.policies.current(claimedBusinessOf(thread)) !== undefined);
    const handed = served.filter((timer) => deps.overdue.isDue(timer, now));
    await deps.waits.put(handed.map((timer) => ({ timer, delayMs: Math.max(0, timer.dueAt - now) })));
    for (const timer of handed) deps.overdue.note(timer, now);
    count += handed.length;
    after = next;
    if (next === null) break;
  }
  if (after !== null) deps.log('warn', 'sweep.bound-reached', { timers: count });
  deps.metrics('TimersSwept', count);
  return count;
}

export interface WaitOverDeps {
  lanes: Lanes;
  policies: Policies;
  clock: Clock;
}

/** A timer's wait is over: tells its thread. Nothing where its business is not served any more. */
export async function waitIsOver(timer: DueThread, deps: WaitOverDeps): Promise<void> {
  const policy = deps.policies.current(claimedBusinessOf(timer.thread));
  if (policy === undefined) return;
  await deps.lanes.send([fireTimersMessage(timer, policy.hash, deps.clock.now())]);
}

function fireTimersMessage({ thread, generation }: DueThread, policy: string, now: number): LaneMessage {
  const command: Command = {
    schema: 1,
    id: timerCommandIdOf(thread, generation),
    business: claimedBusinessOf(thread),
    thread,
    acceptedAt: now,
    policy,
    author: SYSTEM,
    control: 'agent',
    body: { type: 'fire-timers', generation },
  };
  return { lane: thread, id: `${command.id}~${now}`, body: command };
}
