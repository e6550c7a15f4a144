/** How far mails are, as agents see it beside what caused them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteSends } from '../../adapters/embedded/sends.ts';
import { sendingOf } from '../../api/sending.ts';
import { recordProviderEvent } from '../../core/delivery/provider-event.ts';
import { FATES, type Settlement } from '../../core/delivery/send.ts';
import { sendIdOf } from '../../core/ids.ts';
import { type LogItem, SYSTEM } from '../../core/thread/entry.ts';
import { aThreadId, MONDAY } from '../builders.ts';
import { aDatabase } from '../support/database.ts';
import { TestProduct } from '../support/product.ts';

describe('beside an entry, agents see the mails that it has caused', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct();
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  const entriesOf = (id: string, query = '') => t.get(`/v1/agent/threads/${id}/entries${query}`, ana);
  const seen = async (id: string, query = '') =>
    (await entriesOf(id, query)).body.items.flatMap(({ sending = [] }) =>
      sending.map(({ mail, to, state }: Record<string, string>) => [mail, to, state]),
    );
  /** A thread with an answer that was sent. @returns also the id of the answer's mail */
  const answered = async () => {
    const id = await t.thread();
    const { body } = await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'On its way' });
    await t.idle();
    const { items } = (await entriesOf(id)).body;
    const reply = items.find(({ id: entry }: { id: string }) => entry === body.messageId);
    return { id, send: sendIdOf(id, reply.seq, 'reply') };
  };

  it('each with its kind, its recipient and when it was tried; customers see nothing of it', async () => {
    const { id } = await answered();
    expect(await seen(id)).toEqual([
      ['acknowledgement', 'customer', 'sent'],
      ['notice', 'team:support', 'sent'],
      ['reply', 'customer', 'sent'],
    ]);
    const [first] = (await entriesOf(id)).body.items.flatMap(({ sending = [] }) => sending);
    expect(first).toMatchObject({ firstTriedAt: expect.stringMatching(/Z$/), toldAt: null });
    expect(await seen(id, '?limit=1')).not.toContainEqual(['reply', 'customer', 'sent']);
    const theirs = await t.get(`/v1/threads/${id}/entries`, customer);
    expect(JSON.stringify(theirs.body)).not.toContain('sending');
  });

  it.each(FATES)('that it was %s moves the ETag, and not the version', async (state) => {
    const { id, send } = await answered();
    const [before, thread] = [await entriesOf(id), await t.get(`/v1/agent/threads/${id}`, ana)];
    const { sends, mailIndex } = t.product.stores;
    const event = { ...{ state, sendId: send, attempt: 1, providerId: 'p', detail: '' }, bouncedFrom: [] };
    await recordProviderEvent({ ...event, isOfCopy: false }, { ...t.deps, sends, mailIndex });
    await t.idle();
    const after = await entriesOf(id);
    expect(await seen(id)).toContainEqual(['reply', 'customer', state]);
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    expect((await t.get(`/v1/agent/threads/${id}`, ana)).body.version).toBe(thread.body.version);
  });
});

describe('how far a mail is', () => {
  const LEASE = 60_000;
  const thread = aThreadId();
  const id = sendIdOf(thread, 1, 'reply');
  const effects = [{ type: 'mail', kind: 'reply', seq: 1, to: 'customer' } as const];
  const decision = { ...{ command: 'c', policy: '', at: MONDAY, author: SYSTEM }, entries: [], effects };
  const items: LogItem[] = [{ schema: 1, lastSeq: 1, decisions: [decision] }];
  const stateAt = async (sends: SqliteSends, now: number) => {
    const found = await sendingOf(items, new Set([1]), thread, { sends, clock: { now: () => now } });
    return found.get(1)?.map(({ state }) => state);
  };

  it('is not known of a mail that nobody has taken up', async () => {
    expect(await stateAt(new SqliteSends(aDatabase()), MONDAY)).toEqual(['queued']);
  });

  it('is told by its lease while it is under way', async () => {
    const sends = new SqliteSends(aDatabase());
    await sends.claim(id, MONDAY, LEASE);
    expect(await stateAt(sends, MONDAY + LEASE - 1)).toEqual(['sending']);
    expect(await stateAt(sends, MONDAY + LEASE)).toEqual(['unconfirmed']);
  });

  it.each<[Settlement, string]>([
    [{ state: 'sent', providerId: 'p' }, 'sent'],
    [{ state: 'released', isTry: true }, 'deferred'],
    [{ state: 'failed', detail: 'no such mailbox' }, 'failed'],
    [{ state: 'abandoned' }, 'unsure'],
  ])('is told by how it was settled: %j', async (settlement, expected) => {
    const sends = new SqliteSends(aDatabase());
    await sends.claim(id, MONDAY, LEASE);
    await sends.settle(id, 1, settlement);
    expect(await stateAt(sends, MONDAY)).toEqual([expected]);
  });
});
