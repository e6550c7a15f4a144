/** Letters that are asked for or planned, and customers who want none, as they see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy, DAY, HOUR } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

const policy = aPolicy({
  letters: {
    reminder: { after: '1d' },
    rating: { after: '1h', url: 'https://acme.example/rate?thread={thread}' },
  },
});

describe('letters', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct({ policies: [policy.source] });
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  const start = async (body: object) => {
    const heard = await t.call('POST', '/v1/threads', { token: customer, body: { text: 'Where is it?', ...body } });
    await t.idle();
    return heard.body.threadId as string;
  };
  const latest = (to = 'c1@example.com') => t.mails(to).at(-1);

  it('a transcript goes to the customer who asks for one, and not again at once', async () => {
    const id = await start({ subject: 'My order' });
    await t.post(`/v1/agent/threads/${id}/notes`, ana, { text: 'SECRET' });
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { html: '<p>On its <b>way</b></p>' });
    expect((await t.post(`/v1/threads/${id}/transcript`, customer, {})).status).toBe(200);
    await t.idle();
    const mail = latest();
    expect(mail?.headers['Message-ID']).toContain('_transcript@');
    expect(mail?.text).toMatch(/c1.*wrote.*Where is it\?.*Ana wrote.*On its way/s);
    expect(mail?.html).toContain('<p>On its <b>way</b></p>');
    expect(`${mail?.text}${mail?.html}`).not.toContain('SECRET');
    const again = await t.post(`/v1/threads/${id}/transcript`, customer, {});
    expect([again.status, again.body.code]).toEqual([409, 'transcript-sent']);
  });

  it('a transcript goes to the agent who asks for themselves', async () => {
    const id = await start({});
    expect((await t.post(`/v1/agent/threads/${id}/transcript`, ana, { to: 'me' })).status).toBe(200);
    await t.idle();
    expect(latest('ana@acme.example')?.text).toMatch(/^Hello Ana,\n.*Where is it\?/s);
  });

  it('a customer is reminded, and asked how content they were, as the policy says', async () => {
    const id = await start({});
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'Which one?', status: 'pending' });
    await t.advance(2 * DAY);
    expect(latest()?.text).toContain('have not heard from you since');
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'solved' });
    await t.advance(DAY);
    expect(latest()?.text).toContain(`Rate our answer: https://acme.example/rate?thread=${id}`);
    const { body } = await t.get(`/v1/agent/threads/${id}/entries`, ana);
    const planned = body.items.filter(({ type }: { type: string }) => type === 'letter-planned');
    expect(planned).toMatchObject([{ letter: 'reminder', dueAt: expect.any(String) }, { letter: 'rating' }]);
  });

  it('who wants to be answered here gets no mail', async () => {
    const before = t.mails('c1@example.com').length;
    const id = await start({ answerBy: 'api' });
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'Here.', status: 'pending' });
    await t.advance(3 * DAY + HOUR);
    expect(t.mails('c1@example.com')).toHaveLength(before);
    expect((await t.get(`/v1/agent/threads/${id}`, ana)).body).toMatchObject({ answerBy: 'api', participants: [] });
    const wrong = await t.call('POST', '/v1/threads', { token: customer, body: { text: 'x', answerBy: 'fax' } });
    expect(wrong.status).toBe(422);
  });
});
