/** Decisions about what the pool wishes: to give a thread to an agent, and to take it back from one who cannot. */

import { seatOf } from '../team/seat.ts';
import type { BodyOf } from './command.ts';
import type { Draft } from './draft.ts';
import { type Reason, SYSTEM } from './entry.ts';
import { type Handling, isNotClosed, threadExists } from './rules.ts';

/** A thread is given only while it waits, with the team that gives it. */
export const offer: Handling<'offer'> = {
  rules: [threadExists, isNotClosed, stillWaits, canAnswer],
  apply: (draft, { team, agent, mode, load, capacity, among }) => {
    const saying = { author: SYSTEM, rule: `assign-${mode}` };
    draft.say({ type: 'assigned', team, agent, mode, load, capacity, among }, saying);
    draft.change('assignee', agent, saying);
    draft.notify(`agent:${agent}`, { ...saying, of: null });
  },
};

export const release: Handling<'release'> = {
  rules: [
    threadExists,
    isNotClosed,
    ({ thread }, { agent }) =>
      thread.assignee === agent ? undefined : { code: 'not-theirs', detail: `${agent} does not have it any more.` },
  ],
  apply: (draft, { because }) => draft.change('assignee', null, { author: SYSTEM, rule: `release-${because}` }),
};

function stillWaits({ thread }: Draft, { team }: BodyOf<'offer'>): Reason | undefined {
  const seat = seatOf(thread);
  if (seat.state === 'waiting' && seat.team === team) return undefined;
  return { code: 'needs-nobody', detail: `The thread does not wait for an agent of ${team} any more.` };
}

function canAnswer({ world }: Draft, { team, agent }: BodyOf<'offer'>): Reason | undefined {
  const isOfTeam = world.policy.team(team)?.agents.includes(agent) ?? false;
  if (isOfTeam && world.policy.agent(agent)?.rights.has('reply')) return undefined;
  return { code: 'assignee-cannot-reply', detail: `${agent} does not answer for ${team}.` };
}
