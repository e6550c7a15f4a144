/** What follows from every decision by the policy alone: rules act, clocks start and end, the customer is promised. */
import { followRules, ROUNDS_MAX } from '../rule/follow-rules.ts';
import { armLook, fireLooks } from '../rule/next-look.ts';
import type { Trigger } from '../rule/rule-set.ts';
import { fireClocks, hasDueStep, keepClocks } from '../sla/keep-clocks.ts';
import { promise } from '../sla/promise.ts';
import type { Draft } from './draft.ts';
import { planLetters } from './letters.ts';
import { keepNotice } from './notices.ts';

/** Before a command is decided: what was due before it was accepted has happened before it. */
export function catchUp(draft: Draft): void {
  const { acceptedAt } = draft.command;
  fireSteps(draft, acceptedAt);
  fireLooks(draft, acceptedAt);
  draft.caughtUp = draft.entries.length;
  draft.acted.clear();
}

export function settle(draft: Draft, at: number): void {
  if (draft.command.body.type !== 'set-aside') {
    settleAll(draft, at);
    return;
  }
  // What was set aside may have been for a defect just here: then it is kept without what would have followed.
  const { entries, thread } = draft;
  const count = entries.length;
  try {
    settleAll(draft, at);
  } catch {
    entries.length = count;
    draft.thread = thread;
  }
}

function settleAll(draft: Draft, at: number): void {
  fireLooks(draft, at);
  followRules(draft, triggerOf(draft, draft.caughtUp), textOf(draft), { at, judgedAt: at });
  keepClocks(draft, draft.before, at);
  fireSteps(draft, at);
  armLook(draft, at);
  for (const [to, { of, ...saying }] of draft.notices) draft.say({ type: 'notified', to, of }, saying);
  keepNotice(draft, at);
  planLetters(draft, at);
  if (draft.owesPromise && draft.thread.waitingSince !== null) promise(draft);
}

/** Fires what deadlines are due for, and follows the rules that hold by what this changed: they may make more due. */
function fireSteps(draft: Draft, at: number): void {
  for (let rounds = 0; rounds < ROUNDS_MAX && hasDueStep(draft.thread, at); rounds += 1) {
    const count = draft.entries.length;
    fireClocks(draft, at);
    const before = draft.thread;
    followRules(draft, triggerOf(draft, count), '', { at, judgedAt: at });
    if (draft.thread !== before) keepClocks(draft, before, at);
  }
}

/** What the entries from one on are to rules. */
function triggerOf({ entries: all, command }: Draft, from: number): Trigger {
  const entries = all.slice(from);
  if (command.author.kind === 'customer' && entries.some(({ type }) => type === 'started')) return 'start';
  if (entries.some(({ type, author }) => type === 'message' && author.kind === 'customer')) return 'message';
  const isChanged = entries.some(({ type }) => type === 'message' || type === 'change' || type === 'rating');
  return isChanged ? 'change' : 'time';
}

function textOf({ entries, world }: Draft): string {
  if (!world.policy.asksForWords) return '';
  return entries.map((entry) => (entry.type === 'message' ? world.textOf(entry.content) : '')).join('\n');
}
