/**
 * Giving out: which waiting thread goes to whom. Of the highest priority the one that has waited longest is served
 * first, whatever came in just now; a thread that nobody can have who is there does not hold up those behind it.
 */
import type { Team } from '../policy/compiled-policy.ts';
import { CHANNELS, type Channel } from '../thread/thread.ts';
import { type AssignmentMode, totalCapacity, totalOf } from './assignment.ts';
import { placeInQueue, queueOf, type Row } from './pool.ts';
import type { PoolDraft } from './pool-draft.ts';

/** Commands that are sent by one commit, as far as there is a choice: a store holds only so much in one. */
const OFFERS_MAX = 15;

/** Teams whose queue is worth looking at: somebody is there who has room for something. */
export function teamsThatCanGive(draft: PoolDraft): Team[] {
  const { pool, world } = draft;
  if (pool.isCounting) return [];
  return [...world.policy.teams].filter(
    (team) =>
      team.assign !== 'manual' &&
      (pool.queued[team.id] ?? 0) > 0 &&
      team.agents.some((id) => CHANNELS.some((channel) => canHave(draft, id, team, channel, []))),
  );
}

/** Offers those of the queued rows that somebody can have. @returns whether some had to be left for another commit */
export function giveOut(draft: PoolDraft): boolean {
  const queued = draft.rows.filter((row) => queueOf(row) !== undefined);
  const ordered = queued.map((row) => ({ row, place: placeInQueue(row) })).sort((a, b) => (a.place < b.place ? -1 : 1));
  for (const { row } of ordered) {
    if (draft.sends.length >= OFFERS_MAX) return true;
    offer(draft, row);
  }
  return false;
}

function offer(draft: PoolDraft, row: Row): void {
  const { seat } = row;
  if (seat.state !== 'waiting') return;
  const team = draft.world.policy.team(seat.team);
  if (team === undefined || team.assign === 'manual') return;
  const able = team.agents.filter((id) => canHave(draft, id, team, seat.channel, seat.skills));
  const agent = able.find((id) => id === seat.formerly) ?? chosen(draft, able, team);
  if (agent === undefined) return;
  const [load, capacity] = loadAndCapacity(draft, agent, team);
  const because = { mode: team.assign, load, capacity, among: able.length };
  const id = draft.tell(row.thread, { type: 'offer', team: team.id, agent, ...because });
  draft.put({ ...row, offer: { id, agent }, at: draft.world.now });
  draft.takesTurn(agent);
}

function canHave(draft: PoolDraft, id: string, team: Team, channel: Channel, skills: string[]): boolean {
  const agent = draft.world.policy.agent(id);
  if (agent === undefined || !agent.rights.has('reply')) return false;
  return (
    skills.every((skill) => agent.skills.includes(skill)) && draft.isThere(id, team) && draft.hasRoom(id, team, channel)
  );
}

/** By what the agents are compared who could have a thread: the least is chosen, of equals the first of the team. */
const RANKS: Record<Exclude<AssignmentMode, 'manual'>, (draft: PoolDraft, agent: string, team: Team) => number[]> = {
  balanced: (draft, agent, team) => {
    const [load, capacity] = loadAndCapacity(draft, agent, team);
    return [load / capacity, draft.agent(agent).turn];
  },
  'round-robin': (draft, agent) => [draft.agent(agent).turn],
  'longest-idle': (draft, agent) => {
    const { givenAt, freedAt, turn } = draft.agent(agent);
    return [Math.max(givenAt, freedAt), turn];
  },
};

function chosen(draft: PoolDraft, able: string[], team: Team): string | undefined {
  if (team.assign === 'manual') return undefined;
  const rank = RANKS[team.assign];
  const ranked = able.map((agent) => ({ agent, rank: rank(draft, agent, team) }));
  return ranked.sort((a, b) => difference(a.rank, b.rank))[0]?.agent;
}

function difference(a: number[], b: number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((step) => step !== 0) ?? 0;
}

function loadAndCapacity(draft: PoolDraft, agent: string, team: Team): [load: number, capacity: number] {
  return [totalOf(draft.agent(agent).load), totalCapacity(draft.world.policy.capacityOf(agent, team.id))];
}
