import { describe, expect, it } from 'vitest';
import {
  aCommand,
  aCustomer,
  aCustomerMessage,
  aReply,
  aStart,
  aText,
  aThreadId,
  HOUR,
  MINUTE,
  MONDAY,
} from '../../builders.ts';
import { messageOf, TestLane } from '../../support/lane.ts';

describe('a command that cannot be decided', () => {
  it('is set aside with its payload, while its batch goes on', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const poison = {
      lane: id,
      id: 'poison',
      body: { ...messageOf(aCommand(id, aCustomerMessage())), id: 'cmd_acme_poison', what: '?' },
    };
    const batch = [messageOf(aCommand(id, aStart())), poison, messageOf(aCommand(id, aReply()))];
    expect(await lane.runMessages(batch)).toEqual({ done: 3 });
    const entries = await lane.entries(id);
    const setAside = entries.find(({ type }) => type === 'set-aside');
    expect(setAside).toMatchObject({ reason: { code: 'unreadable' }, payload: { what: '?' }, waitingSince: MONDAY });
    expect(await lane.deps.threads.outcome(id, 'cmd_acme_poison')).toMatchObject({ status: 'set-aside' });
    expect(lane.logged).toContain('command.unreadable');
    expect(entries.at(-1)?.type).toBe('change');
  });

  it.each([
    ['of another lane', { thread: 'thr_acme_other' }],
    ['of another business', { business: 'other' }],
  ])('because it is %s is set aside', async (_, changes) => {
    const lane = new TestLane();
    const message = messageOf(aCommand(aThreadId(), aStart()));
    await lane.runMessages([{ ...message, body: { ...(message.body as object), ...changes } }]);
    expect(await lane.entries(message.lane)).toMatchObject([{ type: 'set-aside', reason: { code: 'unreadable' } }]);
  });

  it.each([
    ['content', { body: { ...aCustomerMessage(), content: { parts: [] } } }],
    ['kind', { body: { type: 'of another product' } }],
  ])(
    'because its %s cannot be read starts the clock when it was accepted, not when it is found',
    async (_, changes) => {
      const lane = new TestLane();
      const id = aThreadId();
      await lane.run(aCommand(id, aStart()), aCommand(id, aReply()));
      const message = messageOf(aCommand(id, aCustomerMessage(), { acceptedAt: MONDAY + MINUTE }));
      await lane.clock.advanceTo(MONDAY + HOUR, async () => {});
      await lane.runMessages([{ ...message, body: { ...(message.body as object), ...changes } }]);
      expect(await lane.deps.threads.load(id)).toMatchObject({ waitingSince: MONDAY + MINUTE });
    },
  );

  it('because of an instant that no calendar has does not freeze its lane', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const message = messageOf(aCommand(id, aCustomerMessage()));
    const wrong = { ...message, body: { ...(message.body as object), acceptedAt: Number.MAX_SAFE_INTEGER } };
    const batch = [messageOf(aCommand(id, aStart())), wrong, messageOf(aCommand(id, aReply()))];
    expect(await lane.runMessages(batch)).toEqual({ done: 3 });
  });

  it('because the decider has a defect is set aside with the customer’s clock', async () => {
    const broken = new Error('a defect');
    const lane = new TestLane();
    const id = aThreadId();
    const start = aCommand(id, aStart());
    lane.deps.policies = Object.assign(Object.create(lane.deps.policies), {
      current: () => lane.deps.policies.version,
      version: async () => ({
        hash: 'h',
        business: 'acme',
        teamForTopic: () => {
          throw broken;
        },
      }),
      keep: async () => {},
    });
    expect(await lane.run(start)).toEqual({ done: 1 });
    const head = await lane.deps.threads.load(id);
    expect(head).toMatchObject({ started: false, waitingSince: MONDAY, setAsides: [1], customer: aCustomer() });
    expect(lane.logged).toContain('command.undecidable');
  });

  it('with a payload too long for an entry keeps it in a blob', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const body = { id: 'cmd_acme_big', text: 'x'.repeat(50_000) };
    await lane.runMessages([{ lane: id, id: 'm', body }]);
    const [entry] = await lane.entries(id);
    if (entry?.type !== 'set-aside') throw new Error('not set aside');
    expect(entry.payload).toBeNull();
    const kept = lane.blobs.all.get(entry.payloadKey ?? '');
    expect(JSON.parse(Buffer.from(kept ?? []).toString())).toEqual(body);
  });

  it('because storing it fails is set aside alone; the others of its batch are not dragged along', async () => {
    const lane = new TestLane();
    const { threads } = lane.deps;
    const commit = threads.commit.bind(threads);
    lane.deps.threads = Object.assign(Object.create(threads), {
      load: threads.load.bind(threads),
      log: threads.log.bind(threads),
      outcome: threads.outcome.bind(threads),
      commit: async (wanted: Parameters<typeof commit>[0]) => {
        if (
          JSON.stringify(
            wanted.change?.logItem.decisions.flatMap(({ entries }) => entries.filter(({ type }) => type === 'message')),
          ).includes('TOO BIG')
        ) {
          throw new RangeError('Item size has exceeded the maximum');
        }
        return commit(wanted);
      },
    });
    const id = aThreadId();
    const big = aCommand(id, aCustomerMessage({ content: aText('TOO BIG') }));
    expect(await lane.run(aCommand(id, aStart()), big, aCommand(id, aReply()))).toEqual({ done: 3 });
    const entries = await lane.entries(id);
    expect(entries.map(({ type }) => type)).toEqual([
      'started',
      'message',
      'promise',
      'set-aside',
      'message',
      'change',
    ]);
    expect(entries[3]).toMatchObject({ reason: { code: 'defect', detail: 'RangeError' } });
  });

  it('of a business that is not served stays in the queue', async () => {
    const lane = new TestLane();
    const outcome = await lane.runMessages([{ lane: 'thr_other_x', id: 'm', body: {} }]);
    expect(outcome).toMatchObject({ done: 0, failure: { name: 'UnknownBusiness' } });
  });
});
