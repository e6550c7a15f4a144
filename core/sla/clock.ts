/** A clock of a service level: what the thread keeps of it, and what each of its happenings makes of it. */
import type { Pause } from '../calendar/open-hours.ts';
import type { Metric } from './metric.ts';

/** All instants are epoch ms. */
export interface Clock {
  metric: Metric;
  /** Counts the clocks of this metric in the thread, from 1: each is fulfilled, breached or cancelled by itself. */
  instance: number;
  /** The target of the policy that applies. */
  target: string;
  /** What it measures from: the customer's message, the thread's beginning, … */
  origin: number;
  /** Since when it counts: the origin, unless it was started anew. */
  startedAt: number;
  /** Stretches that do not count. */
  pauses: Pause[];
  pausedAt: number | null;
  /** Null while it stands still, and where its calendar does not open for so long. */
  dueAt: number | null;
  /** When its next warning, breach or repeat is due. */
  nextAt: number | null;
  warnings: number;
  breachedAt: number | null;
  repeats: number;
  endedAt: number | null;
}

interface Which {
  type: 'sla';
  metric: Metric;
  instance: number;
}
interface Course {
  dueAt: number | null;
  nextAt: number | null;
}

/** What happens before a deadline, at it, and after it. */
export type StepEvent = 'warned' | 'breached' | 'repeated';

/** What happened to which deadline, as a colleague is told. */
export interface DeadlineStep {
  metric: Metric;
  event: StepEvent;
  dueAt: number;
}

/** What a clock did, as an entry says it. */
export type ClockFact = Which &
  (
    | ({ event: 'started'; target: string; origin: number } & Course &
        Partial<Pick<Clock, 'startedAt' | 'pauses' | 'breachedAt' | 'warnings' | 'repeats'>>)
    | { event: 'paused' }
    | ({ event: 'resumed'; target: string } & Course)
    /** Another target, calendar, team or duration applies: counted again from the start, pauses left out as before. */
    | ({ event: 'moved'; target: string } & Course)
    | ({ event: StepEvent } & Course)
    | { event: 'fulfilled' }
    | { event: 'cancelled'; because: 'no-target' | 'not-waited-for' }
  );

/** The clocks of a thread after one of them did something. */
export function clocksAfter(clocks: readonly Clock[], entry: ClockFact & { at: number }): Clock[] {
  const others = clocks.filter(({ metric }) => metric !== entry.metric);
  const clock = clocks.find(({ metric }) => metric === entry.metric);
  if (entry.event === 'started') {
    const { metric, instance, target, origin, dueAt, nextAt } = entry;
    const { startedAt = origin, pauses = [], breachedAt = null, warnings = 0, repeats = 0 } = entry;
    const course = { startedAt, pauses, pausedAt: null, dueAt, nextAt, warnings, breachedAt, repeats, endedAt: null };
    return [...others, { metric, instance, target, origin, ...course }];
  }
  return clock === undefined ? others : [...others, clockAfter(clock, entry)];
}

/** What happens to a clock that runs, without which of them it is. */
export type Happened = ClockFact extends infer F ? (F extends ClockFact ? Omit<F, keyof Which> : never) : never;

/** A clock after something happened to it. */
export function clockAfter(clock: Clock, happened: Happened & { at: number }): Clock {
  return { ...clock, ...changesOf(clock, happened) };
}

function changesOf(clock: Clock, entry: Happened & { at: number }): Partial<Clock> {
  switch (entry.event) {
    case 'paused':
      return { pausedAt: entry.at, dueAt: null, nextAt: null };
    case 'resumed':
      return { ...unpaused(clock, entry.at), target: entry.target, dueAt: entry.dueAt, nextAt: entry.nextAt };
    case 'moved':
      return { target: entry.target, dueAt: entry.dueAt, nextAt: entry.nextAt };
    case 'warned':
      return { warnings: clock.warnings + 1, nextAt: entry.nextAt };
    case 'breached':
      return { breachedAt: entry.dueAt, nextAt: entry.nextAt };
    case 'repeated':
      return { repeats: clock.repeats + 1, nextAt: entry.nextAt };
    case 'fulfilled':
    case 'cancelled':
      return { ...unpaused(clock, entry.at), endedAt: entry.at, nextAt: null };
    case 'started':
      return {};
  }
}

function unpaused({ pauses, pausedAt }: Clock, at: number): Pick<Clock, 'pauses' | 'pausedAt'> {
  return { pauses: pausedAt === null ? pauses : [...pauses, { from: pausedAt, to: at }], pausedAt: null };
}
