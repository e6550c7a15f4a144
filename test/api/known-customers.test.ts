/** What is known of customers by their own tokens, and how their threads learn of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerByAddress } from '../../core/customer/record.ts';
import type { LaneMessage } from '../../core/ports.ts';
import { instead } from '../support/instead.ts';
import { RecordsProduct } from '../support/records.ts';

describe('what is known of customers', () => {
  let t: RecordsProduct;
  let ana: string;
  beforeAll(async () => {
    t = new RecordsProduct();
    ana = await t.agent();
    await t.put('organisations/o1', { name: 'One', segments: ['enterprise'], domains: ['one.example'] });
  });
  afterAll(() => t.stop());

  describe('that customers’ own tokens tell of', () => {
    it('are made with their first message, and written again only where something is new', async () => {
      const id = t.aNewCustomer();
      await t.thread(id);
      const first = await t.known(id);
      expect(first).toMatchObject({
        ...{ name: null, told: { name: id, email: `${id}@example.com` }, version: 1 },
        emails: [{ address: `${id}@example.com`, by: 'token' }],
        facts: { name: id, email: `${id}@example.com` },
      });
      await t.advance(1_000);
      const thread = await t.thread(id);
      await t.post(`/v1/threads/${thread}/messages`, await t.customer(id), { text: 'More' });
      expect(await t.known(id)).toEqual(first);
      const moved = await t.customer(id, { email: `${id}@new.example`, locale: 'de' });
      await t.post(`/v1/threads/${thread}/messages`, moved, { text: 'More' });
      expect(await t.known(id)).toMatchObject({
        version: 2,
        emails: [{ address: `${id}@new.example` }, { address: `${id}@example.com` }],
        facts: { name: id, email: `${id}@new.example`, locale: 'de' },
      });
    });

    it('do not overrule what an agent says, and say what an agent does not', async () => {
      const id = t.aNewCustomer();
      await t.say(id, { name: 'Dr Cleo', plan: 'gold' });
      const token = await t.customer(id, { name: 'cleo', locale: 'de', attributes: { plan: 'free', seats: 5 } });
      const { body } = await t.post('/v1/threads', token, { text: 'Hello' });
      expect(await t.seen(body.threadId)).toMatchObject({
        tags: ['gold'],
        customer: { name: 'Dr Cleo', locale: 'de', attributes: { plan: 'gold', seats: 5 } },
      });
      await t.say(id, { name: null, plan: null });
      expect(await t.seen(body.threadId)).toMatchObject({
        customer: { name: 'cleo', attributes: { plan: 'free', seats: 5 } },
      });
    });

    it('take no address that the token does not stand for', async () => {
      const id = t.aNewCustomer();
      const claims = { email: `${id}@example.com`, email_verified: false };
      await t.post('/v1/threads', await t.customer(id, claims), { text: 'Hello' });
      expect(await t.known(id)).toMatchObject({ emails: [], facts: { email: `${id}@example.com` } });
      await t.post('/v1/threads', await t.customer(id, { ...claims, email_verified: true }), { text: 'Hello' });
      expect(await t.known(id)).toMatchObject({ emails: [{ address: `${id}@example.com`, by: 'token' }] });
    });

    it('take no address that is proved for another; what is written counts all the same', async () => {
      const [first, second] = [t.aNewCustomer(), t.aNewCustomer()];
      const email = `${first}@family.example`;
      await t.post('/v1/threads', await t.customer(first, { email }), { text: 'Hello' });
      const heard = await t.post('/v1/threads', await t.customer(second, { email }), { text: 'Hello' });
      expect(heard.status).toBe(200);
      expect(await t.seen(heard.body.threadId)).toMatchObject({ customer: { id: second, email } });
      expect(await t.known(second)).toMatchObject({ emails: [], told: { email } });
      expect(await customerByAddress(t.deps.customers, 'acme', email)).toBe(first);
    });
  });

  describe('that change', () => {
    it('are known by every thread of the customer that is not closed, and rules and targets look again', async () => {
      const id = t.aNewCustomer();
      const [first, second, solved] = [await t.thread(id), await t.thread(id), await t.thread(id)];
      await t.post(`/v1/threads/${solved}/solve`, await t.customer(id), {});
      await t.advance(30 * 24 * 3_600_000);
      expect(await t.seen(solved)).toMatchObject({ status: 'closed' });
      const { version } = await t.seen(first);
      await t.say(id, { segments: ['vip'] }, { token: await t.agent('ben') });
      expect(await t.seen(first)).toMatchObject({ priority: 'high', customer: { segments: ['vip'] }, version });
      expect(await t.seen(second)).toMatchObject({ priority: 'high' });
      expect(await t.seen(solved)).toMatchObject({ priority: 'normal', customer: { segments: [] } });
      const threads = await t.get(`/v1/agent/customers/${id}/threads`, ana);
      const ids = threads.body.items.map((thread: { id: string }) => thread.id);
      expect(ids.sort()).toEqual([first, second, solved].sort());
    });

    it('are told page by page, and again only to whom it was not told', async () => {
      const id = t.aNewCustomer();
      const count = 130;
      for (let n = 0; n < count; n += 1) await t.thread(id);
      await t.idle();
      const sent: LaneMessage[] = [];
      const { lanes } = t.deps;
      const isBroken = { after: 0 };
      const breaking = instead(lanes, {
        send: async (messages) => {
          if (isBroken.after <= sent.length) throw new Error('gone');
          sent.push(...messages);
          return lanes.send(messages);
        },
      });
      t.deps.lanes = breaking;
      isBroken.after = 1;
      expect((await t.say(id, { segments: ['vip'] })).status, 'its second page is not told').toBe(500);
      expect(sent).toHaveLength(100);
      await t.idle();
      isBroken.after = Number.POSITIVE_INFINITY;
      expect((await t.say(id, { segments: ['vip'] })).body.status).toBe('unchanged');
      expect(sent).toHaveLength(count);
      await t.idle();
      await t.say(id, { segments: ['vip'] });
      t.deps.lanes = lanes;
      expect(sent, 'everybody knows').toHaveLength(count);
      const page = await t.get(`/v1/agent/customers/${id}/threads?limit=100`, ana);
      expect(page.body.items.every(({ priority }: { priority: string }) => priority === 'high')).toBe(true);
    });

    it('are told to the others by whoever writes where it is not known yet', async () => {
      const id = t.aNewCustomer();
      const [first, second] = [await t.thread(id), await t.thread(id)];
      await t.put('organisations/o5', {});
      await t.say(id, { organisation: 'o5' });
      await t.put('organisations/o5', { segments: ['vip'] });
      expect(await t.seen(second)).toMatchObject({ priority: 'normal' });
      await t.post(`/v1/threads/${first}/messages`, await t.customer(id), { text: 'More' });
      expect(await t.seen(first)).toMatchObject({ priority: 'high', customer: { segments: ['vip'] } });
      expect(await t.seen(second)).toMatchObject({ priority: 'high' });
    });
  });
});
