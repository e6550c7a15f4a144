/**
 * When rules on time have to be looked at again although nothing happens: nothing but time can change what they ask of
 * a thread, so each instant at which that changes an answer can be asked beforehand. The first at which a rule would
 * act is armed as a timer of the thread.
 */
import type { OpenHours } from '../calendar/open-hours.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Draft } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import { conditionsIn, factsOf, judge, sinceOf } from './condition.ts';
import { followRules } from './follow-rules.ts';
import type { RuleSet } from './rule-set.ts';

/** From now on, so many openings and closings are looked at. */
const BOUNDARIES_MAX = 6;
/** One decision catches up with so many looks that were missed. */
const LOOKS_MAX = 20;

/** Follows what rules on time were due for by then, and arms the next look. */
export function fireLooks(draft: Draft, at: number): void {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { lookAt } = draft.thread;
    if (lookAt === null || lookAt > at) return;
    followRules(draft, 'time', '', { at, judgedAt: lookAt });
    armLook(draft, at, lookAt);
  }
}

/** Says when rules on time are looked at next, where that is another instant than before. */
export function armLook(draft: Draft, at: number, after = at): void {
  const lookAt = nextLook(draft.thread, draft.world.policy, after);
  if (lookAt !== draft.thread.lookAt) draft.say({ type: 'look', lookAt }, { author: SYSTEM, at });
}

function nextLook(thread: Thread, policy: CompiledPolicy, after: number): number | null {
  if (thread.status === 'closed') return null;
  const { hours } = policy.teamOrDefault(thread.team);
  const looks = policy.source.routing
    .filter(({ on }) => on.includes('time'))
    .flatMap((set) => instantsOf(set, thread, hours, after).find((at) => wouldAct(set, thread, policy, at)) ?? []);
  return looks.length === 0 ? null : Math.min(...looks);
}

/** When the answer to a question of the set may change, in order. */
function instantsOf(set: RuleSet, thread: Thread, hours: OpenHours, after: number): number[] {
  const conditions = set.rules
    .filter(({ id }) => !thread.acted.includes(`${set.id}/${id}`))
    .flatMap(({ when }) => conditionsIn(when).map(([condition]) => condition));
  const lapses = conditions.flatMap((condition) =>
    sinceOf(thread).flatMap(([question, since]) => {
      const length = condition[question];
      return length === undefined || since === null ? [] : (hours.add(since, length) ?? []);
    }),
  );
  const asksHours = conditions.some(({ open }) => open !== undefined);
  const boundaries = asksHours ? [...boundariesAfter(after, hours), ...lapses.map((at) => boundary(at, hours))] : [];
  const instants = [...lapses, ...boundaries].filter((at) => at !== null && at > after);
  return [...new Set(instants as number[])].sort((a, b) => a - b);
}

function boundariesAfter(after: number, hours: OpenHours): (number | null)[] {
  const found: (number | null)[] = [];
  for (let at: number | null = after; at !== null && found.length < BOUNDARIES_MAX; ) {
    at = boundary(at, hours);
    found.push(at);
  }
  return found;
}

/** The next opening or closing. */
function boundary(at: number, hours: OpenHours): number | null {
  return hours.isOpen(at) ? hours.nextClose(at) : hours.nextOpen(at);
}

/** Whether a rule of the set acts then that has not acted before. */
function wouldAct(set: RuleSet, thread: Thread, policy: CompiledPolicy, at: number): boolean {
  const facts = factsOf(thread, policy, at);
  for (const { id, when } of set.rules) {
    if (!judge(when, facts).holds) continue;
    if (!thread.acted.includes(`${set.id}/${id}`)) return true;
    if (set.mode === 'first') return false;
  }
  return false;
}
