/**
 * Clocks: after every decision each metric is looked at anew. What began to count is started, what stands still is
 * paused, what was done is fulfilled; where another target applies it is counted again, from the same start.
 */
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import { perform } from '../rule/action.ts';
import { factsOf, type Inputs, judge } from '../rule/condition.ts';
import type { Draft } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import { type Clock, type ClockFact, clockAfter, type Happened } from './clock.ts';
import { deadlineOf, hoursOf, nextStep } from './deadline.ts';
import { DEFINITIONS, METRICS, type Metric, REPLY_METRICS } from './metric.ts';
import type { Applying, Target } from './target.ts';

/** One decision fires at most so many steps: a sweep that missed days catches up over several. */
const STEPS_MAX = 100;

/** @param before the thread when its clocks were last looked at */
export function keepClocks(draft: Draft, before: Thread, at: number): void {
  // What clocks say changes nothing that conditions ask for: the target is the same for all.
  const { target } = chooseTarget(draft.thread, draft.world.policy, at);
  for (const metric of METRICS) {
    const applying = applyingTo(metric, target);
    endClock(draft, metric, applying, before, at);
    if (applying !== undefined) runClock(draft, applying, at);
  }
}

/** Whether a thread has a step that is due by then. */
export function hasDueStep({ clocks }: Thread, at: number): boolean {
  return clocks.some(({ nextAt }) => nextAt !== null && nextAt <= at);
}

/** Fires every step that is due, in order, with what it does. */
export function fireClocks(draft: Draft, at: number): void {
  for (let steps = 0; steps < STEPS_MAX && hasDueStep(draft.thread, at); steps += 1) {
    const before = draft.thread;
    const [clock] = [...before.clocks].sort((a, b) => (a.nextAt ?? Infinity) - (b.nextAt ?? Infinity));
    const applying = clock && applyingTo(clock.metric, chooseTarget(before, draft.world.policy, at).target);
    if (clock === undefined || applying?.target !== clock.target) {
      // The policy changed since it was armed.
      keepClocks(draft, before, at);
      if (draft.thread === before) return;
      continue;
    }
    const hours = hoursOf(applying, before, draft.world.policy);
    const step = nextStep(clock, clock.dueAt, applying.what, hours);
    if (step === undefined || step.at > at) {
      say(draft, clock, { event: 'moved', target: clock.target, dueAt: clock.dueAt, nextAt: step?.at ?? null }, at);
      continue;
    }
    const { event } = step;
    const { metric, dueAt } = clock;
    const after = clockAfter(clock, { event, dueAt, nextAt: null, at });
    say(draft, clock, { event, dueAt, nextAt: nextStep(after, dueAt, applying.what, hours)?.at ?? null }, at);
    const of = { metric, event, dueAt: dueAt ?? at };
    perform(draft, step.action, { rule: `sla/${applying.target}/${metric}`, at, of });
    keepClocks(draft, before, at);
  }
}

/** Ends the clock of a metric that does not count any more, or counts from elsewhere. */
function endClock(draft: Draft, metric: Metric, applying: Applying | undefined, before: Thread, at: number): void {
  const { thread } = draft;
  const clock = liveClock(thread, metric);
  if (clock === undefined) return;
  const definition = DEFINITIONS[metric];
  if (definition.since(thread, applying?.what.notesCount ?? false) !== clock.origin) {
    const isFulfilled = definition.isFulfilled(before, thread);
    say(draft, clock, isFulfilled ? { event: 'fulfilled' } : { event: 'cancelled', because: 'not-waited-for' }, at);
  } else if (applying === undefined) say(draft, clock, { event: 'cancelled', because: 'no-target' }, at);
}

/** Starts, pauses, resumes and moves the clock of a metric that has a target. */
function runClock(draft: Draft, applying: Applying, at: number): void {
  const { metric, target, what } = applying;
  const origin = DEFINITIONS[metric].since(draft.thread, what.notesCount);
  if (origin === null) return;
  const hours = hoursOf(applying, draft.thread, draft.world.policy);
  const courseOf = (clock: Clock) => {
    const dueAt = deadlineOf(clock, what.within, hours);
    return { dueAt, nextAt: nextStep(clock, dueAt, what, hours)?.at ?? null };
  };
  const known = draft.thread.clocks.find((clock) => clock.metric === metric);
  let clock = liveClock(draft.thread, metric);
  const isNew = clock === undefined;
  if (clock === undefined) {
    const fresh = freshClock(applying, origin, known, at);
    const { startedAt, pauses, breachedAt, warnings, repeats } = fresh;
    const carried = {
      ...(startedAt === origin ? {} : { startedAt }),
      ...(pauses.length === 0 ? {} : { pauses }),
      ...(breachedAt === null ? {} : { breachedAt, repeats }),
      ...(warnings === 0 ? {} : { warnings }),
    };
    say(draft, fresh, { event: 'started', target, origin, ...courseOf(fresh), ...carried }, at);
    clock = liveClock(draft.thread, metric) ?? fresh;
  }
  const pausesIn = what.pausesIn ?? DEFINITIONS[metric].pauses;
  if (pausesIn.includes(draft.thread.status)) {
    if (clock.pausedAt === null) say(draft, clock, { event: 'paused' }, at);
  } else if (clock.pausedAt !== null) {
    const resumed = clockAfter(clock, { event: 'resumed', target, dueAt: null, nextAt: null, at });
    say(draft, clock, { event: 'resumed', target, ...courseOf(resumed) }, at);
  } else if (!isNew) {
    const course = courseOf(clock);
    if (clock.target !== target || clock.dueAt !== course.dueAt) {
      say(draft, clock, { event: 'moved', target, ...course }, at);
    }
  }
}

/**
 * A clock that begins. One that counts from where an ended one did goes on: the customer waits for the same answer
 * still, or the thread was opened again; what was breached is not breached again.
 */
function freshClock({ metric, target, what }: Applying, origin: number, known: Clock | undefined, at: number): Clock {
  const fresh = { metric, target, origin, pausedAt: null, dueAt: null, nextAt: null, endedAt: null };
  const anew = { startedAt: origin, pauses: [], warnings: 0, breachedAt: null, repeats: 0 };
  const instance = (known?.instance ?? 0) + 1;
  if (known === undefined || known.endedAt === null || known.origin !== origin) return { ...fresh, ...anew, instance };
  const isAnswer = REPLY_METRICS.includes(metric);
  if (!isAnswer && what.onReopen === 'restart') return { ...fresh, ...anew, startedAt: at, instance };
  const { startedAt, pauses, warnings, breachedAt, repeats } = known;
  const solved = isAnswer || known.endedAt >= at ? [] : [{ from: known.endedAt, to: at }];
  return { ...fresh, startedAt, pauses: [...pauses, ...solved], warnings, breachedAt, repeats, instance };
}

function say(draft: Draft, { metric, instance, target }: Clock, happened: Happened, at: number): void {
  draft.say({ type: 'sla', metric, instance, ...happened } as ClockFact, { author: SYSTEM, rule: `sla/${target}`, at });
}

function liveClock({ clocks }: Thread, metric: Metric): Clock | undefined {
  return clocks.find((clock) => clock.metric === metric && clock.endedAt === null);
}

/** The first target whose condition holds, and what conditions found until then. */
export function chooseTarget(
  thread: Thread,
  policy: CompiledPolicy,
  now: number,
): { target: Target | undefined; inputs: Inputs } {
  const facts = factsOf(thread, policy, now);
  const inputs: Inputs = {};
  const target = policy.source.sla.find(({ when }) => {
    const judged = judge(when, facts);
    Object.assign(inputs, judged.inputs);
    return judged.holds;
  });
  return { target, inputs };
}

/** What a target says of a metric. */
function applyingTo(metric: Metric, target: Target | undefined): Applying | undefined {
  const what = target?.metrics[metric];
  return target === undefined || what === undefined ? undefined : { target: target.id, metric, what };
}
