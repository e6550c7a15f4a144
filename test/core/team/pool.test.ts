/** The pool's protocol: what comes twice, late, in another order or never, and what it counts anew. */
import { describe, expect, it } from 'vitest';
import type { LaneMessage } from '../../../core/ports.ts';
import type { Seat } from '../../../core/team/seat.ts';
import { type Command, commandSchema } from '../../../core/thread/command.ts';
import { aReply, aStart, aThreadId, DAY, MINUTE } from '../../builders.ts';
import { messageOf } from '../../support/lane.ts';
import { aGivingPolicy, Office } from '../../support/office.ts';

/** An office in which nothing is carried by itself. */
class StillOffice extends Office {
  #seen = 0;
  override async carry(): Promise<void> {}

  /** What was sent since it was last asked for. */
  sent(): LaneMessage[] {
    const all = this.lane.performed.flatMap(({ commands }) => commands);
    const fresh = all.slice(this.#seen);
    this.#seen = all.length;
    return fresh;
  }

  /** Tells the pool of a thread. */
  async tell(thread: string, seq: number, seat: Seat, offer: string | null = null): Promise<void> {
    const id = `tell-${thread}-${seq}-${offer}`;
    const body = { type: 'seat', thread, seq, seat, offer, isReturn: false };
    await this.lane.runMessages([{ lane: this.pool, id, body: { schema: 1, id, acceptedAt: this.now, body } }]);
  }
}

const WAITING: Seat = {
  ...{ state: 'waiting', team: 'support', priority: 'normal', since: 1, channel: 'api', skills: [], formerly: null },
};
const HELD: Seat = { state: 'held', team: 'support', agent: 'ben', channel: 'api' };

async function aCountedOffice(capacity = 2): Promise<StillOffice> {
  const office = new StillOffice(aGivingPolicy({ capacity }));
  await office.isNow('eve', 'online');
  for (const message of office.sent()) await office.lane.runMessages([message]);
  return office;
}

function offered(messages: LaneMessage[]): { thread: string; id: string; agent: string }[] {
  return messages.map(({ body }) => {
    const { thread, id, body: offer } = commandSchema.parse(body);
    return { thread, id, agent: offer.type === 'offer' ? offer.agent : offer.type };
  });
}

describe('a pool', () => {
  it('sends its offers again when the message comes again that it made them for', async () => {
    const office = await aCountedOffice();
    const thread = aThreadId();
    await office.tell(thread, 3, WAITING);
    const first = office.sent();
    await office.tell(thread, 3, WAITING);
    expect(office.sent()).toEqual(first);
    expect(offered(first)).toMatchObject([{ thread, agent: 'ana' }]);
  });

  it('counts on whom it has offered a thread to, and on nobody twice', async () => {
    const office = await aCountedOffice(1);
    for (const thread of [aThreadId(), aThreadId(), aThreadId()]) await office.tell(thread, 3, WAITING);
    expect(offered(office.sent()).map(({ agent }) => agent)).toEqual(['ana', 'ben']);
    expect(await office.head()).toMatchObject({ queued: { support: 1 }, agents: { ana: { load: { api: 1 } } } });
  });

  it('takes no notice of what it was told later than something newer', async () => {
    const office = await aCountedOffice();
    const thread = aThreadId();
    await office.tell(thread, 5, HELD);
    await office.tell(thread, 4, WAITING);
    expect(office.sent()).toEqual([]);
    expect((await office.row(thread))?.seat).toEqual(HELD);
    await office.tell(thread, 6, { state: 'gone' });
    await office.tell(thread, 5, HELD);
    expect((await office.head())?.agents['ben']?.load).toEqual({ api: 0 });
  });

  it('takes no notice of it after everything was counted anew either', async () => {
    const office = await aCountedOffice();
    const thread = aThreadId();
    await office.tell(thread, 6, { state: 'gone' });
    await office.pass(DAY);
    for (const message of office.sent()) await office.lane.runMessages([message]);
    await office.tell(thread, 5, HELD);
    expect((await office.head())?.agents['ben']?.load ?? {}).toEqual({});
  });

  it('waits for the answer to an offer, also where the thread changes meanwhile', async () => {
    const office = await aCountedOffice();
    const thread = aThreadId();
    await office.tell(thread, 3, WAITING);
    const [offer] = offered(office.sent());
    await office.tell(thread, 4, { ...WAITING, priority: 'urgent' } as Seat);
    expect(office.sent()).toEqual([]);
    await office.tell(thread, 5, { ...HELD, agent: 'ana' } as Seat, offer?.id);
    expect(await office.row(thread)).toMatchObject({ offer: null, seat: { state: 'held', agent: 'ana' } });
    expect((await office.head())?.agents['ana']?.load).toEqual({ api: 1 });
  });

  it('takes an answer for one that comes after something newer, and keeps that', async () => {
    const office = await aCountedOffice(1);
    const thread = aThreadId();
    await office.tell(thread, 3, WAITING);
    const [offer] = offered(office.sent());
    await office.tell(thread, 6, { ...WAITING, priority: 'high' } as Seat);
    await office.tell(thread, 5, { ...HELD, agent: 'ana' } as Seat, offer?.id);
    expect(await office.row(thread)).toMatchObject({ seq: 6, seat: { state: 'waiting', priority: 'high' } });
    expect(offered(office.sent())).toMatchObject([{ thread, agent: 'ben' }]);
  });

  it('gives nothing up that an offer was refused for, and frees whom it counted on', async () => {
    const office = await aCountedOffice(1);
    const [taken, next] = [aThreadId(), aThreadId()];
    await office.tell(taken, 3, WAITING);
    const [offer] = offered(office.sent());
    await office.tell(aThreadId(), 3, WAITING); // for Ben
    await office.tell(next, 3, WAITING);
    office.sent();
    await office.tell(taken, 3, { state: 'gone' }, offer?.id);
    expect(offered(office.sent())).toMatchObject([{ thread: next, agent: 'ana' }]);
  });

  it('stops offering what is refused again and again for no reason that it could know', async () => {
    const office = await aCountedOffice();
    const thread = aThreadId();
    await office.tell(thread, 3, WAITING);
    let offers = 0;
    for (let [offer] = offered(office.sent()); offer !== undefined; [offer] = offered(office.sent())) {
      offers += 1;
      await office.tell(thread, 3, WAITING, offer.id);
    }
    expect(offers).toBe(5);
    expect(await office.head()).toMatchObject({ queued: { support: 0 }, agents: { ana: { load: { api: 0 } } } });
    await office.tell(thread, 4, { ...WAITING, priority: 'high' } as Seat);
    expect(office.sent()).toHaveLength(1);
  });

  it('logs what it cannot read, and goes on', async () => {
    const office = await aCountedOffice();
    const body = { schema: 1, id: 'x', acceptedAt: 0, body: { type: 'of another product' } };
    expect(await office.lane.runMessages([{ lane: office.pool, id: 'x', body }])).toEqual({ done: 1 });
    expect(office.lane.logged).toContain('pool.unreadable');
  });

  it('goes on where so much is to be given that one commit cannot hold it', async () => {
    const office = new Office(aGivingPolicy({ capacity: 100 }));
    await office.isNow('ana', 'away');
    await office.isNow('ben', 'away');
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push(await office.start());
    await office.isNow('ana', 'online');
    for (let n = 0; n < 3; n += 1) await office.pass(0);
    expect(new Set(await office.owners(ids))).toEqual(new Set(['ana']));
    expect((await office.head())?.dueAt).toBeGreaterThan(office.now);
  });
});

describe('a team that begins to give its threads out', () => {
  it('has those counted that were there before, and gives them out', async () => {
    const office = new Office(aGivingPolicy({ assign: 'manual' }));
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await office.start());
    for (const id of ids.slice(0, 2)) await office.say(id, { type: 'assign', assignee: 'ben', takeOver: false });
    await office.say(ids[2] ?? '', aReply({ status: 'pending' }));
    office.deploy(aGivingPolicy({ capacity: 10 }));
    const latest = await office.start();
    for (let n = 0; n < 3; n += 1) await office.pass(MINUTE);
    const { agents, queued, isCounting } = (await office.head()) ?? {};
    expect(isCounting).toBe(false);
    expect([agents?.['ana']?.load, agents?.['ben']?.load]).toEqual([{ api: 10 }, { api: 10 }]);
    expect(queued).toEqual({ support: 10 });
    expect(await office.owners([ids[2] ?? '', latest])).toEqual([null, null]);
  });

  it('counts every day anew, so that it learns also of what happened while it gave nothing out', async () => {
    const giving = aGivingPolicy({ capacity: 3 });
    const office = new Office(giving);
    const [first, second] = [await office.start(), await office.start()];
    office.deploy(aGivingPolicy({ assign: 'manual' }));
    await office.say(first, { type: 'set-status', status: 'solved' });
    office.deploy(giving);
    await office.isNow('eve', 'away');
    expect((await office.head())?.agents['ana']?.load).toEqual({ api: 1 });
    await office.pass(DAY);
    await office.isNow('eve', 'online');
    expect((await office.head())?.agents).toMatchObject({ ana: { load: {} }, ben: { load: { api: 1 } } });
    expect(await office.owner(second)).toBe('ben');
  });
});

describe('an offer', () => {
  const about = { team: 'support', mode: 'balanced', load: 0, capacity: 2, among: 2 } as const;

  it.each<[string, Command['body'], string]>([
    ['that somebody has taken', { type: 'assign', assignee: 'ana', takeOver: false }, 'needs-nobody'],
    ['that is solved', { type: 'set-status', status: 'solved' }, 'needs-nobody'],
    ['that is snoozed', { type: 'snooze', until: null }, 'needs-nobody'],
    ['that went to another team', { type: 'assign', team: 'billing', takeOver: false }, 'needs-nobody'],
  ])('of a thread %s is refused', async (_what, meanwhile, code) => {
    const support = { name: 'S', address: 's@acme.example', calendar: 'always', agents: ['ana'], assign: 'manual' };
    const office = new Office(aGivingPolicy({}, { teams: { support, billing: { ...support } } } as object));
    const id = await office.start();
    await office.say(id, meanwhile);
    const offer = { type: 'offer', agent: 'ana', ...about } as const;
    await office.say(id, offer, { id: `${id}-offer` });
    expect((await office.lane.deps.threads.outcome(id, `${id}-offer`))?.reason?.code).toBe(code);
  });

  it('that cannot be decided is answered all the same', async () => {
    const office = await aCountedOffice();
    const id = aThreadId();
    await office.say(id, aStart());
    await office.lane.runMessages(office.sent());
    const [offer] = office.sent();
    const { body, ...rest } = commandSchema.parse(offer?.body);
    const broken = { ...messageOf({ ...rest, body }), body: { ...rest, body: { type: 'offer', agent: 7 } } };
    await office.lane.runMessages([broken]);
    const [answer] = office.sent();
    expect(answer).toMatchObject({
      lane: office.pool,
      body: { body: { offer: offer?.id, seat: { state: 'waiting' } } },
    });
  });
});
