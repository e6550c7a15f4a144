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
import { conditionsIn, type Facts, factsOf, hoursOf, judge, sinceOf } from './condition.ts';
import type { Condition } from './condition-shape.ts';
import { followRules } from './follow-rules.ts';
import type { RuleSet } from './rule-set.ts';

/** From now on, so many openings and closings are looked at. */
const BOUNDARIES_MAX = 6;
/** Of so many teams it is asked whether some meeting of theirs could make a rule act. */
const TEAMS_MAX = 6;
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
  const looks = policy.source.routing
    .filter(({ on }) => on.includes('time'))
    .flatMap((set) => lookFor(set, thread, policy, after) ?? []);
  return looks.length === 0 ? null : Math.min(...looks);
}

/** When a rule of the set acts next or, where no such instant is near, to look for one again. */
function lookFor(set: RuleSet, thread: Thread, policy: CompiledPolicy, after: number): number | null {
  const conditions = set.rules
    .filter(({ id }) => !thread.acted.includes(`${set.id}/${id}`))
    .flatMap(({ when }) => conditionsIn(when).map(([condition]) => condition));
  const lapses = lapsesOf(conditions, thread, policy);
  const teams = teamsAsked(conditions);
  const mayActFrom = (from: number) =>
    [from, ...lapses.filter((at) => at > from)].some((at) => mayAct(set, factsOf(thread, policy, at), teams));
  if (!mayActFrom(after)) return null;
  const hours = teams.map((team) => hoursOf(team, thread, policy));
  const near = hours.map((one) => boundariesAfter(after, one));
  const boundaries = [...near.flat(), ...lapses.flatMap((at) => hours.map((one) => boundary(at, one)))];
  const instants = [...lapses, ...boundaries].filter((at) => at !== null).filter((at) => at > after);
  const found = instants.sort((a, b) => a - b).find((at) => wouldAct(set, factsOf(thread, policy, at))) ?? null;
  // Of one team both was asked: that it is there, and not. How several meet is known until the first of them was left.
  const ends = near.flatMap((all) => (all.length < BOUNDARIES_MAX ? [] : all.slice(-1)));
  const until = Math.min(...ends);
  const isSeen = teams.length < 2 || ends.length === 0 || (found !== null && found <= until);
  return isSeen || !mayActFrom(until) ? found : until;
}

/** When what is asked for with a length of time has lasted so long. */
function lapsesOf(conditions: Condition[], thread: Thread, policy: CompiledPolicy): number[] {
  const own = hoursOf(null, thread, policy);
  return conditions.flatMap((condition) =>
    sinceOf(thread).flatMap(([question, since]) => {
      const length = condition[question];
      return length === undefined || since === null ? [] : (own.add(since, length) ?? []);
    }),
  );
}

/** Whose hours conditions ask for: null for those of the thread’s own team. */
function teamsAsked(conditions: Condition[]): (string | null)[] {
  return [
    ...new Set(conditions.flatMap(({ open, teamOpen = [] }) => [...(open === undefined ? [] : [null]), ...teamOpen])),
  ];
}

/** The next openings and closings; fewer where there are no more. */
function boundariesAfter(after: number, hours: OpenHours): number[] {
  const found: number[] = [];
  for (let at = boundary(after, hours); at !== null && found.length < BOUNDARIES_MAX; at = boundary(at, hours)) {
    found.push(at);
  }
  return found;
}

/** The next opening or closing. */
function boundary(at: number, hours: OpenHours): number | null {
  return hours.isOpen(at) ? hours.nextClose(at) : hours.nextOpen(at);
}

/** Whether a rule of the set acts that has not acted before. */
function wouldAct(set: RuleSet, facts: Facts): boolean {
  const { acted } = facts.thread;
  for (const { id, when } of set.rules) {
    if (!judge(when, facts).holds) continue;
    if (!acted.includes(`${set.id}/${id}`)) return true;
    if (set.mode === 'first') return false;
  }
  return false;
}

/** Whether one would act if just the right teams were there. */
function mayAct(set: RuleSet, facts: Facts, teams: (string | null)[]): boolean {
  if (teams.length > TEAMS_MAX) return true;
  return Array.from({ length: 2 ** teams.length }, (_, open) =>
    wouldAct(set, { ...facts, isOpen: (team) => ((open >> teams.indexOf(team)) & 1) === 1 }),
  ).includes(true);
}
