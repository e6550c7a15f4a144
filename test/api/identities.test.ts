/** Who wrote as a visitor, and turns out to be a customer: what proves it, and who may see what before and after. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy, DAY } from '../builders.ts';
import { type Heard, TestProduct } from '../support/product.ts';

const VISITOR = 'pk_acme_testtest';
const wide = { perMinute: 60_000, burst: 60_000 };

describe('a visitor’s thread', () => {
  let t: TestProduct;
  let ana: string;
  let c1: string;
  let c2: string;
  beforeAll(async () => {
    const rates = { customer: wide, agent: wide, visitor: wide };
    const other = aPolicy({ id: 'other', publishableKeys: ['pk_other_testtest'], rates });
    t = new TestProduct({ policies: [aPolicy({ rates }).source, other.source] });
    [ana, c1, c2] = [await t.agent('ana'), await t.customer('c1'), await t.customer('c2')];
  });
  afterAll(() => t.stop());

  async function begun(): Promise<{ thread: string; token: string; message: Heard }> {
    await t.advance(1);
    const message = await t.post('/v1/threads', VISITOR, { text: 'Hello', customer: { name: 'Somebody' } });
    return { thread: message.body.threadId, token: message.body.token, message };
  }

  const link = (customer: string, token: string, headers = {}) =>
    t.post('/v1/identities', customer, { token }, headers);
  const listed = async (customer: string): Promise<string[]> =>
    (await t.get('/v1/threads?limit=100', customer)).body.items.map(({ id }: { id: string }) => id);

  /** What a caller gets of a thread, path by path. */
  async function sight(thread: string, token: string, attachment: string) {
    const paths = ['', '/entries', `/attachments/${attachment}`];
    const reads = await Promise.all(paths.map((path) => t.get(`/v1/threads/${thread}${path}`, token)));
    const seen = await t.post(`/v1/threads/${thread}/seen`, token, { seq: 1 });
    return [...reads, seen].map(({ status }) => status);
  }

  it('is the customer’s once they show its token: listed, read and written in by them, and nobody else', async () => {
    const { thread, token } = await begun();
    const attachment = await t.attachment(token, 'a.txt', 'a');
    await t.post(`/v1/threads/${thread}/messages`, token, { text: 'See this', attachments: [attachment] });
    expect(await sight(thread, token, attachment)).toEqual([200, 200, 302, 200]);
    expect(await sight(thread, c1, attachment)).toEqual([404, 404, 404, 404]);
    const linked = await link(c1, token);
    expect(linked).toMatchObject({ status: 200, body: { status: 'done', threadId: thread } });
    expect(await sight(thread, c1, attachment)).toEqual([200, 200, 302, 200]);
    expect(await sight(thread, token, attachment)).toEqual([404, 404, 404, 404]);
    expect(await sight(thread, c2, attachment)).toEqual([404, 404, 404, 404]);
    expect(await listed(c1)).toContain(thread);
    expect(await listed(c2)).not.toContain(thread);
    const own = await t.attachment(c1, 'b.txt', 'b');
    const more = await t.post(`/v1/threads/${thread}/messages`, c1, { text: 'Me again', attachments: [own] });
    expect(more.body).toMatchObject({ status: 'done', threadId: thread });
    const { body } = await t.get(`/v1/agent/threads/${thread}`, ana);
    expect(body.customer).toMatchObject({ id: 'c1', name: 'c1', email: 'c1@example.com' });
  });

  it('says who linked it, when and by what', async () => {
    const { thread, token } = await begun();
    await link(c1, token);
    const { identities } = (await t.get('/v1/agent/customers/c1', ana)).body;
    expect(identities.at(-1)).toEqual({
      ...{ id: expect.stringMatching(/^visitor_/), by: 'capability', at: new Date(t.clock.now()).toISOString() },
    });
    const { items } = (await t.get(`/v1/agent/threads/${thread}/entries`, ana)).body;
    expect(items.at(-1)).toMatchObject({
      ...{ type: 'change', field: 'customer', author: { kind: 'customer', id: 'c1' } },
      ...{ from: { name: 'Somebody' }, to: { id: 'c1' } },
    });
  });

  it('is linked once however often it is asked, and to nobody else afterwards', async () => {
    const { thread, token } = await begun();
    const before = (await link(c1, token)).body;
    expect(await link(c1, token)).toMatchObject({ status: 200, body: { status: 'done', threadId: thread } });
    const keyed = [1, 2].map(() => link(c1, token, { 'idempotency-key': 'once' }));
    const [first, second] = await Promise.all(keyed);
    expect(first?.body.commandId).toBe(second?.body.commandId);
    expect(first?.body.commandId).not.toBe(before.commandId);
    const refused = await link(c2, token);
    expect(refused).toMatchObject({ status: 409, body: { code: 'identity-taken' } });
    expect(refused.body.detail).toBe('The identity was linked to another customer.');
    expect(await listed(c2)).not.toContain(thread);
  });

  it('is linked with all that followed from it', async () => {
    const { thread, token } = await begun();
    await t.post(`/v1/threads/${thread}/solve`, token, {});
    await t.advance(30 * DAY);
    const moved = await t.post(`/v1/threads/${thread}/messages`, token, { text: 'Once more' });
    const followUp = moved.body.threadId;
    expect(followUp).not.toBe(thread);
    await link(c1, moved.body.token);
    await t.idle();
    expect(await listed(c1)).toEqual(expect.arrayContaining([thread, followUp]));
    for (const id of [thread, followUp]) {
      expect((await t.get(`/v1/threads/${id}/entries`, c1)).status).toBe(200);
      expect((await t.get(`/v1/threads/${id}`, token)).status).toBe(404);
    }
  });

  it('can be merged with one that its customer began', async () => {
    const { thread, token } = await begun();
    await t.advance(1);
    const own = await t.thread('c1');
    const merge = () => t.post(`/v1/agent/threads/${thread}/merge`, ana, { into: own });
    expect(await merge()).toMatchObject({ status: 409, body: { code: 'merge-same-customer' } });
    await link(c1, token);
    expect((await merge()).body).toMatchObject({ status: 'done' });
    expect((await t.get(`/v1/threads/${own}`, c1)).body).toMatchObject({ status: 'closed', mergedInto: thread });
  });

  it('is not linked by a token that is none, another business’s, or a customer’s', async () => {
    const elsewhere = await t.post('/v1/threads', 'pk_other_testtest', { text: 'Hello' });
    const { token } = await begun();
    for (const wrong of ['ct_acme.x', `${token.slice(0, -2)}xx`, elsewhere.body.token]) {
      expect(await link(c1, wrong)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/token' }] } });
    }
    const own = await t.capability(await t.thread('c2'), 'c2');
    expect(await link(c1, own)).toMatchObject({ status: 409, body: { code: 'identity-has-record' } });
    expect(await link(c1, token, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await t.post('/v1/identities', c1, { token, more: 1 })).toMatchObject({ status: 422 });
    expect((await link(VISITOR, token)).status).toBe(403);
  });

  it('is linked by an agent’s word, too', async () => {
    const { thread, token } = await begun();
    const { id } = (await t.get(`/v1/agent/threads/${thread}`, ana)).body.customer;
    const say = (customer: string) =>
      t.call('PUT', `/v1/agent/customers/${customer}`, { token: ana, body: { identities: [id] } });
    expect((await say('c1')).body.identities).toContainEqual(expect.objectContaining({ id, by: 'agent:ana' }));
    await t.idle();
    expect(await listed(c1)).toContain(thread);
    expect((await t.get(`/v1/threads/${thread}`, token)).status).toBe(404);
    expect((await say('c2')).body).toMatchObject({ code: 'identity-taken', detail: expect.stringContaining(': c1.') });
    const { items } = (await t.get(`/v1/agent/threads/${thread}/entries`, ana)).body;
    expect(items.at(-1)).toMatchObject({ field: 'customer', author: { kind: 'agent', id: 'ana' } });
  });
});
