/** `evolve`: what an entry makes of a thread. Total and without judgement: whether it may happen was decided before. */
import { clocksAfter } from '../sla/clock.ts';
import { dueAtOf } from './armed-timers.ts';
import type { Entry, Fact } from './entry.ts';
import type { MailFacts } from './mail-facts.ts';
import { blankThread, inboxClassOf, MAIL_IDS_MAX, type Thread } from './thread.ts';
import { isVisibleToCustomer } from './visibility.ts';

type EntryOf<T extends Fact['type']> = Entry & { type: T };
type Steps = { [T in Fact['type']]: (thread: Thread, entry: EntryOf<T>) => Partial<Thread> };

const NOTHING_WAITED_FOR = { waitingSince: null, lateSince: null, expectedReplyAt: null, unanswered: null };

const STEPS: Steps = {
  started: (
    thread,
    { customer, subject, topic, urgency, attributes, status, team, assignee, followUpOf, answerBy = 'email', at },
  ) => ({
    customer,
    subject,
    topic,
    urgency,
    attributes,
    status,
    team,
    assignee,
    followUpOf,
    answerBy,
    teamSince: at,
    statusSince: at,
    started: true,
    // What was set aside may begin a thread that somebody had solved meanwhile.
    closeAt: status === 'solved' ? thread.closeAt : null,
    // Nor was whoever has it told of what had come before it began.
    noticedAt: team === thread.team && assignee === thread.assignee ? thread.noticedAt : null,
  }),
  message: (thread, { author, at, channel, mail, participants = [] }) => ({
    lastMessageAt: at,
    channels: thread.channels.includes(channel) ? thread.channels : [...thread.channels, channel],
    participants: participants.length === 0 ? thread.participants : [...thread.participants, ...participants],
    ...(author.kind === 'customer' ? { ...waitingFrom(thread, at), verdicts: verdictsOf(mail), letter: null } : {}),
    // Colleagues are told of it at once, unless what follows says otherwise.
    ...(author.kind === 'customer' && thread.notice === null ? { noticedAt: at } : {}),
    ...(author.kind === 'customer' && channel === 'email' ? writtenByMail(thread, mail) : {}),
    // What no person has written is no answer.
    ...(author.kind === 'agent' ? { ...NOTHING_WAITED_FOR, answered: true, lastReplyAt: at, unnotedSince: null } : {}),
  }),
  note: (_thread, { author, at }) => (author.kind === 'agent' ? { lastNoteAt: at, unnotedSince: null } : {}),
  change: (thread, entry) => ({
    [entry.field]: entry.to,
    ...(entry.field === 'status' ? { ...waitsAfter(thread, entry), letter: null, statusSince: entry.at } : {}),
    ...(entry.field === 'team' ? { teamSince: entry.at } : {}),
    ...(entry.field === 'assignee' ? { formerly: entry.from } : {}),
    // Whoever has it now was told of nothing, but of what brought it to them.
    ...(['team', 'assignee'].includes(entry.field) && entry.at !== thread.noticedAt ? { noticedAt: null } : {}),
  }),
  promise: (_thread, { expectedReplyAt }) => ({ expectedReplyAt }),
  sla: (thread, entry) => ({ clocks: clocksAfter(thread.clocks, entry) }),
  rule: ({ acted }, { set, name }) => {
    const rule = `${set}/${name}`;
    return acted.includes(rule) ? {} : { acted: [...acted, rule] };
  },
  look: (_thread, { lookAt }) => ({ lookAt }),
  'rules-bounded': () => ({}),
  assigned: () => ({}),
  notified: () => ({}),
  'notice-planned': (_thread, { since, writtenAt, to, toldAt, dueAt }) => ({
    notice: { since, writtenAt, to, at: dueAt },
    noticedAt: toldAt,
  }),
  notice: (_thread, { at }) => ({ notice: null, noticedAt: at }),
  'notice-off': () => ({ notice: null, noticedAt: null }),
  'letter-planned': (_thread, { letter: kind, dueAt }) => ({ letter: { kind, at: dueAt } }),
  letter: ({ ratingAsked }, { letter }) => ({ letter: null, ratingAsked: ratingAsked || letter === 'rating' }),
  transcript: ({ version }, { at }) => ({ transcript: { at, version } }),
  advice: (_thread, { text }) => ({ advice: text }),
  rating: ({ letter }, { score, comment, at }) => ({
    rating: { score, comment, at },
    // Nobody is asked what they have said.
    letter: letter?.kind === 'rating' ? null : letter,
  }),
  seen: (thread, { upTo }) => ({ seenSeq: Math.max(thread.seenSeq, upTo) }),
  moved: (_thread, { to, because }) => (because === 'closed' ? { followUp: to } : {}),
  'pointed-on': (_thread, { to }) => ({ followUp: to }),
  merge: (thread, entry) => {
    if (entry.phase === 'absorbed') return waits(thread, entry.waitingSince);
    if (entry.phase === 'requested') return { mergingInto: entry.into, lateSince: null };
    if (entry.phase === 'refused') return { mergingInto: null, lateSince: null };
    return { mergingInto: null, lateSince: null, mergedInto: entry.into };
  },
  delivery: () => ({}),
  'machine-mail': () => ({}),
  'mail-refused': () => ({}),
  'set-aside': (thread, { seq, waitingSince, customer }) => ({
    customer: thread.customer.id === '' && customer !== null ? customer : thread.customer,
    setAsides: [...thread.setAsides, seq],
    ...waitingFrom(thread, waitingSince),
  }),
  redriven: seenTo,
  dismissed: seenTo,
};

/** What comes by mail is answered by mail, and the answer names it. */
function writtenByMail({ mailIds }: Thread, mail: MailFacts | undefined): Partial<Thread> {
  const { messageId = null } = mail ?? {};
  const answered = { answerBy: 'email' as const };
  return messageId === null ? answered : { ...answered, mailIds: [...mailIds, messageId].slice(-MAIL_IDS_MAX) };
}

/** What rules may ask of the mail that the customer wrote last. */
function verdictsOf(mail: MailFacts | undefined): Thread['verdicts'] {
  if (mail === undefined) return null;
  return { ...mail.verdicts, sender: mail.isAuthenticated ? 'pass' : 'fail' };
}

/** The customer waits since then, if not for longer; while a merge is asked for, that has to be taken along. */
function waitingFrom(thread: Thread, at: number | null): Partial<Thread> {
  const waiting = waits(thread, at);
  return thread.mergingInto === null ? waiting : { ...waiting, lateSince: earliest(thread.lateSince, at) };
}

function waits({ waitingSince, unnotedSince }: Thread, at: number | null): Partial<Thread> {
  return { waitingSince: earliest(waitingSince, at), unnotedSince: earliest(unnotedSince, at) };
}

/** Somebody has seen to what was set aside; on a closed thread nothing else can be waited for. */
function seenTo(thread: Thread, { setAside }: { setAside: number }): Partial<Thread> {
  const setAsides = thread.setAsides.filter((seq) => seq !== setAside);
  return thread.status === 'closed' && setAsides.length === 0 ? { setAsides, waitingSince: null } : { setAsides };
}

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
  if (entry.author.kind === 'agent') after.onThread = presenceOf(before, entry);
  if (after.waitingSince === null) after.notice = after.noticedAt = null;
  if (inboxClassOf(after) !== inboxClassOf(before)) after.placedAt = Math.max(before.placedAt, entry.at);
  if (dueAtOf(after) !== dueAtOf(before)) after.generation += 1;
  return after;
}

/** An agent does something: at the inbox, unless by mail. What else the same mail asks for has its instant. */
function presenceOf({ onThread }: Thread, entry: Entry): Thread['onThread'] {
  const { author, at } = entry;
  // What is told of a customer is told to all of their threads.
  if (entry.type === 'change' && entry.field === 'customer') return onThread;
  const isOfMail = onThread?.channel === 'email' && onThread.agent === author.id && onThread.at === at;
  const isByMail = 'channel' in entry ? entry.channel === 'email' : 'mail' in entry || isOfMail;
  return { agent: author.id, at, channel: isByMail ? 'email' : 'api' };
}

/** Folds a thread's log from its beginning; undefined where the log is empty. */
export function fold(threadId: string, entries: Entry[]): Thread | undefined {
  const first = entries[0];
  return first && entries.reduce(evolve, blankThread(threadId, first.at));
}

/** Messages, notes and changes by people; not what timers, deliveries and the system do. */
function movesVersion(entry: Entry): boolean {
  const { type, author } = entry;
  if (type === 'message' || type === 'note') return true;
  const isChange = type === 'change' || (type === 'merge' && entry.phase === 'absorbed');
  return isChange && (author.kind === 'customer' || author.kind === 'agent');
}

/**
 * What a change of the status does to the clocks: solving needs no answer any more, closing ends every timer. When
 * somebody solved what the customer still waited for, and it is opened again without a word of theirs, they wait as
 * before.
 */
function waitsAfter(thread: Thread, entry: EntryOf<'change'> & { field: 'status' }): Partial<Thread> {
  const { waitingSince, expectedReplyAt } = thread;
  const none = { waitingSince: null, expectedReplyAt: null, unanswered: null };
  if (entry.to === 'closed') return { ...none, closeAt: null, lookAt: null, snooze: null };
  if (entry.to === 'solved') {
    const isGivenUp = entry.author.kind !== 'customer' && waitingSince !== null;
    return {
      ...none,
      closeAt: entry.closeAt ?? null,
      ...(isGivenUp && { unanswered: { waitingSince, expectedReplyAt } }),
    };
  }
  const { unanswered } = thread;
  if (unanswered === null || entry.author.kind === 'customer') return { closeAt: null, unanswered: null };
  return {
    closeAt: null,
    unanswered: null,
    waitingSince: earliest(waitingSince, unanswered.waitingSince),
    expectedReplyAt: earliest(expectedReplyAt, unanswered.expectedReplyAt),
  };
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
