/** `evolve`: what an entry makes of a thread. Total and without judgement: whether it may happen was decided before. */
import type { Entry, Fact } from './entry.ts';
import { blankThread, dueAtOf, type Thread } from './thread.ts';
import { isVisibleToCustomer } from './visibility.ts';

type EntryOf<T extends Fact['type']> = Entry & { type: T };
type Steps = { [T in Fact['type']]: (thread: Thread, entry: EntryOf<T>) => Partial<Thread> };

const STEPS: Steps = {
  started: (_thread, { customer, subject, topic, urgency, attributes, status, team, assignee, followUpOf }) => ({
    customer,
    subject,
    topic,
    urgency,
    attributes,
    status,
    team,
    assignee,
    followUpOf,
    started: true,
  }),
  message: (thread, { author, at, channel }) => ({
    channels: thread.channels.includes(channel) ? thread.channels : [...thread.channels, channel],
    ...(author.kind === 'customer'
      ? { waitingSince: earliest(thread.waitingSince, at) }
      : { waitingSince: null, expectedReplyAt: null, answered: true }),
  }),
  note: () => ({}),
  change: (_thread, entry) => ({ [entry.field]: entry.to, ...(entry.field === 'status' ? clocksOf(entry) : {}) }),
  promise: (_thread, { expectedReplyAt }) => ({ expectedReplyAt }),
  seen: (thread, { upTo }) => ({ seenSeq: Math.max(thread.seenSeq, upTo) }),
  moved: (_thread, { to, because }) => (because === 'closed' ? { followUp: to } : {}),
  merge: (thread, entry) => {
    if (entry.phase === 'absorbed') return { waitingSince: earliest(thread.waitingSince, entry.waitingSince) };
    if (entry.phase === 'requested') return { mergingInto: entry.into };
    if (entry.phase === 'refused') return { mergingInto: null };
    return { mergingInto: null, mergedInto: entry.into };
  },
  delivery: () => ({}),
  'set-aside': (thread, { seq, waitingSince, customer }) => ({
    customer: thread.customer.id === '' && customer !== null ? customer : thread.customer,
    setAsides: [...thread.setAsides, seq],
    waitingSince: earliest(thread.waitingSince, waitingSince),
  }),
  redriven: (thread, { setAside }) => ({ setAsides: thread.setAsides.filter((seq) => seq !== setAside) }),
};

/** The thread after `entry`. */
export function evolve(before: Thread, entry: Entry): Thread {
  const step = STEPS[entry.type] as (thread: Thread, entry: Entry) => Partial<Thread>;
  const after: Thread = {
    ...before,
    ...step(before, entry),
    seq: entry.seq,
    updatedAt: Math.max(before.updatedAt, entry.at),
    visibleAt: isVisibleToCustomer(entry) ? Math.max(before.visibleAt, entry.at) : before.visibleAt,
    version: before.version + (movesVersion(entry) ? 1 : 0),
  };
  return dueAtOf(after) === dueAtOf(before) ? after : { ...after, generation: before.generation + 1 };
}

/** Folds a thread's log from its beginning; undefined where the log is empty. */
export function fold(threadId: string, entries: Entry[]): Thread | undefined {
  const first = entries[0];
  return first && entries.reduce(evolve, blankThread(threadId, first.at));
}

/** Messages, notes and changes by people; not what timers, deliveries and the system do. */
function movesVersion({ type, author }: Entry): boolean {
  if (type === 'message' || type === 'note') return true;
  return type === 'change' && (author.kind === 'customer' || author.kind === 'agent');
}

/** What a change of the status does to the clocks: solving needs no answer any more, closing ends every timer. */
function clocksOf(entry: EntryOf<'change'> & { field: 'status' }): Partial<Thread> {
  if (entry.to === 'solved') return { waitingSince: null, expectedReplyAt: null, closeAt: entry.closeAt ?? null };
  if (entry.to === 'closed') return { waitingSince: null, expectedReplyAt: null, closeAt: null, snooze: null };
  return { closeAt: null };
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
