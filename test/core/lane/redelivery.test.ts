/** What comes a second time does the same as the first time; what cannot be handled drags nobody along. */
import { describe, expect, it } from 'vitest';
import { TransientFailure } from '../../../core/failures.ts';
import type { Policies, ThreadStore } from '../../../core/ports.ts';
import { commandSchema } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import {
  aCommand,
  aCustomer,
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  aText,
  aThreadId,
  DAY,
  defaultPolicy,
  HOUR,
  MONDAY,
} from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import { messageOf, TestLane } from '../../support/lane.ts';

/** Fails the first performance, as a crash or a busy queue would. */
function failOnce(lane: TestLane, failure: Error): void {
  const { effects } = lane.deps;
  lane.deps.effects = {
    perform: async (performance) => {
      lane.deps.effects = effects;
      void performance;
      throw failure;
    },
  };
}

const DEFECTIVE = { hash: 'h', business: 'acme', source: {}, teamOrDefault: fail, team: fail } as never;
function fail(): never {
  throw new Error('a defect');
}

describe('effects that are performed again', () => {
  const story = (id: string) => [
    aCommand(id, aStart(), { id: `cmd_1_${id}`, expectedReplyAt: MONDAY + HOUR }),
    aCommand(id, { type: 'assign', team: 'billing', takeOver: false }, { id: `cmd_2_${id}` }),
    aCommand(id, { type: 'set-subject', subject: 'internal' }, { id: `cmd_3_${id}` }),
    aCommand(id, aCustomerMessage({ customer: aCustomer({ email: 'new@example.com' }) }), {
      id: `cmd_4_${id}`,
      acceptedAt: MONDAY + HOUR,
    }),
    aCommand(id, aReply(), { id: `cmd_5_${id}` }),
  ];

  it.each([
    ['after a crash', new Error('killed')],
    ['after trouble that passed', new TransientFailure('busy')],
  ])('%s are those of the first time: to whom, from whom, about what', async (_, failure) => {
    const id = aThreadId();
    const [straight, disturbed] = [new TestLane(), new TestLane()];
    await straight.run(...story(id));
    failOnce(disturbed, failure);
    await disturbed.run(...story(id));
    await disturbed.run(...story(id));
    const once = new Map(disturbed.performed.flatMap(({ mails }) => mails.map((mail) => [mail.sendId, mail])));
    expect([...once.values()]).toEqual(straight.performed.flatMap(({ mails }) => mails));
    expect([...once.values()].map(({ to }) => to.address)).toEqual([
      'c1@example.com',
      'support@acme.example',
      'billing@acme.example',
      'new@example.com',
    ]);
  });

  it('are found also long after, when the thread has moved on', async () => {
    const id = aThreadId();
    const [start, ...rest] = story(id);
    if (start === undefined) throw new Error('There is a first command.');
    const lane = new TestLane();
    await lane.run(start);
    await lane.run(...rest);
    const first = lane.performed[0]?.mails;
    lane.performed.length = 0;
    await lane.run(start);
    expect(lane.performed[0]?.mails).toEqual(first);
  });
});

describe('a batch', () => {
  it('goes on without a message that cannot even be prepared, which is set aside', async () => {
    const lane = new TestLane();
    const { policies } = lane.deps;
    const version = async (business: string, hash: string) =>
      hash === 'old' ? fail() : policies.version(business, hash);
    lane.deps.policies = instead<Policies>(policies, { version });
    const id = aThreadId();
    const [start, bad, last] = [
      aCommand(id, aStart()),
      aCommand(id, aCustomerMessage(), { policy: 'old' }),
      aCommand(id, aReply()),
    ];
    expect(await lane.run(start, bad, last)).toEqual({ done: 3 });
    expect(await lane.deps.threads.outcome(id, start.id)).toMatchObject({ status: 'done' });
    expect(await lane.deps.threads.outcome(id, bad.id)).toMatchObject({ status: 'set-aside' });
    expect(await lane.deps.threads.outcome(id, last.id)).toMatchObject({ status: 'done' });
  });

  it('of long messages is put into several transactions', async () => {
    const lane = new TestLane();
    const { threads } = lane.deps;
    let commits = 0;
    const commit: ThreadStore['commit'] = (one) => {
      commits += 1;
      return threads.commit(one);
    };
    lane.deps.threads = instead<ThreadStore>(threads, { commit });
    const id = aThreadId();
    const long = () => aCommand(id, aCustomerMessage({ content: aText('x'.repeat(30_000)) }));
    expect(await lane.run(aCommand(id, aStart()), long(), long(), long(), long(), long())).toEqual({ done: 6 });
    expect(commits).toBe(2);
  });
});

describe('what the store cannot hold', () => {
  it('is set aside once, with one event, however often it comes', async () => {
    const lane = new TestLane();
    const { threads } = lane.deps;
    const commit: ThreadStore['commit'] = async (one) => {
      const entries = one.change?.logItem.decisions.flatMap((decision) => decision.entries) ?? [];
      const isBig = entries.some((entry) => entry.type === 'message' && JSON.stringify(entry).includes('TOO BIG'));
      return isBig ? { result: 'too-large' } : threads.commit(one);
    };
    lane.deps.threads = instead<ThreadStore>(threads, { commit });
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()));
    lane.performed.length = 0;
    const big = aCommand(id, aCustomerMessage({ content: aText('TOO BIG') }));
    for (const _ of [1, 2]) expect(await lane.run(big)).toEqual({ done: 1 });
    await lane.run(aCommand(id, { type: 'set-status', status: 'pending' }));
    const events = lane.performed.flatMap((one) => one.events.map(({ type, data }) => `${type} ${data['seq']}`));
    expect(events).toEqual([
      'meanwhile.command.set-aside 4',
      'meanwhile.command.set-aside 4',
      'meanwhile.thread.changed 5',
    ]);
  });
});

describe('a set-aside', () => {
  const setAsides = (entries: Entry[]) => entries.filter((entry) => entry.type === 'set-aside');

  it('whose redrive is set aside again is carried out once, by whichever entry', async () => {
    const lane = new TestLane();
    const { policies } = lane.deps;
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()));
    lane.deps.policies = instead<Policies>(policies, { version: async () => DEFECTIVE, keep: async () => {} });
    await lane.run(aCommand(id, aCustomerMessage({ content: aText('once') })));
    const redrive = async (seq: number) => {
      const entry = (await lane.entries(id)).find((one) => one.seq === seq);
      if (entry?.type !== 'set-aside') throw new Error(`Entry ${seq} is no set-aside.`);
      const { body, author, acceptedAt } = commandSchema.parse(entry.payload);
      await lane.run(aCommand(id, body, { author, acceptedAt, redrives: seq }));
    };
    const [first] = setAsides(await lane.entries(id));
    await redrive(first?.seq ?? 0);
    const second = setAsides(await lane.entries(id)).at(-1);
    expect(second?.seq).not.toBe(first?.seq);
    lane.deps.policies = policies;
    await redrive(second?.seq ?? 0);
    await redrive(first?.seq ?? 0);
    const said = (await lane.entries(id)).filter((entry) => entry.type === 'message' && entry.seq > 3);
    expect(said).toHaveLength(1);
    expect((await lane.deps.threads.load(id))?.setAsides).toEqual([]);
  });

  it('on a closed thread is waited for until somebody sees to it', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    await lane.clock.advanceTo(MONDAY + 30 * DAY, async () => {});
    await lane.run(aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id}_1` }));
    const message = messageOf(aCommand(id, aCustomerMessage()));
    await lane.runMessages([{ ...message, body: { ...(message.body as object), author: 'nobody' } }]);
    const head = await lane.deps.threads.load(id);
    expect(head).toMatchObject({ status: 'closed', waitingSince: expect.any(Number), setAsides: [6] });
    await lane.run(aCommand(id, { type: 'dismiss' }, { redrives: 6 }));
    expect(await lane.deps.threads.load(id)).toMatchObject({ status: 'closed', waitingSince: null, setAsides: [] });
  });
});

describe('a message of a later version', () => {
  it('holds up nobody who came before it', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const later = messageOf(aCommand(id, aReply()));
    const batch = [
      messageOf(aCommand(id, aStart())),
      messageOf(aCommand(id, aCustomerMessage())),
      { ...later, body: { ...(later.body as object), schema: 2 } },
    ];
    expect(await lane.runMessages(batch)).toMatchObject({ done: 2, failure: { name: 'LaterVersion' } });
  });

  it('is left to the version that can read it, as happens while one is deployed', async () => {
    const lane = new TestLane();
    const message = messageOf(aCommand(aThreadId(), aStart()));
    const outcome = await lane.runMessages([{ ...message, body: { ...(message.body as object), schema: 2 } }]);
    expect(outcome).toMatchObject({ done: 0, failure: { name: 'LaterVersion' } });
    expect(await lane.entries(message.lane)).toEqual([]);
  });
});

describe('a policy', () => {
  it('under which a command was accepted decides it, whatever was deployed meanwhile', async () => {
    const lane = new TestLane();
    const { policies } = lane.deps;
    await policies.keep(defaultPolicy);
    const next = aPolicy({ closeAfter: '9d' });
    lane.deps.policies = instead<Policies>(policies, { current: () => next });
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    const head = await lane.deps.threads.load(id);
    expect(head?.closeAt).toBe(defaultPolicy.defaultTeam.hours.add(MONDAY, '4d'));
    const [item] = await lane.deps.threads.log(id, 0, 1);
    expect(item?.decisions.map(({ policy }) => policy)).toEqual([defaultPolicy.hash, defaultPolicy.hash]);
  });
});
