/** Who is given which thread, and what becomes of threads whose agent is not there. */
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../core/thread/entry.ts';
import { aReply, HOUR, MINUTE } from '../../builders.ts';
import { aGivingPolicy, Office } from '../../support/office.ts';

const MANY = { capacity: 10 };
const AGENTS = {
  ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead', skills: ['german'] },
  ben: { name: 'Ben', email: 'ben@acme.example' },
};

async function started(office: Office, count: number): Promise<string[]> {
  const ids = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(await office.start());
    await office.pass(MINUTE);
  }
  return ids;
}

describe('a thread of a team that gives threads out', () => {
  it('is given at once to somebody who is there, who is told, and the log says why', async () => {
    const office = new Office();
    const id = await office.start();
    expect(await office.owner(id)).toBe('ana');
    const entries = (await office.lane.deps.threads.log(id, 0, 100)).flatMap(entriesOf);
    expect(entries).toContainEqual(
      expect.objectContaining({ type: 'assigned', agent: 'ana', mode: 'balanced', load: 0, capacity: 2, among: 2 }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ type: 'notified', to: 'agent:ana' }));
  });

  it('waits where nobody has room, and is served when somebody has, before what comes later', async () => {
    const office = new Office();
    const [first = '', , , , fifth = '', sixth = ''] = await started(office, 6);
    expect(await office.owners([fifth, sixth])).toEqual([null, null]);
    await office.say(first, { type: 'set-status', status: 'solved' });
    expect(await office.owners([fifth, sixth])).toEqual(['ana', null]);
  });

  it('goes before others by its priority, and not by when it came', async () => {
    const office = new Office();
    const [first = '', , , , normal = '', urgent = ''] = await started(office, 6);
    await office.say(urgent, { type: 'set-priority', priority: 'urgent' });
    await office.say(first, { type: 'set-status', status: 'solved' });
    expect(await office.owners([normal, urgent])).toEqual([null, 'ana']);
  });

  it('frees its agent while the customer has to answer, and keeps them busy again when they have', async () => {
    const office = new Office(aGivingPolicy({ agents: ['ana'], capacity: 1 }));
    const [first = '', second = ''] = await started(office, 2);
    await office.say(first, aReply({ status: 'pending' }));
    expect(await office.owners([first, second])).toEqual(['ana', 'ana']);
  });

  it('is left to whoever takes it themselves, also beyond their capacity', async () => {
    const office = new Office(aGivingPolicy({ capacity: 1 }));
    const [, , third = ''] = await started(office, 3);
    await office.say(third, { type: 'assign', assignee: 'ana', takeOver: false });
    expect(await office.owner(third)).toBe('ana');
    expect((await office.head())?.agents['ana']?.load).toEqual({ api: 2 });
  });

  it('is not given to somebody who cannot do what it asks for, and holds nobody up', async () => {
    const rule = { id: 'german', when: { topic: ['deutsch'] }, do: { skills: ['german'] } };
    const routing = [{ id: 'skills', on: ['start' as const], mode: 'all' as const, rules: [rule] }];
    const office = new Office(aGivingPolicy({ capacity: 1 }, { agents: AGENTS, routing }));
    const [first, german, other] = [
      await office.start({ topic: 'deutsch' }),
      await office.start({ topic: 'deutsch' }),
      await office.start(),
    ];
    expect(await office.owners([first, german, other])).toEqual(['ana', null, 'ben']);
  });

  it('is not given by a team that leaves that to its agents', async () => {
    const office = new Office(aGivingPolicy({ assign: 'manual' }));
    expect(await office.owner(await office.start())).toBeNull();
    expect(await office.head()).toBeUndefined();
  });
});

describe('the modes', () => {
  it.each([
    // Ben, who was given the last, has least to do.
    ['balanced', 1, ['ben', 'ana', 'ben', 'ana']],
    ['round-robin', 1, ['ana', 'ben', 'ana', 'ben']],
    // Ana has had less to do only since a moment ago.
    ['longest-idle', 0, ['ben', 'ana', 'ben', 'ana']],
    ['round-robin', 0, ['ana', 'ben', 'ana', 'ben']],
  ] as const)('%s chooses so once thread %i is solved', async (assign, solved, expected) => {
    const office = new Office(aGivingPolicy({ ...MANY, assign }));
    const first = await started(office, 2);
    expect(await office.owners(first)).toEqual(['ana', 'ben']);
    await office.say(first[solved] ?? '', { type: 'set-status', status: 'solved' });
    expect(await office.owners(await started(office, 4))).toEqual(expected);
  });

  it('fill a capacity by channel to its brim only', async () => {
    const office = new Office(aGivingPolicy({ agents: ['ana'], capacity: { total: 3, email: 1 } }));
    const ids = [];
    for (const channel of ['email', 'email', 'api', 'api', 'api'] as const) ids.push(await office.start({ channel }));
    expect(await office.owners(ids)).toEqual(['ana', null, 'ana', 'ana', null]);
  });
});

describe('agents who are not there', () => {
  it('are given nothing, and what waits when nobody is there is served when somebody comes', async () => {
    const office = new Office();
    await office.isNow('ana', 'away');
    await office.isNow('ben', 'away');
    const ids = await started(office, 3);
    expect(await office.owners(ids)).toEqual([null, null, null]);
    await office.isNow('ben', 'online');
    expect(await office.owners(ids)).toEqual(['ben', 'ben', null]);
  });

  it('keep what they have when they go away, unless others are to have it', async () => {
    const office = new Office();
    const [id = ''] = await started(office, 1);
    await office.isNow('ana', 'away');
    expect(await office.owner(id)).toBe('ana');
    await office.isNow('ana', 'away-reassign');
    expect(await office.owner(id)).toBe('ben');
  });

  it('are there while their team is open, where they say nothing, and the queue is served when it opens', async () => {
    const office = new Office(aGivingPolicy({ calendar: 'office' }));
    await office.pass(7 * HOUR); // Monday, 18:00 in UTC: closed
    const id = await office.start();
    expect(await office.owner(id)).toBeNull();
    const { dueAt } = (await office.head()) ?? {};
    expect(new Date(dueAt ?? 0).toISOString()).toBe('2026-11-24T07:00:00.000Z');
    await office.pass(13 * HOUR);
    expect(await office.owner(id)).toBe('ana');
    expect((await office.head())?.queued).toEqual({ support: 0 });
  });
});

describe('a reopened thread', () => {
  async function pendingWithAna(office: Office): Promise<string> {
    const [id = ''] = await started(office, 1);
    await office.say(id, aReply({ status: 'pending' }));
    return id;
  }

  it('stays with its agent, who is there and has room', async () => {
    const office = new Office();
    const id = await pendingWithAna(office);
    await office.write(id);
    expect(await office.owner(id)).toBe('ana');
  });

  it('goes back to its team where its agent is away', async () => {
    const office = new Office();
    const id = await pendingWithAna(office);
    await office.isNow('ana', 'away');
    await office.write(id);
    expect(await office.owner(id)).toBe('ben');
  });

  it('goes back to its team where its agent has no room, and returns to them when they have', async () => {
    const office = new Office(aGivingPolicy({ agents: ['ana'], capacity: 1 }));
    const id = await pendingWithAna(office);
    const other = await office.start();
    await office.write(id);
    expect(await office.owners([id, other])).toEqual([null, 'ana']);
    await office.say(other, { type: 'set-status', status: 'solved' });
    expect(await office.owner(id)).toBe('ana');
  });

  it('is given, when the team opens, to whoever had it', async () => {
    const office = new Office(aGivingPolicy({ calendar: 'office', ...MANY }));
    await office.pass(2 * HOUR); // 14:00 in Berlin
    const [first = '', second = ''] = await started(office, 2);
    await office.say(second, aReply({ status: 'pending' }));
    await office.pass(7 * HOUR);
    await office.write(second);
    expect(await office.owners([first, second])).toEqual(['ana', null]);
    await office.pass(14 * HOUR);
    expect(await office.owner(second)).toBe('ben');
  });
});
