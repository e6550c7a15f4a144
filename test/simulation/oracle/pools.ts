/** What a pool of agents may do, and what must be so once the world rests: by the rows alone, counted here anew. */
import type { PoolCommit } from '../../../core/ports.ts';
import type { Pool, Row } from '../../../core/team/pool.ts';
import { poolIdOf } from '../../../core/team/pool-command.ts';
import { PRIORITIES } from '../../../core/thread/status.ts';
import { HOUR } from '../../builders.ts';
import { VERSIONS } from '../world/policy-model.ts';
import type { World } from '../world/world.ts';
import { House } from './house.ts';
import type { Observer } from './observer.ts';
import type { SpecThread } from './spec-thread.ts';
import { canonical } from './words.ts';

const POOL = poolIdOf('acme');
/** Lanes are held up for an hour or two by what is broken, and may be so several times in a row. */
const ANSWERED_MS_MAX = 8 * HOUR;
const HOUSES = VERSIONS.map((version) => new House(version));

type Rows = Map<string, Row>;
type Waiting = Row & { seat: { state: 'waiting' } };

export class PoolObserver {
  readonly defects: string[] = [];
  readonly #world: World;
  #rows: Rows = new Map();
  #epoch = 0;

  constructor(world: World) {
    this.#world = world;
    world.onPoolCommit = (commit) => this.#look(commit);
  }

  #look({ pool, rows }: PoolCommit): void {
    if (pool.epoch !== this.#epoch) {
      this.#world.happenings.note('pools counted anew');
      this.defects.push(...this.#defectsOfSilence());
      this.#rows = new Map();
      this.#epoch = pool.epoch;
    }
    const offered = rows.flatMap(({ row }) => {
      const isNew = row.offer !== null && this.#rows.get(row.thread)?.offer?.id !== row.offer.id;
      return isNew && row.epoch === pool.epoch && row.seat.state === 'waiting' ? [row as Waiting] : [];
    });
    for (const { row } of rows) if (row.epoch === pool.epoch) this.#rows.set(row.thread, row);
    this.defects.push(...defectsOfCounts(pool, this.#rows), ...this.#defectsOfOffers(pool, offered));
  }

  #defectsOfOffers(pool: Pool, offered: Waiting[]): string[] {
    const house = HOUSES.find(({ hash }) => hash === pool.policy);
    const loads = loadsOf(this.#rows);
    return offered.flatMap((row) => {
      const { seat, offer } = row;
      const team = house?.source.teams[seat.team];
      const agent = offer?.agent ?? '';
      const skipped = [...this.#rows.values()].find((other) => isQueued(other, seat.team) && goesBefore(other, row));
      return [
        ...(team?.assign === 'manual' ? [`${seat.team} gives nothing out`] : []),
        ...(team?.agents.includes(agent) ? [] : [`${agent} is not of ${seat.team}`]),
        ...((loads.get(agent) ?? 0) > Number(team?.capacity)
          ? [`${agent} was given more than they have room for`]
          : []),
        ...(pool.agents[agent]?.availability.startsWith('away') ? [`${agent} is away`] : []),
        ...(skipped === undefined ? [] : [`${row.thread} was given away before ${skipped.thread}`]),
        ...(pool.isCounting ? ['a thread was given away before all were counted'] : []),
      ].map((defect) => `pool commit ${pool.seq}: ${defect}`);
    });
  }

  /** Counting anew would hide it: what is offered is answered, however many things go wrong. */
  #defectsOfSilence(): string[] {
    const before = this.#world.scheduler.now - ANSWERED_MS_MAX;
    const silent = [...this.#rows.values()].filter(({ offer, at }) => offer !== null && at < before);
    return silent.map(({ thread }) => `an offer of ${thread} was not answered`);
  }

  /** Every thread is where the pool believes it to be, and none waits for whom it could have. */
  defectsAtRest({ threads }: Observer): string[] {
    const policy = this.#world.policies.current('acme');
    const house = HOUSES.find(({ hash }) => hash === policy?.hash);
    const pool = this.#world.store.pools.head(POOL);
    if (house === undefined || pool === undefined) return [];
    if (pool.isCounting) return ['the pool is still being counted'];
    // Nobody has told it anything since another policy came: it learns of that with what comes next.
    if (pool.policy !== house.hash) return [];
    return [...threads.values()].flatMap(({ id, spec }) => {
      const found = this.#rows.get(id);
      if (found?.offer != null) return [`an offer of ${id} was never answered`];
      const [is, should] = [stateOf(found), stateOf({ seat: seatOf(spec) } as Row)];
      if (is !== should) return [`the pool believes ${id} to be ${is}, and it is ${should}`];
      return found?.seat.state === 'waiting' ? this.#defectsOfLimbo(id, found.seat.team, pool, house) : [];
    });
  }

  #defectsOfLimbo(id: string, teamId: string, pool: Pool, house: House): string[] {
    const team = house.source.teams[teamId];
    if (team === undefined || team.assign === 'manual') return [];
    const loads = loadsOf(this.#rows);
    const isOpen = this.#world.policies.current('acme')?.team(teamId)?.hours.isOpen(this.#world.scheduler.now);
    const idle = team.agents.find((agent) => {
      const availability = pool.agents[agent]?.availability ?? 'by-hours';
      const isThere = availability === 'online' || (availability === 'by-hours' && isOpen);
      return isThere && (loads.get(agent) ?? 0) < Number(team.capacity);
    });
    return idle === undefined ? [] : [`${id} waits for nobody, and ${idle} has room`];
  }
}

function defectsOfCounts(pool: Pool, rows: Rows): string[] {
  const counted = loadsOf(rows);
  const loads = Object.entries(pool.agents).flatMap(([agent, { load }]) => {
    const told = Object.values(load).reduce((sum, threads) => sum + threads, 0);
    return told === (counted.get(agent) ?? 0) ? [] : [`${agent} has ${counted.get(agent) ?? 0}, and not ${told}`];
  });
  const queues = Object.entries(pool.queued).flatMap(([team, told]) => {
    const waiting = [...rows.values()].filter((row) => isQueued(row, team)).length;
    return told === waiting ? [] : [`${waiting} wait for ${team}, and not ${told}`];
  });
  return [...loads, ...queues].map((defect) => `pool commit ${pool.seq}: ${defect}`);
}

/** Threads that keep each agent busy, those that were offered to them included. */
function loadsOf(rows: Rows): Map<string, number> {
  const loads = new Map<string, number>();
  for (const { seat, offer } of rows.values()) {
    const agent = seat.state === 'held' ? seat.agent : seat.state === 'waiting' ? offer?.agent : undefined;
    if (agent !== undefined) loads.set(agent, (loads.get(agent) ?? 0) + 1);
  }
  return loads;
}

function isQueued({ seat, offer, refusals }: Row, team: string): boolean {
  return seat.state === 'waiting' && seat.team === team && offer === null && refusals < 5;
}

function goesBefore({ seat: a }: Row, { seat: b }: Waiting): boolean {
  if (a.state !== 'waiting') return false;
  const [urgency, than] = [PRIORITIES.indexOf(a.priority), PRIORITIES.indexOf(b.priority)];
  return urgency > than || (urgency === than && a.since < b.since);
}

/** Of a thread by the oracle's own account. */
function seatOf({ status, snooze, assignee, team }: SpecThread): object {
  if ((status !== 'new' && status !== 'open') || snooze !== null || team === null) return { state: 'gone' };
  return assignee === null ? { state: 'waiting', team } : { state: 'held', agent: assignee };
}

function stateOf(row: Row | undefined): string {
  const { state, team, agent } = (row?.seat ?? { state: 'gone' }) as { state: string; team?: string; agent?: string };
  return canonical({ state, who: state === 'held' ? agent : team });
}
