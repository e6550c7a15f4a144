/** Which mails and events follow from the entries of a decision. */
import type { Draft } from '../thread/draft.ts';
import type { Entry } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import type { EventName } from './cloud-event.ts';
import type { Effect } from './effect.ts';

/** Mails: messages to the other side, and the acknowledgement where the customer starts to wait anew. */
export function mailsOf({ entries, before, thread }: Draft): Effect[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'message') return [];
    if (entry.author.kind !== 'customer') return toCustomer('reply', entry, thread);
    const notice: Effect = { type: 'mail', kind: 'notice', seq: entry.seq, to: noticeTo(thread) };
    return isAcknowledged(before) ? [...toCustomer('acknowledgement', entry, thread), notice] : [notice];
  });
}

/** A new thread, or one that was thought done: within a running exchange an automatic mail is only noise. */
function isAcknowledged(before: Thread): boolean {
  return !before.started || before.status === 'solved';
}

function toCustomer(kind: 'acknowledgement' | 'reply', { seq }: Entry, thread: Thread): Effect[] {
  return thread.customer.email === null ? [] : [{ type: 'mail', kind, seq, to: 'customer' }];
}

function noticeTo(thread: Thread): `agent:${string}` | `team:${string}` {
  return thread.assignee === null ? `team:${thread.team ?? ''}` : `agent:${thread.assignee}`;
}

/** Events for other systems: one per commit and kind of happening, and never what somebody wrote. */
export function eventsOf(entries: Entry[]): Effect[] {
  const started = entries.some(({ type }) => type === 'started');
  const events = entries.flatMap((entry) => {
    const name = eventOf(entry, started);
    return name === undefined ? [] : [{ type: 'event' as const, name, seq: entry.seq }];
  });
  // A new team often brings a new assignee: subscribers are told once, of both.
  const lastAssigned = events.findLast(({ name }) => name === 'thread.assigned');
  return events.filter((event) => event.name !== 'thread.assigned' || event === lastAssigned);
}

function eventOf(entry: Entry, started: boolean): EventName | undefined {
  switch (entry.type) {
    case 'started':
      return 'thread.started';
    case 'message':
      if (started) return undefined;
      return entry.author.kind === 'customer' ? 'message.received' : 'message.sent';
    case 'change':
      if (entry.field === 'status') return 'thread.status-changed';
      return entry.field === 'team' || entry.field === 'assignee' ? 'thread.assigned' : undefined;
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
