/**
 * The commands that people gave, from a thread's log: what they wrote and changed, without what rules, clocks and
 * timers made of it; and those of the pool. What came from other threads by a merge is left out.
 */
import type { Command, CommandBody } from '../thread/command.ts';
import { type Entry, entriesOf, type LogItem } from '../thread/entry.ts';
import { SETTABLE_STATUSES } from '../thread/status.ts';
import { aNobody, type Customer } from '../thread/thread.ts';

type Given = Pick<Command, 'id' | 'acceptedAt' | 'author'> & { body: CommandBody };
type Change = Entry & { type: 'change' };

/** What a record or a token tells of a customer is no person's change, and comes by their command all the same. */
const TOLD = 'customer-told';

const NOTHING: CommandBody = { type: 'change-tags', add: [], remove: [] };

export function commandsOf(items: LogItem[]): Given[] {
  const given: Given[] = [];
  for (const item of items) {
    const entries = entriesOf(item);
    for (const { command: id, at: acceptedAt, author } of item.decisions) {
      if (author.kind === 'system')
        given.push(...poolsOf(entries, id).map((body) => ({ id, acceptedAt, author, body })));
      if (author.kind !== 'customer' && author.kind !== 'agent') continue;
      const all = entries.filter(({ cause }) => cause.command === id);
      const own = all.filter(({ cause: { rule } }) => rule === undefined || rule === TOLD);
      const bodies = bodiesOf(own);
      // Even what changed nothing made the product look at the thread anew.
      for (const body of bodies.length > 0 ? bodies : [NOTHING]) given.push({ id, acceptedAt, author, body });
    }
  }
  return given;
}

/** What a pool wished for: who was there then, nothing but the log knows any more. */
function poolsOf(entries: Entry[], id: string): CommandBody[] {
  return entries.flatMap((entry): CommandBody[] => {
    if (entry.cause.command !== id) return [];
    if (entry.type === 'assigned') {
      const { team, agent, mode, load, capacity, among } = entry;
      return [{ type: 'offer', team, agent, mode, load, capacity, among }];
    }
    const [, because] = entry.cause.rule?.match(/^release-(away|no-room)$/) ?? [];
    if (entry.type !== 'change' || entry.field !== 'assignee' || because === undefined) return [];
    return [{ type: 'release', agent: entry.from ?? '', because: because as 'away' | 'no-room' }];
  });
}

/** One command may have changed several things: an answer that solves, an assignment to a team and a person. */
function bodiesOf(entries: Entry[]): CommandBody[] {
  const written = writtenBy(entries);
  const changes = entries.flatMap((entry) => (entry.type === 'change' ? [entry] : []));
  // Solving and opening by an answer is part of it, and what is known of whoever wrote.
  const others = changes.filter(({ field }) => written === undefined || !['status', 'customer'].includes(field));
  const rated = entries.flatMap((entry): CommandBody[] => {
    return entry.type === 'rating' ? [{ type: 'rate', score: entry.score, comment: entry.comment }] : [];
  });
  return [...(written === undefined ? [] : [written]), ...rated, ...assignmentOf(others), ...others.flatMap(bodyOf)];
}

function writtenBy(entries: Entry[]): CommandBody | undefined {
  const started = entries.find((entry) => entry.type === 'started');
  const entry = entries.find((one) => one.type === 'message' || one.type === 'note');
  if (entry?.type === 'note') {
    const { messageId, channel, content, mail } = entry;
    return { type: 'note', messageId, channel, content, mail };
  }
  if (entry?.type !== 'message') return undefined;
  const { messageId, channel, content, author, mail } = entry;
  const message = { messageId, channel, content, mail };
  if (started?.type === 'started') {
    const { customer, subject, topic, urgency, attributes, followUpOf, team } = started;
    // The team that a customer’s topic led to is found anew.
    const own = author.kind === 'agent' || followUpOf !== null ? team : null;
    return { type: 'start', ...message, customer, subject, topic, urgency, attributes, team: own, followUpOf };
  }
  if (author.kind === 'agent') {
    const status = settableIn(entries);
    return { type: 'reply', ...message, ...(status === undefined ? {} : { status }) };
  }
  const told = entries.find((one) => one.type === 'change' && one.field === 'customer');
  const customer = told === undefined ? { ...aNobody(author.id), name: author.name } : (told.to as Customer);
  return { type: 'customer-message', ...message, customer };
}

function settableIn(entries: Entry[]) {
  const change = entries.findLast((entry): entry is Change => entry.type === 'change' && entry.field === 'status');
  return SETTABLE_STATUSES.find((status) => status === change?.to);
}

function assignmentOf(changes: Change[]): CommandBody[] {
  const team = changes.find((change) => change.field === 'team');
  const assignee = changes.find((change) => change.field === 'assignee');
  if (team === undefined && assignee === undefined) return [];
  return [
    {
      type: 'assign',
      ...(typeof team?.to === 'string' ? { team: team.to } : {}),
      ...(assignee === undefined ? {} : { assignee: assignee.to as string | null }),
      takeOver: true,
    },
  ];
}

function bodyOf(change: Change): CommandBody[] {
  switch (change.field) {
    case 'status': {
      const status = SETTABLE_STATUSES.find((one) => one === change.to);
      return status === undefined ? [] : [{ type: 'set-status', status }];
    }
    case 'priority':
      return [{ type: 'set-priority', priority: change.to }];
    case 'subject':
      return [{ type: 'set-subject', subject: change.to }];
    case 'tags': {
      const { from, to } = change;
      const add = to.filter((tag) => !from.includes(tag));
      return [{ type: 'change-tags', add, remove: from.filter((tag) => !to.includes(tag)) }];
    }
    case 'customer': {
      const { from, to } = change;
      return [{ type: 'customer-told', customer: to, ...(from.id === to.id ? {} : { linked: from.id }) }];
    }
    case 'snooze':
      return [change.to === null ? { type: 'wake' } : { type: 'snooze', until: change.to.until }];
    default:
      return [];
  }
}
