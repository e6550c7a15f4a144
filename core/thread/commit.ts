/** What a thread store takes and gives: commits, outcomes, lists and pages. */
import type { Effect } from '../effect/effect.ts';
import type { LogItem, Reason } from './entry.ts';
import { type InboxClass, inboxClassOf, type Thread } from './thread.ts';

/** What became of a command: written once, in the transaction that decided it. */
export interface Outcome {
  status: 'done' | 'rejected' | 'forwarded' | 'set-aside';
  thread: string;
  /** The message or note it brought. */
  messageId?: string;
  reason?: Reason;
  /** The command on another lane whose outcome is this one's. */
  forwardedTo?: { thread: string; command: string };
  /** The log item that holds the decision's entries and effects; null where it made none. */
  logSeq: number | null;
  /** Effects of a decision without entries. */
  effects?: Effect[];
}

/** One transaction on one thread. */
export interface Commit {
  threadId: string;
  /** The number of the thread's last entry, as it was read; 0 where there was no thread. */
  expectedSeq: number;
  /** Head and log item after it; null where the commands made no entries. */
  change: { thread: Thread; logItem: LogItem } | null;
  outcomes: { command: string; outcome: Outcome }[];
}

export type CommitResult =
  | { result: 'committed' }
  /** These commands have an outcome already. Nothing was written. */
  | { result: 'duplicate'; commands: string[] }
  /** The thread is not as it was read. Nothing was written. */
  | { result: 'conflict' }
  /** The store cannot hold what it was given, and never will. Nothing was written. */
  | { result: 'too-large' };

/**
 * A page request: `after` is a cursor of the same list; nothing is skipped under inserts. A page may hold fewer than
 * `limit` and still not be the last.
 */
export interface PageRequest {
  limit: number;
  after: string | null;
}

export interface Page<T> {
  items: T[];
  /** Null at the end. */
  next: string | null;
}

export type ThreadList =
  /** Sorted by `inboxSinceOf`. What is closed is in no inbox. `teams`: null for any, also such as a policy once had. */
  | {
      by: 'inbox';
      business: string;
      teams: readonly string[] | null;
      classes: readonly InboxClass[];
      first: 'oldest' | 'newest';
    }
  /** What an agent owns and is not solved or closed, sorted likewise, oldest first. */
  | { by: 'assignee'; business: string; assignee: string; teams: readonly string[] | null }
  /** Every thread, the one started last first; nothing that happens to a thread moves it. */
  | { by: 'business'; business: string; teams: readonly string[] | null }
  /** Likewise. */
  | { by: 'customer'; business: string; customer: string };

/** Whether a thread, as it is, belongs to a list. */
export function isListed(list: ThreadList, thread: Thread): boolean {
  if (list.business !== thread.business) return false;
  if (list.by === 'customer') return list.customer === thread.customer.id;
  if (list.teams !== null && !list.teams.some((team) => team === thread.team)) return false;
  const place = inboxClassOf(thread);
  if (list.by === 'assignee') return list.assignee === thread.assignee && place !== 's' && place !== 'c';
  return list.by === 'business' || list.classes.includes(place);
}

export interface DueThread {
  thread: string;
  dueAt: number;
  generation: number;
}
