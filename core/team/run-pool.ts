/**
 * A pool's lane: what was said to it is taken in order, folded into one transaction, and what follows is sent. Dying in
 * between is harmless: the head keeps the last commit's messages and sends, and when they come again it is sent again.
 */

import { nothingPerformed } from '../effect/perform.ts';
import { Conflict, TransientFailure } from '../failures.ts';
import { claimedBusinessOf, type Ids } from '../ids.ts';
import type { Clock, Effects, LaneMessage, Log, Policies, PoolStore, ThreadStore, WaitQueue } from '../ports.ts';
import { SWEEP_HORIZON_MS } from '../thread/draft.ts';
import { beginRecount, isRecountDue, nextLookAt, recount, sayAvailability, takeSeat } from './decide-pool.ts';
import { giveOut, teamsThatCanGive } from './give-out.ts';
import { blankPool, type Pool } from './pool.ts';
import { type PoolCommand, poolCommandSchema } from './pool-command.ts';
import { PoolDraft } from './pool-draft.ts';

export interface PoolDeps {
  pools: PoolStore;
  threads: ThreadStore;
  effects: Effects;
  waits: WaitQueue;
  policies: Policies;
  clock: Clock;
  log: Log;
  idsOf: (business: string) => Promise<Ids>;
}

/** Threads that are counted, and rows of a queue that are looked at, in one go. */
const RECOUNT_PAGE = 12;
const QUEUE_PAGE = 50;
/** Of a queue whose first rows nobody can have who is there, so many pages are looked at. */
const QUEUE_PAGES_MAX = 20;

/** Runs a batch of the messages of a pool's lane, as a whole. @returns how many */
export async function runPool(lane: string, messages: LaneMessage[], deps: PoolDeps): Promise<number> {
  const business = claimedBusinessOf(lane);
  const policy = deps.policies.current(business);
  if (policy === undefined) throw new TransientFailure(`There is no policy for the business of lane ${lane}.`);
  await deps.policies.keep(policy);
  const before = (await deps.pools.load(lane)) ?? blankPool(lane);
  const isTaken = ({ id }: LaneMessage) => before.last.messages.includes(id);
  if (messages.some(isTaken)) await send(before.last.sends, deps);
  const fresh = messages.filter((message) => !isTaken(message));
  if (fresh.length === 0) return messages.length;
  const draft = new PoolDraft(before, { policy, ids: await deps.idsOf(business), now: deps.clock.now() });
  // First, so that what is told now counts already.
  if (isRecountDue(draft)) beginRecount(draft);
  const commands = fresh.flatMap((message) => commandOf(message, deps) ?? []);
  const told = commands.flatMap(({ body }) => (body.type === 'seat' ? [body.thread] : []));
  draft.know(await deps.pools.rows(lane, [...new Set(told)]));
  for (const command of commands) await take(draft, command, deps);
  const isCutOff = await give(draft, deps);
  await commit(draft, before, { messages: fresh.map(({ id }) => id), isCutOff }, deps);
  return messages.length;
}

async function take(draft: PoolDraft, command: PoolCommand, deps: PoolDeps): Promise<void> {
  const { body } = command;
  const { id: pool, epoch } = draft.pool;
  switch (body.type) {
    case 'seat':
      takeSeat(draft, body);
      return;
    case 'availability': {
      const held = body.availability === 'away-reassign' ? await deps.pools.held(pool, body.agent) : [];
      sayAvailability(draft, body, command, held);
      return;
    }
    case 'recount': {
      if (body.epoch !== epoch || !draft.pool.isCounting) return;
      const { business } = draft.pool;
      const list = { by: 'inbox', business, teams: null, classes: ['u', 'w', 'n', 'o'], first: 'oldest' } as const;
      const { items, next } = await deps.threads.list(list, { limit: RECOUNT_PAGE, after: body.after });
      draft.know(
        await deps.pools.rows(
          pool,
          items.map(({ id }) => id),
        ),
      );
      recount(draft, items, next);
    }
  }
}

/** Undefined for a timer, which only has the pool look again, and for what nobody understands: no customer wrote it. */
function commandOf({ id, lane, body }: LaneMessage, deps: PoolDeps): PoolCommand | undefined {
  const parsed = poolCommandSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const isTimer = (body as { body?: { type?: string } } | null)?.body?.type === 'fire-timers';
  if (!isTimer) deps.log('error', 'pool.unreadable', { lane, message: id });
  return undefined;
}

/** Looks at queues, page by page, for as long as somebody could have more. @returns whether it had to stop before */
async function give(draft: PoolDraft, deps: PoolDeps): Promise<boolean> {
  const cursors = new Map<string, string | null>();
  for (let page = 0; page < QUEUE_PAGES_MAX; page += 1) {
    const teams = teamsThatCanGive(draft).filter(({ id }) => page === 0 || cursors.get(id) != null);
    if (teams.length === 0) return false;
    for (const { id } of teams) {
      const request = { limit: QUEUE_PAGE, after: cursors.get(id) ?? null };
      const { items, next } = await deps.pools.queue(
        { pool: draft.pool.id, epoch: draft.pool.epoch, team: id },
        request,
      );
      draft.know(items);
      cursors.set(id, next);
    }
    if (giveOut(draft)) return true;
  }
  return false;
}

async function commit(
  draft: PoolDraft,
  before: Pool,
  { messages, isCutOff }: { messages: string[]; isCutOff: boolean },
  deps: PoolDeps,
): Promise<void> {
  const { pool, sends, changed, world } = draft;
  const dueAt = isCutOff ? world.now : nextLookAt(draft);
  const isTimed = isCutOff || dueAt !== before.dueAt;
  if (isTimed) Object.assign(pool, { dueAt, generation: before.generation + 1 });
  const isSame = JSON.stringify(pool) === JSON.stringify(before) && changed.length === 0 && sends.length === 0;
  if (isSame) return waitOn(before, deps);
  Object.assign(pool, { seq: before.seq + 1, last: { messages, sends } });
  const rows = changed.map((row) => ({ row, before: draft.stored(row.thread) }));
  const result = await deps.pools.commit({ pool, expectedSeq: before.seq, rows });
  if (result === 'conflict') throw new Conflict('Another writer was faster.');
  await send(sends, deps);
  if (isTimed) await waitOn(pool, deps);
}

/** What is due later than the next sweep is found by that. */
async function waitOn({ id, dueAt, generation }: Pool, { waits, clock }: PoolDeps): Promise<void> {
  const delayMs = dueAt === null ? Number.POSITIVE_INFINITY : Math.max(0, dueAt - clock.now());
  if (dueAt === null || delayMs > SWEEP_HORIZON_MS) return;
  await waits.put([{ timer: { thread: id, dueAt, generation }, delayMs }]);
}

async function send(commands: LaneMessage[], deps: PoolDeps): Promise<void> {
  if (commands.length > 0) await deps.effects.perform({ ...nothingPerformed(), commands });
}
