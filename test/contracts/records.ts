/** What every idempotency store and every ledger of sends does. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../core/digest.ts';
import { sendIdOf } from '../../core/ids.ts';
import type { IdempotencyStore, Sends } from '../../core/ports.ts';
import { aThreadId, DAY, MONDAY } from '../builders.ts';

let keys = 0;
/** A key as the API makes them. */
function aKey(): string {
  keys += 1;
  return `acme ${sha256Hex(`${Date.now()} ${keys}`)}`;
}

function aSendId(): string {
  return sendIdOf(aThreadId(), 1, 'reply');
}

export function idempotencyStoreContract(name: string, make: () => Promise<IdempotencyStore>): void {
  const RECORD = { request: 'hash', minted: { threadId: 'thr_1', acceptedAt: 5, expectedReplyAt: null } };

  describe(`${name} as an idempotency store`, () => {
    it('keeps the first record of a key, and gives it to everyone after', async () => {
      const store = await make();
      const key = aKey();
      expect(await store.claim(key, RECORD, MONDAY)).toBeUndefined();
      expect(await store.claim(key, { request: 'other', minted: {} }, MONDAY + 1)).toEqual(RECORD);
      expect(await store.claim(aKey(), RECORD, MONDAY)).toBeUndefined();
    });

    it('tells keys of one business from each other, and from those of another', async () => {
      const store = await make();
      const key = aKey();
      await store.claim(key, RECORD, MONDAY);
      expect(await store.claim(key.replace('acme', 'other'), RECORD, MONDAY)).toBeUndefined();
    });

    it('lets one of two concurrent claims be the first', async () => {
      const store = await make();
      const key = aKey();
      const claims = await Promise.all([1, 2, 3].map(() => store.claim(key, RECORD, MONDAY)));
      expect(claims.filter((claim) => claim === undefined)).toHaveLength(1);
    });

    it('forgets a key after 24 hours', async () => {
      const store = await make();
      const key = aKey();
      await store.claim(key, RECORD, MONDAY);
      expect(await store.claim(key, RECORD, MONDAY + DAY - 1)).toEqual(RECORD);
      expect(await store.claim(key, { ...RECORD, request: 'new' }, MONDAY + DAY)).toBeUndefined();
      expect(await store.claim(key, RECORD, MONDAY + DAY)).toMatchObject({ request: 'new' });
    });
  });
}

export function sendsContract(name: string, make: () => Promise<Sends>): void {
  const LEASE = 1000;

  describe(`${name} as a ledger of sends`, () => {
    it('has no record of a send that nobody claimed', async () => {
      expect(await (await make()).record(aKey())).toBeUndefined();
    });

    it('lets one of several claim a send', async () => {
      const sends = await make();
      const id = aSendId();
      const claims = await Promise.all([1, 2, 3].map(() => sends.claim(id, MONDAY, LEASE)));
      expect(claims.filter((claim) => 'attempt' in claim)).toEqual([{ attempt: 1, tries: 0, since: MONDAY }]);
      expect(claims.filter((claim) => 'state' in claim)).toMatchObject([
        { state: 'claimed', attempts: 1, leaseUntil: MONDAY + LEASE },
        { state: 'claimed' },
      ]);
    });

    it.each([
      { settlement: { state: 'sent', providerId: 'p1' }, expected: { state: 'sent', providerId: 'p1' } },
      { settlement: { state: 'failed', detail: 'no' }, expected: { state: 'failed' } },
      { settlement: { state: 'abandoned' }, expected: { state: 'abandoned' } },
    ] as const)('is not claimed again once it is $settlement.state', async ({ settlement, expected }) => {
      const sends = await make();
      const id = aSendId();
      await sends.claim(id, MONDAY, LEASE);
      expect(await sends.record(id)).toMatchObject({ state: 'claimed', attempts: 1, leaseUntil: MONDAY + LEASE });
      await sends.settle(id, 1, settlement);
      expect(await sends.record(id)).toMatchObject(expected);
      expect(await sends.claim(id, MONDAY + DAY, LEASE)).toMatchObject(expected);
      expect(await sends.claim(id, MONDAY + DAY, LEASE, 1)).toMatchObject(expected);
    });

    it('is claimed again once it is released, under a number that nobody had; throttling is no try', async () => {
      const sends = await make();
      const id = aSendId();
      await sends.claim(id, MONDAY, LEASE);
      await sends.settle(id, 1, { state: 'released', isTry: true });
      const since = MONDAY;
      expect(await sends.claim(id, MONDAY + 1, LEASE)).toEqual({ attempt: 2, tries: 1, since });
      await sends.settle(id, 2, { state: 'released', isTry: false });
      expect(await sends.claim(id, MONDAY + 2, LEASE)).toEqual({ attempt: 3, tries: 1, since });
      await sends.settle(id, 2, { state: 'released', isTry: false });
      expect(await sends.claim(id, MONDAY + 3, LEASE), 'settled once more').toMatchObject({ state: 'claimed' });
    });

    it('is retaken only by the right attempt, and only once its lease is over', async () => {
      const sends = await make();
      const id = aSendId();
      await sends.claim(id, MONDAY, LEASE);
      expect(await sends.claim(id, MONDAY + LEASE - 1, LEASE, 1)).toMatchObject({ state: 'claimed' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE)).toMatchObject({ state: 'claimed' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE, 2)).toMatchObject({ state: 'claimed' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE, 1)).toEqual({ attempt: 2, tries: 1, since: MONDAY });
      expect(await sends.claim(id, MONDAY + 3 * LEASE, LEASE, 1)).toMatchObject({ state: 'claimed', attempts: 2 });
    });

    it('keeps what became of a mail, and the weightiest of it, in whichever order it is told', async () => {
      const sends = await make();
      const [id, unknown] = [aSendId(), aSendId()];
      await sends.tell(unknown, 'delivered', MONDAY);
      await sends.claim(id, MONDAY, LEASE);
      expect(await sends.record(id)).toMatchObject({ fate: null });
      await sends.tell(id, 'delivered', MONDAY + 2);
      await sends.tell(id, 'delayed', MONDAY + 1);
      expect(await sends.record(id)).toMatchObject({ state: 'claimed', fate: { is: 'delivered', at: MONDAY + 2 } });
      await sends.settle(id, 1, { state: 'sent', providerId: 'p' });
      await sends.tell(id, 'bounced', MONDAY + 3);
      await sends.tell(id, 'bounced', MONDAY + 4);
      const fate = { is: 'bounced', at: MONDAY + 3 };
      expect(await sends.record(id)).toMatchObject({ state: 'sent', fate });
      const records = await sends.records([unknown, id]);
      expect([...records.keys()]).toEqual([id]);
      expect(records.get(id)).toMatchObject({ state: 'sent', fate });
    });

    it('tells the sends of one entry from each other', async () => {
      const sends = await make();
      const thread = aThreadId();
      for (const [seq, kind] of [
        [1, 'notice'],
        [1, 'acknowledgement'],
        [2, 'notice'],
      ] as const) {
        expect(await sends.claim(sendIdOf(thread, seq, kind), MONDAY, LEASE)).toMatchObject({ attempt: 1 });
      }
    });

    it('believes an earlier attempt that it sent the mail, and nothing else', async () => {
      const sends = await make();
      const id = aSendId();
      await sends.claim(id, MONDAY, LEASE);
      await sends.claim(id, MONDAY + LEASE, LEASE, 1);
      await sends.settle(id, 1, { state: 'released', isTry: true });
      await sends.settle(id, 1, { state: 'failed', detail: 'late' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE)).toMatchObject({ state: 'claimed', attempts: 2 });
      await sends.settle(id, 1, { state: 'sent', providerId: 'p' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE)).toMatchObject({ state: 'sent' });
      await sends.settle(id, 2, { state: 'failed', detail: 'later still' });
      expect(await sends.claim(id, MONDAY + LEASE, LEASE)).toMatchObject({ state: 'sent' });
    });
  });
}
