/** The main job, as customer and agent see it, on the embedded adapters: as kind as they are, and unkind as AWS. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

describe.each([
  ['kind', undefined],
  ['unkind', 1],
  ['unkind otherwise', 2],
])('on adapters that are %s', (_, unkind) => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct({ unkind });
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  let id: string;

  it('a message is accepted with a promise, and acknowledged by mail', async () => {
    const body = { subject: 'My order', text: 'Where is it?', topic: 'billing', urgency: 'high' };
    const heard = await t.call('POST', '/v1/threads', { token: customer, body });
    expect(heard.status).toBe(202);
    // four hours by a calendar that is always open
    const expectedReplyAt = new Date(t.clock.now() + 4 * HOUR).toISOString();
    expect(heard.body).toMatchObject({ status: 'accepted', expectedReplyAt });
    expect(heard.headers.get('location')).toBe(`/v1/threads/${heard.body.threadId}`);
    id = heard.body.threadId;
    await t.advance(10 * 60_000); // what was throttled comes again
    expect(t.mails('c1@example.com').map(({ subject }) => subject)).toEqual(['Re: My order']);
    expect(t.mails('billing@acme.example').map(({ subject }) => subject)).toEqual(['[Acme] My order']);
    expect((await t.get(`/v1/commands/${heard.body.commandId}`, customer)).body.status).toBe('done');
  });

  it('an agent’s answer reaches the customer in the thread and by mail', async () => {
    const heard = await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'On its way.', status: 'solved' });
    expect(heard.status).toBe(200);
    await t.advance(10 * 60_000);
    expect(t.mails('c1@example.com').at(-1)?.text).toContain('On its way.');
    const { body } = await t.get(`/v1/threads/${id}/entries`, customer);
    expect(body.items.filter(({ type }: { type: string }) => type === 'message')).toMatchObject([
      { text: 'Where is it?', author: { kind: 'customer', id: 'c1' } },
      { text: 'On its way.', author: { kind: 'agent', name: 'Ana' } },
    ]);
    expect((await t.get(`/v1/threads/${id}`, customer)).body).toMatchObject({
      status: 'solved',
      expectedReplyAt: null,
    });
  });

  it('the customer’s next message reopens the solved thread', async () => {
    const heard = await t.post(`/v1/threads/${id}/messages`, customer, { text: 'It did not come.' });
    expect(heard.body).toMatchObject({ status: 'done', threadId: id, expectedReplyAt: expect.any(String) });
    expect((await t.get(`/v1/threads/${id}`, customer)).body.status).toBe('open');
    await t.advance(10 * 60_000);
    expect(t.mails('billing@acme.example').at(-1)?.text).toContain('It did not come.');
  });

  it('a solved thread closes after its time, and a later message starts a linked follow-up', async () => {
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'solved' });
    await t.advance(5 * DAY);
    expect((await t.get(`/v1/agent/threads/${id}`, ana)).body.status).toBe('closed');
    const heard = await t.post(`/v1/threads/${id}/messages`, customer, { text: 'Again!' });
    await t.advance(10 * 60_000);
    const settled = await t.get(`/v1/commands/${heard.body.commandId}`, customer);
    expect(settled.body).toMatchObject({ status: 'done', messageId: heard.body.messageId });
    const followUp = settled.body.threadId;
    expect(followUp).not.toBe(id);
    expect((await t.get(`/v1/threads/${followUp}`, customer)).body).toMatchObject({ status: 'new', followUpOf: id });
    expect(t.mails('c1@example.com').filter(({ subject }) => subject === 'Re: My order')).toHaveLength(4);
  });

  it('every change stands in the log with who, when and why', async () => {
    const { body } = await t.get(`/v1/agent/threads/${id}/entries?limit=100`, ana);
    const { items } = body;
    expect(items.map(({ seq }: { seq: number }) => seq)).toEqual(items.map((_: unknown, index: number) => index + 1));
    for (const entry of items) {
      expect(entry).toMatchObject({ author: { kind: expect.any(String) }, cause: { command: expect.any(String) } });
    }
    const closing = items.find(({ to }: { to: string }) => to === 'closed');
    expect(closing).toMatchObject({ author: { kind: 'system' }, cause: { rule: 'auto-close' } });
  });

  it('no mail came twice, and none was lost', async () => {
    const ids = t.kept().map(({ id: sendId }) => sendId);
    expect(new Set(ids).size).toBe(ids.length);
    // three acknowledgements (start, reopened, follow-up), one reply, three notices
    expect(ids.map((sendId) => sendId.slice(sendId.lastIndexOf('_') + 1)).sort()).toEqual(
      [...Array(3).fill('acknowledgement'), ...Array(3).fill('notice'), 'reply'].sort(),
    );
  });

  it('a customer without an address is served by the API alone', async () => {
    const before = t.mails().length;
    const silent = await t.customer('c2', {});
    const heard = await t.post('/v1/threads', silent, { text: 'No mail, please' });
    await t.post(`/v1/agent/threads/${heard.body.threadId}/replies`, ana, { text: 'As you wish' });
    await t.advance(10 * 60_000);
    expect(
      t
        .mails()
        .slice(before)
        .map(({ to }) => to.address),
    ).toEqual(['support@acme.example']);
    const { body } = await t.get(`/v1/threads/${heard.body.threadId}/entries`, silent);
    expect(body.items.map(({ text }: { text: string }) => text)).toContain('As you wish');
  });

  it('an agent starts a thread to a customer, who finds it and answers', async () => {
    const body = { customer: { id: 'c1' }, subject: 'Your invoice', text: 'It is ready.' };
    const heard = await t.post('/v1/agent/threads', ana, body);
    expect(heard.headers.get('location')).toBe(`/v1/agent/threads/${heard.body.threadId}`);
    await t.advance(10 * 60_000);
    // the address is known from the customer's own threads
    expect(t.mails('c1@example.com').at(-1)).toMatchObject({ subject: 'Your invoice' });
    await t.post(`/v1/threads/${heard.body.threadId}/messages`, customer, { text: 'Thank you' });
    await t.advance(10 * 60_000);
    const thread = await t.get(`/v1/agent/threads/${heard.body.threadId}`, ana);
    expect(thread.body).toMatchObject({ assignee: 'ana', status: 'open' });
    expect(t.mails('ana@acme.example').at(-1)?.subject).toBe('[Acme] Your invoice');
  });

  it('two threads to one bare address are one customer’s', async () => {
    const start = () =>
      t.post('/v1/agent/threads', ana, { customer: { email: 'New@example.com' }, subject: 'Hi', text: 'Hi' });
    const [a, b] = [await start(), await start()];
    const customerOf = async (threadId: string) => (await t.get(`/v1/agent/threads/${threadId}`, ana)).body.customer.id;
    expect(await customerOf(a.body.threadId)).toBe(await customerOf(b.body.threadId));
    await t.advance(10 * 60_000);
    expect(t.mails('new@example.com')).toHaveLength(2);
  });
});
