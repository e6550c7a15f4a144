/**
 * The metrics of service levels, with the meaning that Zendesk published for them ("Defining SLA policies": what each
 * measures, and which statuses it counts in): when each counts for a thread, since when, and what fulfils it.
 *
 * | metric            | counts from                             | to                            | pauses while     |
 * | ----------------- | --------------------------------------- | ----------------------------- | ---------------- |
 * | first-reply       | the oldest unanswered customer message  | the first answer of an agent  |                  |
 * | next-reply        | the same, after an answer               | the next answer               |                  |
 * | periodic-update   | an agent's message                      | their next one                |                  |
 * | pausable-update   | an agent's message                      | their next one                | pending          |
 * | requester-wait    | the thread's beginning                  | solved                        | pending          |
 * | agent-work        | the thread's beginning                  | solved                        | pending, on-hold |
 * | total-resolution  | the thread's beginning                  | solved                        |                  |
 * | group-ownership   | the thread coming to its team           | another team, or solved       |                  |
 */
import type { Status } from '../thread/status.ts';
import type { Thread } from '../thread/thread.ts';

export const METRICS = [
  'first-reply',
  'next-reply',
  'periodic-update',
  'pausable-update',
  'requester-wait',
  'agent-work',
  'total-resolution',
  'group-ownership',
] as const;
export type Metric = (typeof METRICS)[number];

/** What a metric needs to know of a thread. */
type Measured = Pick<
  Thread,
  | 'status'
  | 'answered'
  | 'waitingSince'
  | 'lastReplyAt'
  | 'lastNoteAt'
  | 'unnotedSince'
  | 'createdAt'
  | 'team'
  | 'teamSince'
>;

interface Definition {
  /** Since when it counts; null where it does not. @param notesCount whether a note answers, too */
  since(thread: Measured, notesCount: boolean): number | null;
  /** Statuses in which it stands still, unless a policy says otherwise. */
  pauses: readonly Status[];
  /** Whether a clock that counts no more has been fulfilled, rather than lost its reason. */
  isFulfilled(before: Measured, after: Measured): boolean;
}

const isUnderWay = ({ status }: Measured) => status !== 'solved' && status !== 'closed';
const isSolved = (_before: Measured, { status }: Measured) => status === 'solved';
// A note that does not count ends no clock.
const isAnswered = (before: Measured, after: Measured) =>
  after.lastReplyAt !== before.lastReplyAt || after.lastNoteAt !== before.lastNoteAt;

const untilAnswered = (isNext: boolean): Definition => ({
  since: ({ answered, waitingSince, unnotedSince }, notesCount) => {
    if (answered !== isNext || waitingSince === null) return null;
    return notesCount ? unnotedSince : waitingSince;
  },
  pauses: [],
  isFulfilled: isAnswered,
});
const betweenAnswers = (pauses: readonly Status[]): Definition => ({
  since: (thread, notesCount) => {
    if (!isUnderWay(thread)) return null;
    const { lastReplyAt, lastNoteAt } = thread;
    return notesCount && lastNoteAt !== null ? Math.max(lastReplyAt ?? 0, lastNoteAt) : lastReplyAt;
  },
  pauses,
  isFulfilled: (before, after) => isAnswered(before, after) || isSolved(before, after),
});
const untilSolved = (pauses: readonly Status[]): Definition => ({
  since: (thread) => (isUnderWay(thread) ? thread.createdAt : null),
  pauses,
  isFulfilled: isSolved,
});

export const DEFINITIONS: Record<Metric, Definition> = {
  'first-reply': untilAnswered(false),
  'next-reply': untilAnswered(true),
  'periodic-update': betweenAnswers([]),
  'pausable-update': betweenAnswers(['pending']),
  'requester-wait': untilSolved(['pending']),
  'agent-work': untilSolved(['pending', 'on-hold']),
  'total-resolution': untilSolved([]),
  'group-ownership': {
    since: (thread) => (isUnderWay(thread) && thread.team !== null ? thread.teamSince : null),
    pauses: [],
    isFulfilled: (before, after) => before.team !== after.team || after.status === 'solved',
  },
};

/** Metrics whose end is the answer that a customer is promised. */
export const REPLY_METRICS: readonly Metric[] = ['first-reply', 'next-reply'];
