/** What agents of a simulated world wish for: answers, changes, merges, and to see to what was set aside. */
import { isOlderThread } from '../../../core/ids.ts';
import { payloadOf } from '../../../core/lane/set-aside.ts';
import type { Blobs } from '../../../core/ports.ts';
import { type CommandBody, commandSchema } from '../../../core/thread/command.ts';
import { entriesOf } from '../../../core/thread/entry.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { ANA, aText, BEN, HOUR, MINUTE } from '../../builders.ts';
import type { Random } from '../../support/random.ts';
import type { Wish } from './clients.ts';
import type { Customers } from './customers.ts';
import type { MemoryThreadStore } from './memory-store.ts';
import type { Scheduler } from './scheduler.ts';

export interface AgentsWorld {
  scheduler: Scheduler;
  store: MemoryThreadStore;
  blobs: Blobs;
  customers: Customers;
}

/** Statuses that agents like to set: most threads are to be solved some time. */
const STATUSES = ['open', 'pending', 'on-hold', 'solved', 'solved'] as const;
const WISHES = ['note', 'status', 'change', 'owner', 'owner', 'merge', 'merge'] as const;
const IF_MATCH = 0.08;
const WRONG_WAY = 0.15;
const SENSIBLE = 0.85;

/** An agent's wish about a thread, one of several of its customer. */
export function agentsWish(thread: string, others: string[], words: string, world: AgentsWorld): Wish {
  const { random } = world.scheduler;
  const author = random.pick([ANA, BEN]);
  const head = world.store.head(thread);
  const wish = random.chance(0.45) ? usualWish(random) : random.pick(WISHES);
  const seen = head === undefined ? 0 : head.version - random.below(2);
  const ifMatch = random.chance(IF_MATCH) ? { ifMatch: Math.max(0, seen) } : {};
  const about = { thread, author, ...ifMatch };
  if (wish === 'reply') return { ...about, ...reply(words, author, world) };
  if (wish === 'note') {
    const content = aText(`SECRET ${words}`);
    return { ...about, body: { type: 'note', messageId: '', channel: 'api', content }, words };
  }
  if (wish === 'merge') return mergeOf(thread, others, author, world);
  if (wish === 'status') return { ...about, body: { type: 'set-status', status: random.pick(STATUSES) } };
  if (wish === 'snooze') return { ...about, body: snooze(world.scheduler) };
  return { ...about, body: wish === 'owner' ? assignment(random) : smallChange(words, random) };
}

function usualWish(random: Random): 'reply' | 'snooze' {
  return random.chance(0.6) ? 'reply' : 'snooze';
}

function reply(
  words: string,
  author: Wish['author'],
  { scheduler, customers }: AgentsWorld,
): Omit<Wish, 'thread' | 'author'> {
  const { random } = scheduler;
  const wording = customers.word(words, author);
  const status = random.chance(0.5) ? { status: random.pick(STATUSES) } : {};
  const content = 'content' in wording ? wording.content : aText();
  return {
    body: { type: 'reply', messageId: '', channel: 'api', content, ...status },
    words,
    ...('written' in wording ? wording : {}),
  };
}

/** Soon, so that it ends while much is going on, or late, or with the customer's next message. */
function snooze({ now, random }: Scheduler): CommandBody {
  const until = now + random.below(random.pick([MINUTE, MINUTE, 5 * MINUTE, 2 * HOUR, 50 * HOUR]));
  if (random.chance(0.05)) return { type: 'snooze', until: now - HOUR };
  return { type: 'snooze', until: random.chance(0.75) ? until : null };
}

function assignment(random: Random): CommandBody {
  const teams = [{ team: 'support' }, { team: 'billing' }, { team: 'sales' }, { team: 'nobody' }];
  const team = random.chance(0.4) ? random.pick(teams) : {};
  const assignee = random.pick([
    { assignee: 'ana' },
    { assignee: 'ben' },
    { assignee: 'ben' },
    { assignee: 'eve' },
    { assignee: null },
    {},
  ]);
  return { type: 'assign', ...team, ...assignee, takeOver: random.chance(0.5) };
}

function smallChange(words: string, random: Random): CommandBody {
  const tags = ['SECRET-a', 'SECRET-b', 'SECRET-c'];
  const many = Array.from({ length: 51 }, (_, n) => `SECRET-many-${n}`);
  return random.pick<CommandBody>([
    { type: 'set-priority', priority: random.pick(['low', 'high']) },
    { type: 'set-subject', subject: `${random.pick(['About', 'Re: about'])} ${words}` },
    { type: 'change-tags', add: [random.pick(tags)], remove: random.chance(0.3) ? [random.pick(tags)] : [] },
    { type: 'change-tags', add: many, remove: random.chance(0.5) ? tags : many.slice(1) },
    { type: 'wake' },
    { type: 'wake' },
  ]);
}

/** Mostly of the newer thread into the older, as the API orders them; now and then as nobody should. */
export function mergeOf(thread: string, others: string[], author: Wish['author'], world: AgentsWorld): Wish {
  const { random } = world.scheduler;
  const other = random.pick(random.chance(SENSIBLE) ? sensible(thread, others, world) : others);
  const isWrongWay = random.chance(WRONG_WAY);
  const [newer, older] = isOlderThread(other, thread) !== isWrongWay ? [thread, other] : [other, thread];
  const version = world.store.head(older)?.version ?? 0;
  const intoVersion = random.chance(IF_MATCH) ? { intoVersion: Math.max(0, version - random.below(2)) } : {};
  return { thread: newer, author, body: { type: 'merge', into: older, ...intoVersion } };
}

/** Other threads that went on elsewhere or, mostly, such as are still open, where there are any. */
function sensible(thread: string, others: string[], { store, scheduler }: AgentsWorld): string[] {
  const [merged, open] = [others.filter(isMerged), others.filter((other) => other !== thread && !isClosed(other))];
  function isMerged(other: string): boolean {
    return (store.head(other)?.mergedInto ?? null) !== null;
  }
  function isClosed(other: string): boolean {
    return store.head(other)?.status === 'closed';
  }
  if (merged.length > 0 && scheduler.random.chance(0.3)) return merged;
  return open.length > 0 ? open : others;
}

/** A lead sends a command again that had to be set aside or, where it cannot be read or is of no use, dismisses it. */
export async function seeingTo(head: Thread, { scheduler, store, blobs }: AgentsWorld): Promise<Wish | undefined> {
  const { random } = scheduler;
  const [seq] = head.setAsides.length === 0 ? [] : [random.pick(head.setAsides)];
  if (seq === undefined) return undefined;
  const [item] = await store.log(head.id, seq - 1, 1);
  const entry = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  if (entry?.type !== 'set-aside') return undefined;
  const kept = commandSchema.safeParse(await payloadOf(entry, blobs));
  if (!kept.success || random.chance(0.15)) {
    return { thread: head.id, author: ANA, body: { type: 'dismiss' }, redrives: seq };
  }
  const { author, acceptedAt, expectedReplyAt, body } = kept.data;
  return {
    thread: head.id,
    author,
    acceptedAt,
    body,
    redrives: seq,
    ...(expectedReplyAt === undefined ? {} : { expectedReplyAt }),
  };
}
