import { describe, expect, it } from 'vitest';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import { type ProviderEvent, recordProviderEvent } from '../../../core/delivery/provider-event.ts';
import { bouncedKey } from '../../../core/inbound/mail-index.ts';
import type { LaneMessage } from '../../../core/ports.ts';
import { entriesOf } from '../../../core/thread/entry.ts';
import { aCommand, aReply, aStart, aThreadId, MONDAY } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';

/** A thread whose reply was handed to a provider, and what hears of it. */
async function setUp() {
  const lane = new TestLane();
  const thread = aThreadId();
  await lane.run(aCommand(thread, aStart()), aCommand(thread, aReply()));
  const job = lane.performed.flatMap(({ mails }) => mails).find(({ kind }) => kind === 'reply');
  const sends = new SqliteSends(aDatabase());
  const { policies, clock } = lane.deps;
  const told: LaneMessage[] = [];
  const lanes = { send: async (all: LaneMessage[]) => void told.push(...all) };
  const mailIndex = new MapMailIndex();
  const deps = { sends, policies, clock, lanes, mailIndex };
  const sent = { state: 'sent', attempt: 1, providerId: 'p1', detail: '' } as const;
  const event: ProviderEvent = { ...sent, sendId: job?.sendId ?? '', bouncedFrom: [], isOfCopy: false };
  const deliveries = async () =>
    (await lane.deps.threads.log(thread, 0, 100)).flatMap(entriesOf).filter(({ type }) => type === 'delivery');
  return { lane, sends, told, deps, event, deliveries };
}

describe('an event of the provider', () => {
  it('that a mail was sent settles its send, and leaves the thread alone', async () => {
    const { deps, event, sends, told } = await setUp();
    await sends.claim(event.sendId, MONDAY, 1_000);
    await recordProviderEvent(event, deps);
    expect(await sends.claim(event.sendId, MONDAY, 1_000)).toMatchObject({ state: 'sent', providerId: 'p1' });
    expect(told).toEqual([]);
  });

  it.each(['bounced', 'complained', 'rejected'] as const)(
    'that a mail was %s becomes an entry, once',
    async (state) => {
      const { deps, event, sends, told, lane, deliveries } = await setUp();
      await sends.claim(event.sendId, MONDAY, 1_000);
      const trouble: ProviderEvent = { ...event, state, detail: 'Permanent General' };
      await recordProviderEvent(trouble, deps);
      await recordProviderEvent(trouble, deps);
      await lane.runMessages(told);
      expect(await deliveries()).toMatchObject([{ type: 'delivery', state, detail: 'Permanent General' }]);
      expect(await sends.record(event.sendId)).toMatchObject({ fate: { is: state } });
    },
  );

  it.each(['delivered', 'delayed'] as const)('that a mail was %s is kept with its send alone', async (state) => {
    const { deps, event, sends, told } = await setUp();
    await sends.claim(event.sendId, MONDAY, 1_000);
    await recordProviderEvent({ ...event, state }, deps);
    expect(await sends.record(event.sendId)).toMatchObject({ fate: { is: state, at: deps.clock.now() } });
    expect(told).toEqual([]);
  });

  it('of a copy says nothing of the mail', async () => {
    const { deps, event, sends } = await setUp();
    await sends.claim(event.sendId, MONDAY, 1_000);
    await recordProviderEvent({ ...event, state: 'delivered', isOfCopy: true }, deps);
    expect(await sends.record(event.sendId)).toMatchObject({ fate: null });
  });

  it('that an address is gone stops mail to it, and tells whoever has the thread, and a lead', async () => {
    const { deps, event, told, lane } = await setUp();
    await recordProviderEvent({ ...event, state: 'bounced', bouncedFrom: ['C1@example.com'] }, deps);
    expect(await deps.mailIndex.find(bouncedKey('acme', 'c1@example.com'))).toMatchObject({ send: event.sendId });
    const before = lane.mails.length;
    await lane.runMessages(told);
    expect(lane.mails.slice(before)).toEqual([expect.stringMatching(/_alert$/), expect.stringMatching(/_alert$/)]);
  });

  it('is one of several: a mail may bounce after it was complained of', async () => {
    const { deps, event, told, lane, deliveries } = await setUp();
    await recordProviderEvent({ ...event, state: 'complained' }, deps);
    await recordProviderEvent({ ...event, state: 'bounced' }, deps);
    await lane.runMessages(told);
    expect(await deliveries()).toMatchObject([{ state: 'complained' }, { state: 'bounced' }]);
  });
});
