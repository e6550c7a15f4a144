/** Doing what an action says. */
import type { Colleague } from '../effect/effect.ts';
import { noticeTo } from '../effect/effects-of.ts';
import type { DeadlineStep } from '../sla/clock.ts';
import { isOwnerInTeam, tagsAfter } from '../thread/decide-changes.ts';
import type { Draft, Saying } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import { PRIORITIES } from '../thread/status.ts';
import { TAGS_MAX, type Thread } from '../thread/thread.ts';
import type { Action } from './action-shape.ts';

/** Why something is done. */
export interface Reasoning {
  rule: string;
  at: number;
  /** The deadline it is about. */
  of: DeadlineStep | null;
}

/** Does what an action says. Nothing is said of what is so already. */
export function perform(draft: Draft, action: Action, { rule, at, of }: Reasoning): void {
  const saying = { author: SYSTEM, rule, at };
  // Told first: whoever had it must know that it was taken from them.
  for (const to of recipientsOf(action, draft.thread)) draft.notify(to, { ...saying, of });
  advise(draft, action, saying);
  changeOwner(draft, action, saying);
  changePriority(draft, action, saying);
  changeTags(draft, action, saying);
  if (action.skills !== undefined) draft.change('skills', action.skills, saying);
  if (action.status !== undefined) draft.happen(action.status, saying);
  if (action.promiseAnew !== undefined) promiseAnew(draft, action.promiseAnew, saying);
  if (action.snooze !== undefined && draft.thread.snooze === null && draft.thread.status !== 'solved') {
    const until = draft.world.policy.teamOrDefault(draft.thread.team).hours.add(at, action.snooze);
    draft.change('snooze', { until }, saying);
  }
}

function recipientsOf({ notify = [] }: Action, thread: Thread): Colleague[] {
  const all = notify.map((to): Colleague => {
    if (to === 'owner') return noticeTo(thread);
    return to === 'team' ? noticeTo({ ...thread, assignee: null }) : (to as Colleague);
  });
  return [...new Set(all)];
}

function advise(draft: Draft, { advise: texts }: Action, saying: Saying): void {
  const { policy } = draft.world;
  const text = texts?.[policy.languageFor(draft.thread.customer.locale)] ?? texts?.[policy.languageFor(null)];
  if (text !== undefined && text !== draft.thread.advice) draft.say({ type: 'advice', text }, saying);
}

function changeOwner(draft: Draft, { team, assignee }: Action, saying: Saying): void {
  if (team !== undefined) draft.change('team', team, saying);
  if (assignee !== undefined) draft.change('assignee', assignee, saying);
  else if (team !== undefined && !isOwnerInTeam(draft)) draft.change('assignee', null, saying);
}

function changePriority(draft: Draft, { priority }: Action, saying: Saying): void {
  const { priority: from } = draft.thread;
  const raised = PRIORITIES[PRIORITIES.indexOf(from) + 1] ?? from;
  draft.change('priority', priority === 'raise' ? raised : (priority ?? from), saying);
}

function changeTags(draft: Draft, { addTags = [], removeTags = [] }: Action, saying: Saying): void {
  draft.change('tags', tagsAfter(draft.thread.tags, addTags, removeTags).slice(0, TAGS_MAX), saying);
}

/** Only what comes later than what was promised is news. */
function promiseAnew(draft: Draft, within: string, saying: Saying & { at: number }): void {
  const { team, expectedReplyAt: instead, waitingSince } = draft.thread;
  const expectedReplyAt = draft.world.policy.teamOrDefault(team).hours.add(saying.at, within);
  if (waitingSince === null || instead === null || expectedReplyAt === null || expectedReplyAt <= instead) return;
  draft.say({ type: 'promise', expectedReplyAt, instead }, saying);
}
