/** Which mails a message causes, to whom, from whom, and what they say: told from what the thread was at that time. */
import type { Command } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { Customer } from '../../../core/thread/thread.ts';
import type { House } from './house.ts';
import type { SpecThread } from './spec-thread.ts';
import { wordsOf } from './words.ts';

export interface SpecMail {
  id: string;
  kind: 'acknowledgement' | 'reply' | 'notice' | 'alert' | 'reminder' | 'rating' | 'transcript';
  thread: string;
  /** The entry it is about. */
  seq: number;
  /** Mails of one thread to one recipient keep their order. */
  recipient: string;
  to: { name: string; address: string };
  from: { name: string; address: string };
  subject: string;
  /** What its text holds: each so often at least. */
  says: { text: string; times: number }[];
  /** By whose command, where it did not come by the lane. */
  isOutOfTurn?: boolean;
}

/** @param seq the number of the message's entry; who is told of it is another matter */
export function mailsOf(
  before: SpecThread,
  after: SpecThread,
  command: Command,
  seq: number,
  house: House,
): SpecMail[] {
  if (command.author.kind !== 'customer') return [replyTo(after, command, seq, house)].filter(isSomebody);
  // Within a running exchange an automatic mail is only noise.
  const isNew = !before.started || before.status === 'solved';
  return isNew ? [acknowledgementTo(after, command, seq, house)].filter(isSomebody) : [];
}

function replyTo(thread: SpecThread, command: Command, seq: number, house: House): SpecMail {
  const sender = `${command.author.name}, ${house.name}`;
  return {
    ...envelope('reply', thread, seq),
    to: addressOf(thread.customer),
    from: { name: sender, address: house.team(thread.team).address },
    // A thread's first message answers nothing.
    subject: seq <= 2 ? thread.subject : answering(thread.subject),
    says: [{ text: wordsOf(command).words, times: wordsOf(command).times }],
  };
}

function acknowledgementTo(thread: SpecThread, command: Command, seq: number, house: House): SpecMail {
  const { customer, expectedReplyAt } = thread;
  const isInGerman = isGerman(customer);
  const soon = isInGerman ? 'so bald wie möglich' : 'as soon as we can';
  const when =
    expectedReplyAt === null ? soon : byWhen(expectedReplyAt, command.acceptedAt, isInGerman, zoneOf(thread, house));
  return {
    ...envelope('acknowledgement', thread, seq),
    to: addressOf(customer),
    from: { name: house.name, address: house.team(thread.team).address },
    subject: answering(thread.subject),
    says: [
      { text: wordsOf(command).words, times: 1 },
      { text: when, times: 1 },
      { text: isInGerman ? 'Guten Tag' : 'Hello', times: 1 },
    ],
  };
}

/** @param said of the messages that somebody is told of */
export function noticeOf(thread: SpecThread, said: SpecMail['says'], seq: number, house: House): SpecMail {
  const { assignee, team, expectedReplyAt, customer } = thread;
  const agent = assignee === null ? undefined : house.agent(assignee);
  const { name, address } = house.team(team);
  const when =
    expectedReplyAt === null ? 'as soon as possible' : inWords(expectedReplyAt, 'en-GB', house.timeZone(team));
  return {
    ...envelope('notice', thread, seq),
    recipient: assignee === null ? `team:${team ?? ''}` : `agent:${assignee}`,
    to: agent === undefined ? { name, address } : { name: agent.name, address: agent.email },
    from: { name: house.name, address },
    subject: `[${house.name}] ${thread.subject}`,
    says: [
      ...said,
      { text: when, times: 1 },
      { text: thread.id, times: 1 },
      { text: customer.email ?? customer.id, times: 1 },
    ],
  };
}

/** What a colleague is told of a deadline. */
export function alertOf(thread: SpecThread, entry: Entry & { type: 'notified' }, house: House): SpecMail {
  const [kind, id = ''] = entry.to.split(':');
  const agent = kind === 'agent' ? house.agent(id) : undefined;
  const { name, address } = house.team(kind === 'team' ? id : thread.team);
  return {
    ...envelope('alert', thread, entry.seq),
    recipient: entry.to,
    to: agent === undefined ? { name, address } : { name: agent.name, address: agent.email },
    from: { name: house.name, address: house.team(thread.team).address },
    subject: `[${house.name}] ${headlineOf(entry)}: ${thread.subject}`,
    says: [{ text: thread.id, times: 1 }],
  };
}

const HEADLINES: Record<string, string> = {
  'first-reply': 'First reply',
  'next-reply': 'Next reply',
  'agent-work': 'Work of agents',
  'requester-wait': 'Customer’s wait',
  'group-ownership': 'Time with the team',
};

function headlineOf({ of, cause }: Entry & { type: 'notified' }): string {
  if (cause.rule === 'reply-lost') return 'Reply may not have arrived';
  if (cause.rule === 'notice-lost') return 'Notice not delivered';
  if (of === null) return 'For you to know';
  const how = { warned: 'due', breached: 'overdue', repeated: 'still overdue' }[of.event];
  return `${HEADLINES[of.metric]} ${how}`;
}

export function envelope(kind: SpecMail['kind'], thread: SpecThread, seq: number) {
  return { id: `snd${thread.id.slice(3)}_${seq}_${kind}`, kind, thread: thread.id, seq, recipient: 'customer' };
}

export function addressOf({ name, email }: Customer): SpecMail['to'] {
  return { name: name ?? '', address: email ?? '' };
}

/** The language of a customer's mails. */
export function isGerman({ locale }: Customer): boolean {
  return locale?.startsWith('de') === true;
}

/** Where a customer reads instants. */
export function zoneOf({ customer, team }: SpecThread, house: House): string {
  return customer.zoneinfo ?? house.timeZone(team);
}

/** A customer without an address gets no mail. */
function isSomebody({ to }: SpecMail): boolean {
  return to.address !== '';
}

export function answering(subject: string): string {
  return subject.toLowerCase().startsWith('re:') ? subject : `Re: ${subject}`;
}

/** Today and tomorrow by these words; any other day by its date. */
function byWhen(at: number, saidAt: number, isGerman: boolean, timeZone: string): string {
  const dateOf = (instant: number) => new Date(instant).toLocaleDateString('sv-SE', { timeZone });
  const time = new Date(at).toLocaleTimeString('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit' });
  if (dateOf(at) === dateOf(saidAt)) return `${isGerman ? 'heute bis' : 'today by'} ${time}`;
  const isTomorrow = Date.parse(dateOf(at)) - Date.parse(dateOf(saidAt)) === 86_400_000;
  if (isTomorrow) return isGerman ? `bis ${time} Uhr` : `by ${time}`;
  return inWords(at, isGerman ? 'de-DE' : 'en-GB', timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** An instant as a person writes it. */
export function inWords(at: number, locale: string, timeZone: string): string {
  const known = formats.get(`${locale} ${timeZone}`);
  const day = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  const format = known ?? new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', timeZone });
  formats.set(`${locale} ${timeZone}`, format);
  return format.format(at);
}
