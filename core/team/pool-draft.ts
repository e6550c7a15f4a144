/** A pool's decision in the making: rows change, and what its head counts follows each of them at once. */
import { Ids } from '../ids.ts';
import type { CompiledPolicy, Team } from '../policy/compiled-policy.ts';
import type { LaneMessage } from '../ports.ts';
import { COMMAND_SCHEMA, type CommandBody } from '../thread/command.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { Channel } from '../thread/thread.ts';
import { hasRoom } from './assignment.ts';
import { blankAgent, busyOf, type Pool, type PoolAgent, queueOf, type Row } from './pool.ts';

export interface PoolWorld {
  policy: CompiledPolicy;
  ids: Ids;
  /** Epoch ms. */
  now: number;
}

export class PoolDraft {
  readonly world: PoolWorld;
  readonly pool: Pool;
  readonly sends: LaneMessage[] = [];
  readonly #stored = new Map<string, Row>();
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Map<string, Row>();

  /** @param pool is not changed */
  constructor(pool: Pool, world: PoolWorld) {
    this.pool = structuredClone(pool);
    this.world = world;
  }

  /** Rows as the store has them; what this decision made of one before is not forgotten. */
  know(rows: Row[]): void {
    for (const row of rows) {
      if (!this.#stored.has(row.thread)) this.#stored.set(row.thread, row);
      if (!this.#rows.has(row.thread)) this.#rows.set(row.thread, row);
    }
  }

  /** A row as the store has it, also of an earlier count. */
  stored(thread: string): Row | undefined {
    return this.#stored.get(thread);
  }

  /** Undefined also where a thread was not told of since the pool was last counted. */
  row(thread: string): Row | undefined {
    const row = this.#rows.get(thread);
    return row?.epoch === this.pool.epoch ? row : undefined;
  }

  get rows(): Row[] {
    return [...this.#rows.values()].filter(({ epoch }) => epoch === this.pool.epoch);
  }

  get changed(): Row[] {
    return [...this.#changed.values()];
  }

  agent(id: string): PoolAgent {
    const known = this.pool.agents[id] ?? blankAgent();
    this.pool.agents[id] = known;
    return known;
  }

  put(row: Row): void {
    const before = this.row(row.thread);
    this.#rows.set(row.thread, row);
    this.#changed.set(row.thread, row);
    const [was, is] = [before && busyOf(before), busyOf(row)];
    if (was?.agent !== is?.agent || was?.channel !== is?.channel) {
      if (was !== undefined) this.#count(was, -1);
      if (is !== undefined) this.#count(is, 1);
      if (was !== undefined && was.agent !== is?.agent) this.agent(was.agent).freedAt = this.world.now;
    }
    const { queued } = this.pool;
    const [left, joined] = [before && queueOf(before), queueOf(row)];
    if (left !== undefined) queued[left] = (queued[left] ?? 0) - 1;
    if (joined !== undefined) queued[joined] = (queued[joined] ?? 0) + 1;
  }

  takesTurn(agent: string): void {
    this.pool.turns += 1;
    Object.assign(this.agent(agent), { givenAt: this.world.now, turn: this.pool.turns });
  }

  /** Whether an agent is there for a team. */
  isThere(agent: string, { hours }: Team): boolean {
    const availability = this.pool.agents[agent]?.availability ?? 'by-hours';
    return availability === 'by-hours' ? hours.isOpen(this.world.now) : availability === 'online';
  }

  /** Whether a team may give an agent one more thread of this channel. */
  hasRoom(agent: string, team: Team, channel: Channel): boolean {
    return hasRoom(this.world.policy.capacityOf(agent, team.id), this.pool.agents[agent]?.load ?? {}, channel);
  }

  /** Whether an agent has more than a team would have given them, a thread of this channel among it. */
  isOverfull(agent: string, team: Team, channel: Channel): boolean {
    const load = this.pool.agents[agent]?.load ?? {};
    const without = { ...load, [channel]: (load[channel] ?? 0) - 1 };
    return !hasRoom(this.world.policy.capacityOf(agent, team.id), without, channel);
  }

  /** A command on a thread's lane, under an id that comes out the same when this commit is made again. */
  tell(thread: string, body: CommandBody): string {
    const { ids, policy, now } = this.world;
    const { id: pool, business, seq } = this.pool;
    const entropy = Ids.derivedEntropy(`${pool} ${seq}`, `${body.type} ${thread}`);
    const id = ids.command(thread, `system:${SYSTEM.id}`, now, entropy);
    const command = {
      ...{ schema: COMMAND_SCHEMA, id, business, thread, acceptedAt: now, policy: policy.hash },
      ...{ author: SYSTEM, control: 'agent', body },
    };
    this.sends.push({ lane: thread, id, body: command });
    return id;
  }

  #count({ agent, channel }: NonNullable<ReturnType<typeof busyOf>>, by: number): void {
    const { load } = this.agent(agent);
    load[channel] = (load[channel] ?? 0) + by;
  }
}
