/**
 * Whether a colleague is told of what a customer wrote, and when. At once, unless they were told a moment ago, or are
 * there to see it: then the thread's timer `notice` is armed, and one mail tells of all that came until it fires. Once
 * nobody waits for an answer any more, there is nothing left to be told of (`evolve` forgets it).
 */
import { noticeTo } from '../effect/effects-of.ts';
import type { Draft } from './draft.ts';
import { type Entry, SYSTEM } from './entry.ts';

const MINUTE_MS = 60_000;

/** What nobody was told of yet. */
interface Untold {
  /** The entry of the first message of it, and when that was accepted. */
  since: number;
  writtenAt: number;
  /** When they were last told of this wait. */
  toldAt: number | null;
}

type Written = Entry & { type: 'message' };

/** Tells, plans or leaves out what a decision has made due. */
export function keepNotice(draft: Draft, at: number): void {
  const { thread, world, entries } = draft;
  const { notices } = world.policy.source;
  const written = entries.find(
    (entry): entry is Written => entry.type === 'message' && entry.author.kind === 'customer',
  );
  const untold = untoldIn(draft, written, at);
  if (untold === undefined) return;
  const to = noticeTo(thread);
  const { since } = untold;
  const saying = { author: SYSTEM, at };
  if ((notices.off as string[]).includes(to)) {
    draft.say({ type: 'notice-off', to, since }, { ...saying, rule: 'notices/off' });
    return;
  }
  const { rule, dueAt } = waitOf(draft, untold);
  // Where nobody waits any more, no timer would come to it.
  if (dueAt > at && thread.waitingSince !== null) {
    draft.say({ type: 'notice-planned', to, dueAt, ...untold }, { ...saying, rule });
  } else if (since === written?.seq) draft.isToldAtOnce = true;
  else draft.say({ type: 'notice', to, since }, { ...saying, rule: 'notices/due' });
}

/** Undefined where there is nothing, or nothing new to be found out about it. */
function untoldIn({ before, thread }: Draft, written: Written | undefined, at: number): Untold | undefined {
  const { notice } = thread;
  if (notice !== null) {
    const { since, writtenAt } = notice;
    const isToJudge = notice.at <= at || notice.to !== noticeTo(thread);
    return isToJudge ? { since, writtenAt, toldAt: thread.noticedAt } : undefined;
  }
  // A merge ends the thread's wait, which goes on in another that knows nothing of what was not told.
  if (before.notice !== null && thread.mergedInto !== null) {
    const { since, writtenAt } = before.notice;
    return { since, writtenAt, toldAt: null };
  }
  const isSameOwner = noticeTo(before) === noticeTo(thread);
  return written && { since: written.seq, writtenAt: written.at, toldAt: isSameOwner ? before.noticedAt : null };
}

/** Until when it has to wait, and why. */
function waitOf({ thread, world }: Draft, { toldAt, writtenAt }: Untold): { rule: string; dueAt: number } {
  const { digestMinutes, firstWaits, onThreadMinutes } = world.policy.source.notices;
  const from = firstWaits ? writtenAt : toldAt;
  const digestAt = from === null || digestMinutes === 0 ? 0 : from + digestMinutes * MINUTE_MS;
  const { onThread, assignee } = thread;
  // Who works by mail sees nothing but mail; and of a whole team nobody knows who is there.
  const isSeen = onThread?.agent === assignee && onThread?.channel === 'api' && onThreadMinutes > 0;
  const quietAt = isSeen ? onThread.at + onThreadMinutes * MINUTE_MS : 0;
  return quietAt > digestAt
    ? { rule: 'notices/on-thread', dueAt: quietAt }
    : { rule: 'notices/digest', dueAt: digestAt };
}
