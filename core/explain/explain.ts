/** Why a thread is where it is: each decision with its rule, inputs and policy; each deadline with its arithmetic. */
import type { Pause } from '../calendar/open-hours.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Inputs } from '../rule/condition.ts';
import type { Clock } from '../sla/clock.ts';
import { hoursOf, nextStep } from '../sla/deadline.ts';
import type { Metric } from '../sla/metric.ts';
import { type Author, type Entry, entriesOf, type LogItem } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import { inputsIn } from './inputs.ts';
import { sentenceOf } from './sentences.ts';

/** All instants are epoch ms. */
export interface ExplainedEntry {
  seq: number;
  at: number;
  author: Author;
  /** Hash of the policy version under which it was decided. */
  policy: string;
  rule: string | null;
  /** What its condition found; of a clock, what those of the targets did until one held. */
  inputs: Inputs | null;
  /** In words, for a person. */
  text: string;
}

export interface ExplainedDeadline {
  metric: Metric;
  instance: number;
  target: string;
  /** The policy version whose target it is counted by; null where that is kept no more. */
  policy: string | null;
  state: 'running' | 'paused' | 'ended';
  startedAt: number;
  within: string | null;
  /** The calendar’s name, or `team` for the team’s own. */
  calendar: string | null;
  timeZone: string | null;
  /** Stretches that did not count, the last of them perhaps still going on. */
  pauses: { from: number; to: number | null }[];
  /** The open time that was counted so far, and what is left of it until the deadline. */
  counted: Pause[];
  /** It is counted up to its end, its pause, or now. */
  countedUntil: number;
  elapsedMs: number | null;
  remainingMs: number | null;
  dueAt: number | null;
  breachedAt: number | null;
  next: { event: string; at: number } | null;
}

export interface Explanation {
  entries: ExplainedEntry[];
  deadlines: ExplainedDeadline[];
}

/** Of a long wait, the last open intervals. */
const INTERVALS_MAX = 50;

/** @param policyOf versions that the log names, as far as they are kept */
export function explain(
  thread: Thread,
  items: LogItem[],
  policyOf: (hash: string) => CompiledPolicy | undefined,
  now: number,
): Explanation {
  const policies = new Map<number, string>();
  const told = new Map<number, string>();
  for (const { policy, entries, effects } of items.flatMap(({ decisions }) => decisions)) {
    for (const { seq } of entries) policies.set(seq, policy);
    for (const effect of effects)
      if (effect.type === 'mail' && effect.kind === 'notice') told.set(effect.seq, effect.to);
  }
  const all = items.flatMap(entriesOf);
  const inputsBy = inputsIn(all, (seq) => policyOf(policies.get(seq) ?? ''), thread.id);
  const entries = all.flatMap((entry) => {
    const text = sentenceOf(entry, told.get(entry.seq));
    const inputs = inputsBy.get(entry.seq) ?? null;
    return text === undefined ? [] : [explained(entry, policies.get(entry.seq) ?? '', inputs, text)];
  });
  const deadlines = thread.clocks.map((clock) => {
    const last = all.findLast((entry) => entry.type === 'sla' && isOf(entry, clock) && 'dueAt' in entry);
    const policy = policyOf(policies.get(last?.seq ?? 0) ?? '');
    return deadlineExplained(clock, thread, policy, now);
  });
  return { entries, deadlines };
}

function isOf(entry: Entry & { type: 'sla' }, { metric, instance }: Clock): boolean {
  return entry.metric === metric && entry.instance === instance;
}

function explained(entry: Entry, policy: string, inputs: Inputs | null, text: string): ExplainedEntry {
  const { seq, at, author, cause } = entry;
  const rule = entry.type === 'rule' ? `${entry.set}/${entry.name}` : (cause.rule ?? null);
  return { seq, at, author, policy, rule, inputs, text };
}

function deadlineExplained(
  clock: Clock,
  thread: Thread,
  policy: CompiledPolicy | undefined,
  now: number,
): ExplainedDeadline {
  const { metric, instance, target, startedAt, pausedAt, endedAt, dueAt, breachedAt } = clock;
  const pauses: { from: number; to: number | null }[] = [...clock.pauses];
  if (pausedAt !== null) pauses.push({ from: pausedAt, to: null });
  const countedUntil = endedAt ?? pausedAt ?? now;
  const state = endedAt !== null ? 'ended' : pausedAt !== null ? 'paused' : 'running';
  const known = { metric, instance, target, state, startedAt, pauses, countedUntil, dueAt, breachedAt } as const;
  const what = policy?.source.sla.find(({ id }) => id === target)?.metrics[metric];
  if (policy === undefined || what === undefined) {
    const nothing = { policy: null, within: null, calendar: null, timeZone: null, counted: [] };
    return { ...known, ...nothing, elapsedMs: null, remainingMs: null, next: null };
  }
  const hours = hoursOf({ target, metric, what }, thread, policy);
  const limit = hours.add(startedAt, what.within);
  const elapsedMs = hours.elapsed(startedAt, countedUntil, clock.pauses);
  const step = endedAt === null ? nextStep(clock, dueAt, what, hours) : undefined;
  return {
    ...known,
    policy: policy.hash,
    within: what.within,
    calendar: what.calendar ?? 'team',
    timeZone: hours.timeZone,
    counted: countedOf(hours.intervalsBetween(startedAt, countedUntil, Number.POSITIVE_INFINITY), clock.pauses),
    elapsedMs,
    remainingMs: limit === null ? null : hours.elapsed(startedAt, limit) - elapsedMs,
    next: step === undefined ? null : { event: step.event, at: step.at },
  };
}

/** Open intervals without what was paused. */
function countedOf(open: Pause[], pauses: Pause[]): Pause[] {
  const counted = pauses.reduce<Pause[]>(
    (left, pause) =>
      left.flatMap(({ from, to }) => [
        { from, to: Math.min(to, Math.max(from, pause.from)) },
        { from: Math.max(from, Math.min(to, pause.to)), to },
      ]),
    open,
  );
  return counted.filter(({ from, to }) => from < to).slice(-INTERVALS_MAX);
}
