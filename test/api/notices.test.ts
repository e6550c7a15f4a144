/** What a team hears of its customers by mail, as its members see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy, MINUTE } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

const policy = aPolicy({ notices: { off: ['agent:ben'] } });

describe('notices', () => {
  let t: TestProduct;
  let [customer, ana, ben] = ['', '', ''];
  beforeAll(async () => {
    t = new TestProduct({ policies: [policy.source] });
    [customer, ana, ben] = [await t.customer(), await t.agent(), await t.agent('ben')];
  });
  afterAll(() => t.stop());

  const start = async (text: string) => {
    const { body } = await t.call('POST', '/v1/threads', { token: customer, body: { text } });
    await t.idle();
    return body.threadId as string;
  };
  const write = async (id: string, text: string) => {
    await t.post(`/v1/threads/${id}/messages`, customer, { text });
    await t.idle();
  };
  /** Texts of the mails of this thread. */
  const heard = (to: string, id: string) => t.mails(to).flatMap(({ text }) => (text.includes(id) ? [text] : []));

  it('of ten messages in a minute are two mails, and entries say so', async () => {
    const id = await start('Number 1');
    for (let n = 2; n <= 10; n += 1) await write(id, `Number ${n}`);
    expect(heard('support@acme.example', id)).toHaveLength(1);
    await t.advance(MINUTE);
    const [first, second, ...more] = heard('support@acme.example', id);
    expect(more).toEqual([]);
    expect(first).toContain('Number 1\n');
    expect(second).toMatch(/9 messages.*Number 2.*Number 6.*Number 10/s);
    const { body } = await t.get(`/v1/agent/threads/${id}/entries?limit=100`, ana);
    const told = body.items.filter(({ type }: { type: string }) => type.startsWith('notice'));
    expect(told).toMatchObject([
      { type: 'notice-planned', to: 'team:support', since: 4, dueAt: expect.any(String) },
      { type: 'notice', to: 'team:support', since: 4 },
    ]);
    const seen = (await t.get(`/v1/threads/${id}/entries?limit=100`, customer)).body.items;
    expect(JSON.stringify(seen)).not.toContain('notice');
  });

  it('wait while an agent is on the thread, and are not sent where they answer meanwhile', async () => {
    const id = await start('One');
    await t.post(`/v1/agent/threads/${id}/assignment`, ana, { assignee: 'ana' });
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'Which?' });
    await write(id, 'The blue one');
    await t.advance(4 * MINUTE);
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'Thanks' });
    await t.advance(20 * MINUTE);
    expect(heard('ana@acme.example', id)).toEqual([]);
    await write(id, 'And the red one?');
    expect(heard('ana@acme.example', id)).toHaveLength(1);
  });

  it('are not sent to who wants none', async () => {
    const id = await start('One');
    await t.post(`/v1/agent/threads/${id}/assignment`, ben, { assignee: 'ben' });
    await t.advance(10 * MINUTE);
    await write(id, 'Two');
    await t.advance(10 * MINUTE);
    expect(heard('ben@acme.example', id)).toEqual([]);
  });
});
