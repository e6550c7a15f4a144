/**
 * Laws of giving threads out, on random histories: `HISTORIES=100000 npx vitest run test/core/team/laws.test.ts
 * --testTimeout 36000000` tries so many.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LaneMessage } from '../../../core/ports.ts';
import { ASSIGNMENT_MODES } from '../../../core/team/assignment.ts';
import { AVAILABILITIES, isPool } from '../../../core/team/pool-command.ts';
import type { CommandBody } from '../../../core/thread/command.ts';
import { aCustomerMessage, aPolicy, aReply, HOUR, MINUTE } from '../../builders.ts';
import { MemoryThreadStore } from '../../simulation/world/memory-store.ts';
import { Office } from '../../support/office.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 150);
const TEAMS = ['support', 'billing'] as const;
const AGENTS = ['ana', 'ben', 'zoe'] as const;
const CAPACITY = 2;

/** Ana is in both teams, Ben answers one mail at a time, and only Zoe speaks German. */
function aHouse(mode: (typeof ASSIGNMENT_MODES)[number]) {
  return aPolicy({
    agents: {
      ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead' },
      ben: { name: 'Ben', email: 'ben@acme.example', capacity: { total: CAPACITY, email: 1 } },
      zoe: { name: 'Zoe', email: 'zoe@acme.example', skills: ['german'] },
    },
    teams: {
      support: {
        ...{ name: 'Support', address: 's@acme.example', calendar: 'office', agents: ['ana', 'ben', 'zoe'] },
        ...{ assign: mode, capacity: CAPACITY },
      },
      billing: {
        ...{ name: 'Billing', address: 'b@acme.example', calendar: 'always', agents: ['ana'], topics: ['billing'] },
        ...{ assign: 'balanced', capacity: CAPACITY },
      },
    },
    routing: [
      {
        ...{ id: 'skills', on: ['start'], mode: 'all' },
        rules: [{ id: 'german', when: { attribute: { german: true } }, do: { skills: ['german'] } }],
      },
    ],
  });
}

type Step =
  | { kind: 'start'; topic: string | null; channel: 'api' | 'email'; german: boolean }
  | { kind: 'say'; thread: number; body: CommandBody }
  | { kind: 'is'; agent: string; availability: (typeof AVAILABILITIES)[number] }
  | { kind: 'pass'; ms: number }
  | { kind: 'again'; message: number };

const body: fc.Arbitrary<CommandBody> = fc.oneof(
  fc.constantFrom<CommandBody>(
    aCustomerMessage(),
    aReply({ status: 'pending' }),
    aReply({ status: 'open' }),
    { type: 'set-status', status: 'solved' },
    { type: 'set-status', status: 'open' },
    { type: 'snooze', until: null },
    { type: 'wake' },
    { type: 'assign', assignee: null, takeOver: true },
  ),
  fc
    .constantFrom('low' as const, 'urgent' as const)
    .map((priority): CommandBody => ({ type: 'set-priority', priority })),
  fc.constantFrom(...AGENTS).map((assignee): CommandBody => ({ type: 'assign', assignee, takeOver: true })),
  fc.constantFrom(...TEAMS).map((team): CommandBody => ({ type: 'assign', team, takeOver: true })),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record<Step & { kind: 'start' }>({
      kind: fc.constant('start'),
      topic: fc.constantFrom(null, null, 'billing'),
      channel: fc.constantFrom('api', 'email'),
      german: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('say' as const), thread: fc.nat(9), body }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('is' as const),
      agent: fc.constantFrom(...AGENTS),
      availability: fc.constantFrom(...AVAILABILITIES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(MINUTE, HOUR, 9 * HOUR) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), message: fc.nat(50) }) },
);

async function take(office: Office, threads: string[], one: Step): Promise<void> {
  switch (one.kind) {
    case 'start': {
      const { topic, channel, german } = one;
      threads.push(await office.start({ topic, channel, attributes: { german } }));
      return;
    }
    case 'say': {
      const thread = threads[one.thread % Math.max(1, threads.length)];
      if (thread !== undefined) await office.say(thread, one.body);
      return;
    }
    case 'is':
      return office.isNow(one.agent, one.availability);
    case 'pass':
      return office.pass(one.ms);
    case 'again': {
      // What was told or offered before comes a second time, however late.
      const sent = office.lane.performed.flatMap(({ commands }) => commands);
      const message: LaneMessage | undefined = sent[one.message % Math.max(1, sent.length)];
      if (message !== undefined) await office.lane.runMessages([message]);
      await office.carry();
    }
  }
}

/** Nobody who is there and could have it is left with a thread waiting; and what the pool counts is so. */
async function check(office: Office, threads: string[]): Promise<void> {
  const pool = await office.head();
  const all = await Promise.all(threads.map((id) => office.thread(id)));
  const inWork = all.filter(({ status, snooze }) => (status === 'new' || status === 'open') && snooze === null);
  const has = (agent: string, channel?: string) =>
    inWork.filter(({ assignee, channels }) => assignee === agent && (channel ?? channels.at(-1)) === channels.at(-1));
  for (const agent of AGENTS) {
    const load = pool?.agents[agent]?.load ?? {};
    expect(
      Object.values(load).reduce((sum, count) => sum + count, 0),
      agent,
    ).toBe(has(agent).length);
  }
  for (const thread of inWork.filter(({ assignee }) => assignee === null)) {
    const team = office.policy.team(thread.team ?? '');
    if (team === undefined || team.assign === 'manual') continue;
    const idle = team.agents.filter((agent) => {
      const availability = pool?.agents[agent]?.availability ?? 'by-hours';
      const isThere = availability === 'online' || (availability === 'by-hours' && team.hours.isOpen(office.now));
      const isMailToBen = agent === 'ben' && thread.channels.at(-1) === 'email';
      const isFull = has(agent).length >= CAPACITY || (isMailToBen && has(agent, 'email').length >= 1);
      return isThere && !isFull && (agent === 'zoe' || !thread.skills.includes('german'));
    });
    expect(idle, `${thread.id} waits`).toEqual([]);
  }
}

it('no thread is in limbo, no count is wrong, and nobody is given more than they have room for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ASSIGNMENT_MODES),
      fc.array(step, { minLength: 5, maxLength: 30 }),
      async (mode, steps) => {
        const threadStore = new MemoryThreadStore();
        const office = new Office(aHouse(mode), { threads: threadStore, pools: threadStore.pools });
        const threads: string[] = [];
        for (const one of steps) await take(office, threads, one);
        await check(office, threads);
        const given = office.lane.performed.flatMap(({ commands }) => commands.filter(({ lane }) => !isPool(lane)));
        for (const { body: command } of given) {
          const { type, load, capacity } = (command as { body: Record<string, number | string> }).body;
          if (type === 'offer') expect(Number(load)).toBeLessThan(Number(capacity));
        }
      },
    ),
    { numRuns: HISTORIES },
  );
});
