/** What is said to a pool, and what it makes of it. Pure; who is given which thread is decided in `giveOut`. */
import type { Thread } from '../thread/thread.ts';
import { busyOf, type Row } from './pool.ts';
import type { PoolCommand } from './pool-command.ts';
import type { PoolDraft } from './pool-draft.ts';
import { seatOf } from './seat.ts';

type BodyOf<T extends PoolCommand['body']['type']> = Extract<PoolCommand['body'], { type: T }>;

/** A thread tells how it is. It is right, and the pool follows; only what is older than what it knows is no news. */
export function takeSeat(draft: PoolDraft, { thread, seq, seat, offer, isReturn }: BodyOf<'seat'>): void {
  const { epoch } = draft.pool;
  // Also what was counted before knows of something newer than a message that comes a day late.
  if (seq < (draft.stored(thread)?.seq ?? 0) && draft.row(thread) === undefined) return;
  const before = draft.row(thread);
  const isAnswer = offer !== null && offer === before?.offer?.id;
  if (before !== undefined && isAnswer && seq < before.seq) {
    // What was told since came before it: that holds, and the offer is over all the same.
    draft.put({ ...before, offer: null, at: draft.world.now });
    return;
  }
  if (before !== undefined && seq <= before.seq && !isAnswer) return;
  if (before?.offer != null && !isAnswer && seat.state === 'waiting') {
    // It was told before the offer came there: that is still to be answered.
    draft.put({ ...before, seq, seat, at: draft.world.now });
    return;
  }
  const isRefused = isAnswer && seat.state === 'waiting';
  draft.put({
    thread,
    seq,
    epoch,
    seat,
    offer: null,
    at: draft.world.now,
    refusals: isRefused ? (before?.refusals ?? 0) + 1 : 0,
  });
  if (seat.state !== 'held') return;
  if (isReturn) releaseWhereNotThere(draft, thread, seat);
  else if (isAnswer && isSentAway(draft, seat.agent)) release(draft, thread, seat.agent, 'away');
}

/** Threads that come back to their agent stay with them only if they are there and have room. */
function releaseWhereNotThere(draft: PoolDraft, thread: string, { team: teamId, agent, channel }: Held): void {
  const team = draft.world.policy.team(teamId);
  if (team === undefined || team.assign === 'manual') return;
  if (!draft.isThere(agent, team)) release(draft, thread, agent, 'away');
  else if (draft.isOverfull(agent, team, channel)) release(draft, thread, agent, 'no-room');
}

type Held = Extract<Row['seat'], { state: 'held' }>;

function release(draft: PoolDraft, thread: string, agent: string, because: 'away' | 'no-room'): void {
  draft.tell(thread, { type: 'release', agent, because });
}

function isSentAway(draft: PoolDraft, agent: string): boolean {
  return draft.pool.agents[agent]?.availability === 'away-reassign';
}

/** Threads that are taken from one agent at once; of more, the others when they say again that they are away. */
const RELEASES_MAX = 100;

/** @param held the rows that keep the agent busy, where they go away and others are to have them */
export function sayAvailability(
  draft: PoolDraft,
  { agent: id, availability }: BodyOf<'availability'>,
  { id: said, acceptedAt: saidAt }: Pick<PoolCommand, 'id' | 'acceptedAt'>,
  held: Row[],
): void {
  const agent = draft.agent(id);
  if (saidAt < agent.saidAt || said === agent.said) return;
  Object.assign(agent, { availability, saidAt, said });
  if (availability !== 'away-reassign') return;
  draft.know(held);
  for (const { thread } of held.slice(0, RELEASES_MAX)) {
    const row = draft.row(thread);
    if (row?.seat.state === 'held' && busyOf(row)?.agent === id) release(draft, thread, id, 'away');
  }
}

/** So often it is counted anew what threads there are: whatever a pool came to believe by mistake is mended then. */
const COUNTED_MS_MAX = 24 * 3_600_000;

/** Under another policy other teams may give their threads out, which nobody told the pool of before. */
export function isRecountDue({ pool, world }: PoolDraft): boolean {
  const isOther = pool.policy !== world.policy.hash;
  return world.policy.givesThreads && (isOther || world.now - pool.countedAt >= COUNTED_MS_MAX);
}

/** Forgets all counts: every row has to be told anew. */
export function beginRecount(draft: PoolDraft): void {
  const { pool, world } = draft;
  const counted = { countedAt: world.now, policy: world.policy.hash };
  Object.assign(pool, { epoch: pool.epoch + 1, isCounting: true, queued: {}, ...counted });
  for (const agent of Object.values(pool.agents)) agent.load = {};
  askForPage(draft, null);
}

/** @param threads a page of all that are in work; the commands that went past it meanwhile were told by themselves */
export function recount(draft: PoolDraft, threads: Thread[], next: string | null): void {
  const { epoch } = draft.pool;
  for (const thread of threads) {
    const before = draft.row(thread.id);
    if (before !== undefined && before.seq >= thread.seq) continue;
    const { id, seq } = thread;
    draft.put({ thread: id, seq, epoch, seat: seatOf(thread), offer: null, at: draft.world.now, refusals: 0 });
  }
  if (next === null) draft.pool.isCounting = false;
  else askForPage(draft, next);
}

function askForPage(draft: PoolDraft, after: string | null): void {
  const { id: lane, epoch, seq } = draft.pool;
  const id = `recount~${lane}~${seq}`;
  const body: PoolCommand = { schema: 1, id, acceptedAt: draft.world.now, body: { type: 'recount', epoch, after } };
  draft.sends.push({ lane, id, body });
}

/** When somebody may be there, for whom threads wait, who is not now; at the latest when it is to be counted anew. */
export function nextLookAt({ pool, world }: PoolDraft): number | null {
  if (!world.policy.givesThreads) return null;
  const openings = [...world.policy.teams].flatMap(({ id, assign, hours, agents }) => {
    const waits = assign !== 'manual' && (pool.queued[id] ?? 0) > 0 && !hours.isOpen(world.now);
    const someoneComes = agents.some((agent) => (pool.agents[agent]?.availability ?? 'by-hours') === 'by-hours');
    return waits && someoneComes ? (hours.nextOpen(world.now) ?? []) : [];
  });
  return Math.min(pool.countedAt + COUNTED_MS_MAX, ...openings);
}
