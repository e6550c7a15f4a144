/** Which mails and events follow from the entries of a decision. */
import type { Draft } from '../thread/draft.ts';
import type { Entry } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import type { EventName } from './cloud-event.ts';
import type { Colleague, Effect, MailKind } from './effect.ts';

/** Mails: messages to the other side, and the acknowledgement where the customer starts to wait anew. */
export function mailsOf({ entries, before, thread, isToldAtOnce }: Draft): Effect[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'notified') return [{ type: 'mail', kind: 'alert', seq: entry.seq, to: entry.to }];
    if (entry.type === 'notice') return [{ type: 'mail', kind: 'notice', seq: entry.seq, to: entry.to }];
    if (entry.type === 'promise' && entry.instead !== undefined) return toCustomer('promise', entry, thread);
    if (entry.type === 'mail-refused') {
      return [{ type: 'mail', kind: 'refusal', seq: entry.seq, to: `agent:${entry.author.id}` }];
    }
    if (entry.type === 'letter') return toCustomer(entry.letter, entry, thread);
    if (entry.type === 'transcript') return [{ type: 'mail', kind: 'transcript', seq: entry.seq, to: entry.to }];
    if (entry.type !== 'message') return [];
    if (entry.author.kind !== 'customer') return toCustomer('reply', entry, thread);
    const notice: Effect = { type: 'mail', kind: 'notice', seq: entry.seq, to: noticeTo(thread) };
    const acknowledgement = isAcknowledged(before, entry) ? toCustomer('acknowledgement', entry, thread) : [];
    return [...acknowledgement, ...(isToldAtOnce ? [notice] : [])];
  });
}

/** A new thread, or one that was thought done: within a running exchange an automatic mail is only noise. */
function isAcknowledged(before: Thread, { mail }: Entry & { type: 'message' }): boolean {
  const isByPerson = mail?.machine === undefined && mail?.unacknowledged !== true;
  return (!before.started || before.status === 'solved') && isByPerson;
}

function toCustomer(kind: MailKind, { seq }: Entry, thread: Thread): Effect[] {
  return isWrittenTo(thread) ? [{ type: 'mail', kind, seq, to: 'customer' }] : [];
}

/** Whether the customer has an address, and has not asked to be answered elsewhere. */
export function isWrittenTo({ customer, answerBy }: Pick<Thread, 'customer' | 'answerBy'>): boolean {
  return customer.email !== null && answerBy === 'email';
}

/** Whoever has to see to the thread. */
export function noticeTo(thread: Pick<Thread, 'assignee' | 'team'>): Colleague {
  return thread.assignee === null ? `team:${thread.team ?? ''}` : `agent:${thread.assignee}`;
}

/**
 * The event that tells other systems of a decision, named after the weightiest of its entries; what else is different
 * stands in it. One is enough, and each is paid for.
 */
export function eventsOf(entries: Entry[]): Effect[] {
  const named = entries.flatMap((entry) => {
    const name = eventOf(entry);
    return name === undefined ? [] : [{ type: 'event' as const, name, seq: entry.seq }];
  });
  const [first] = named.sort((a, b) => WEIGHT.indexOf(a.name) - WEIGHT.indexOf(b.name));
  return first === undefined ? [] : [first];
}

/** The weightiest first. */
const WEIGHT: EventName[] = [
  'command.set-aside',
  'thread.started',
  'message.received',
  'message.sent',
  'thread.rated',
  'thread.merged',
  'mail.undelivered',
  'thread.changed',
];

function eventOf(entry: Entry): EventName | undefined {
  switch (entry.type) {
    case 'started':
      return 'thread.started';
    case 'message':
      return entry.author.kind === 'customer' ? 'message.received' : 'message.sent';
    case 'change':
      return 'thread.changed';
    case 'rating':
      return 'thread.rated';
    case 'merge':
      return entry.phase === 'completed' ? 'thread.merged' : undefined;
    case 'delivery':
      return 'mail.undelivered';
    case 'set-aside':
      return 'command.set-aside';
    default:
      return undefined;
  }
}
