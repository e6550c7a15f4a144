/** Which public event follows from the entries of a decision, and what it says: of the thread as that left it. */
import type { Entry } from '../../../core/thread/entry.ts';
import type { SpecThread } from './spec-thread.ts';

export interface SpecEvent {
  id: string;
  type: string;
  data: Record<string, string | string[] | number | null>;
  [field: string]: unknown;
}

type Telling = [name: string, more: Record<string, string | number>];

/** What other systems most want to know of a decision; the rest stands in `changed`. */
const TELLINGS: ((entry: Entry) => Telling | undefined)[] = [
  (entry) => (entry.type === 'set-aside' ? ['command.set-aside', { reason: entry.reason.code }] : undefined),
  (entry) => (entry.type === 'started' ? ['thread.started', {}] : undefined),
  (entry) => {
    if (entry.type !== 'message') return undefined;
    const name = entry.author.kind === 'customer' ? 'message.received' : 'message.sent';
    return [name, { messageId: entry.messageId }];
  },
  (entry) => (entry.type === 'rating' ? ['thread.rated', { score: entry.score }] : undefined),
  (entry) =>
    entry.type === 'merge' && entry.phase === 'completed' ? ['thread.merged', { into: entry.into }] : undefined,
  (entry) => (entry.type === 'delivery' ? ['mail.undelivered', { state: entry.state }] : undefined),
  (entry) => (entry.type === 'change' ? ['thread.changed', {}] : undefined),
];

export function eventOf(before: SpecThread, thread: SpecThread, entries: Entry[]): SpecEvent | undefined {
  for (const tellingOf of TELLINGS) {
    for (const entry of entries) {
      const told = tellingOf(entry);
      if (told !== undefined) return eventAbout(before, thread, entries, entry, told);
    }
  }
  return undefined;
}

function eventAbout(
  before: SpecThread,
  thread: SpecThread,
  entries: Entry[],
  { seq, author, at }: Entry,
  [name, more]: Telling,
): SpecEvent {
  const { id, customer, team, assignee, status, priority } = thread;
  const statusBefore = !before.started && thread.started ? null : before.status;
  const changed = [...new Set(entries.flatMap((entry) => (entry.type === 'change' ? [entry.field] : [])))];
  return {
    specversion: '1.0',
    id: `evt${id.slice(3)}_${seq}`,
    source: '/businesses/acme',
    type: `meanwhile.${name}`,
    subject: id,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...{ thread: id, seq, author: author.kind, customer: customer.id || null, team, assignee, priority },
      ...{ status, statusBefore, changed, ...more },
    },
  };
}
