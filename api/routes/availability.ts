/** Who is there, how much each has in work, and saying whether one is. */
import { totalCapacity } from '../../core/team/assignment.ts';
import { blankAgent } from '../../core/team/pool.ts';
import { type PoolCommand, poolIdOf } from '../../core/team/pool-command.ts';
import * as answers from '../answers.ts';
import { invalid } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';
import { entropy, keyMismatch } from '../submit.ts';
import { missingRight } from './agent-changes.ts';
import { AGENT, agentIn } from './shared.ts';

const listAgents = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/agents',
  operationId: 'listAgents',
  summary: 'The agents, and what each has in work as far as threads are given out',
  right: 'read',
  query: requests.noQuery,
  answers: { 200: { description: 'All agents.', schema: answers.agentList } },
  handle: async ({ policy, deps }) => {
    const pool = await deps.pools.load(poolIdOf(policy.business));
    const items = Object.keys(policy.source.agents).map((id) => {
      const { availability, load } = pool?.agents[id] ?? blankAgent();
      const { name = id, skills = [] } = policy.agent(id) ?? {};
      const teams = policy.teamsOf(id);
      const giving = teams.filter((team) => policy.team(team)?.assign !== 'manual');
      const capacity = giving.map((team) => [team, totalCapacity(policy.capacityOf(id, team))]);
      return { id, name, teams, skills, availability, load, capacity: Object.fromEntries(capacity) };
    });
    return { status: 200, body: { items, queued: pool?.queued ?? {} } };
  },
});

const sayAvailability = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/availability',
  operationId: 'sayAvailability',
  summary: 'Say whether one is there: only agents who are, are given threads',
  right: 'reply',
  query: requests.noQuery,
  body: requests.availabilityBody,
  answers: { 202: { description: 'Durable, and on its way.', schema: answers.availabilityAccepted } },
  handle: async (call) => {
    const { policy, body, deps, idempotency } = call;
    const self = agentIn(call);
    const { agent = self.id, availability } = body;
    if (policy.agent(agent) === undefined) throw invalid('/agent', 'is not an agent');
    if (agent !== self.id && !self.rights.has('take-over')) throw missingRight('take-over');
    const minted = { id: `said_${Buffer.from(entropy(deps)).toString('hex')}`, acceptedAt: deps.clock.now() };
    const { key, request } = idempotency ?? {};
    const record = key && request && (await deps.idempotency.claim(key, { request, minted }, minted.acceptedAt));
    if (record && record.request !== request) throw keyMismatch();
    const { id, acceptedAt } = (record ? record.minted : minted) as typeof minted;
    const command: PoolCommand = { schema: 1, id, acceptedAt, body: { type: 'availability', agent, availability } };
    await deps.lanes.send([{ lane: poolIdOf(policy.business), id, body: command }]);
    const headers: Record<string, string> = record ? { 'Idempotent-Replayed': 'true' } : {};
    return { status: 202, body: { status: 'accepted', agent, availability }, headers };
  },
});

export const availabilityReadRoutes: Route[] = [listAgents];
export const availabilityWriteRoutes: Route[] = [sayAvailability];
