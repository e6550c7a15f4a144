/** Policies as callers of the API meet them: what is promised, what is due, and why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy, HOUR, MONDAY } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

const policy = aPolicy({
  guidelines: [
    { id: 'refunds', title: 'Refunds', when: { team: ['billing'] }, text: 'Within 14 days **always**.' },
    { id: 'vips', title: 'VIPs', when: { segment: ['vip'] }, text: 'Be kind.' },
  ],
  routing: [
    {
      id: 'intake',
      on: ['start'],
      mode: 'first',
      rules: [
        {
          id: 'outage',
          when: { text: ['outage'] },
          do: { advise: { en: 'Call +49 30 123.', de: 'Rufen Sie +49 30 123 an.' } },
        },
        { id: 'money', when: { text: ['refund'] }, do: { team: 'billing', priority: 'high' } },
      ],
    },
  ],
  sla: [
    { id: 'high', when: { priority: ['high'] }, metrics: { 'first-reply': { within: '1h' } } },
    {
      id: 'all',
      metrics: {
        'first-reply': { within: '3h', calendar: 'always', breach: { notify: ['agent:ana'] } },
        'requester-wait': { within: '20h', calendar: 'always' },
      },
    },
  ],
});
const iso = (at: number) => new Date(at).toISOString();
let product: TestProduct;
beforeAll(() => {
  product = new TestProduct({ policies: [policy.source] });
});
afterAll(() => product.stop());

describe('under a policy with rules and deadlines', () => {
  it('the promise of the 202 is the deadline of the rule’s target, also where the words are in HTML', async () => {
    const token = await product.customer();
    const plain = await product.call('POST', '/v1/threads', { token, body: { text: 'Hello' } });
    expect(plain.body.expectedReplyAt).toBe(iso(MONDAY + 3 * HOUR));
    const money = await product.call('POST', '/v1/threads', { token, body: { html: '<p>A <b>refund</b>!</p>' } });
    expect(money.body.expectedReplyAt).toBe(iso(MONDAY + HOUR));
    const { threadId } = money.body;
    await product.post(`/v1/threads/${threadId}/messages`, token, { text: 'more' });
    const thread = await product.get(`/v1/agent/threads/${threadId}`, await product.agent());
    expect(thread.body).toMatchObject({ team: 'billing', priority: 'high', expectedReplyAt: iso(MONDAY + HOUR) });
  });

  it('who has something urgent is told of a faster way at once: in the answer, by mail and in the thread', async () => {
    const token = await product.customer('c7', { email: 'c7@example.com', name: 'Carl', locale: 'de-AT' });
    const accepted = await product.post('/v1/threads', token, { text: 'An outage!' });
    expect(accepted.body.advice).toBe('Rufen Sie +49 30 123 an.');
    const entries = await product.get(`/v1/threads/${accepted.body.threadId}/entries`, token);
    expect(entries.body.items).toContainEqual(
      expect.objectContaining({ type: 'advice', text: 'Rufen Sie +49 30 123 an.' }),
    );
    await product.idle();
    const [acknowledgement] = product.mails('c7@example.com');
    expect(acknowledgement?.text).toContain('Rufen Sie +49 30 123 an.');
    const plain = await product.post('/v1/threads', token, { text: 'Hello' });
    expect(plain.body).not.toHaveProperty('advice');
  });

  it('the hours say it before', async () => {
    const hours = await product.get('/v1/hours', await product.customer());
    expect(hours.body).toMatchObject({ open: false, expectedReplyAt: iso(MONDAY + 3 * HOUR) });
  });

  it('agents see what is due, and customers do not', async () => {
    const id = await product.thread('c2');
    const { body } = await product.get(`/v1/agent/threads/${id}`, await product.agent());
    expect(body.deadlines).toEqual([
      { metric: 'reply', dueAt: iso(MONDAY + 3 * HOUR) },
      { metric: 'first-reply', dueAt: iso(MONDAY + 3 * HOUR) },
      { metric: 'requester-wait', dueAt: iso(MONDAY + 20 * HOUR) },
    ]);
    const customer = await product.customer('c2');
    const entries = await product.get(`/v1/threads/${id}/entries`, customer);
    expect(entries.body.items.map(({ type }: { type: string }) => type)).toEqual(['message', 'promise']);
    const agents = await product.get(`/v1/agent/threads/${id}/entries`, await product.agent());
    expect(agents.body.items).toContainEqual(
      expect.objectContaining({ type: 'sla', metric: 'first-reply', event: 'started', target: 'all' }),
    );
  });

  it('an agent is told why: by which rule, inputs and policy, and by what arithmetic', async () => {
    const id = await product.thread('c3', { text: 'I want a refund' });
    const { body } = await product.get(`/v1/agent/threads/${id}/explanation`, await product.agent());
    expect(body.entries).toContainEqual({
      ...{ seq: 3, at: iso(MONDAY), author: 'meanwhile', policy: policy.hash },
      ...{ rule: 'intake/money', inputs: { text: 'refund' }, text: 'Rule intake/money held.' },
    });
    expect(body.entries).toContainEqual(
      expect.objectContaining({ text: 'team: support → billing.', rule: 'intake/money', policy: policy.hash }),
    );
    expect(body.deadlines).toMatchObject([
      {
        ...{ metric: 'first-reply', instance: 1, target: 'high', policy: policy.hash, state: 'running' },
        ...{ within: '1h', calendar: 'team', timeZone: 'UTC', elapsedMs: 0, remainingMs: HOUR, counted: [] },
        ...{ dueAt: iso(MONDAY + HOUR), breachedAt: null, next: { event: 'breached', at: iso(MONDAY + HOUR) } },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('I want');
    expect(body.isWhole).toBe(true);
  });

  it('an agent gets the guidelines that the thread is a case of, and a customer none', async () => {
    const id = await product.thread('c5', { text: 'A refund' });
    const { body } = await product.get(`/v1/agent/threads/${id}`, await product.agent());
    expect(body.guidelines).toEqual([{ id: 'refunds', title: 'Refunds', text: 'Within 14 days **always**.' }]);
    const own = await product.get(`/v1/threads/${id}`, await product.customer('c5'));
    expect(own.body).not.toHaveProperty('guidelines');
    const other = await product.get(`/v1/agent/threads/${await product.thread('c6')}`, await product.agent());
    expect(other.body).not.toHaveProperty('guidelines');
  });

  it('the arithmetic leaves pauses out', async () => {
    const id = await product.thread('c4');
    const agent = await product.agent();
    await product.clock.advanceTo(MONDAY + HOUR, async () => {});
    await product.post(`/v1/agent/threads/${id}/replies`, agent, { text: 'When?', status: 'pending' });
    await product.clock.advanceTo(MONDAY + 3 * HOUR, async () => {});
    await product.post(`/v1/threads/${id}/messages`, await product.customer('c4'), { text: 'Now' });
    await product.clock.advanceTo(MONDAY + 4 * HOUR, async () => {});
    const { body } = await product.get(`/v1/agent/threads/${id}/explanation`, agent);
    const wait = body.deadlines.find(({ metric }: { metric: string }) => metric === 'requester-wait');
    expect(wait).toMatchObject({
      pauses: [{ from: iso(MONDAY + HOUR), to: iso(MONDAY + 3 * HOUR) }],
      counted: [
        { from: iso(MONDAY), to: iso(MONDAY + HOUR) },
        { from: iso(MONDAY + 3 * HOUR), to: iso(MONDAY + 4 * HOUR) },
      ],
      countedUntil: iso(MONDAY + 4 * HOUR),
      ...{ elapsedMs: 2 * HOUR, remainingMs: 18 * HOUR, dueAt: iso(MONDAY + 22 * HOUR) },
    });
  });
});

it('an explanation is a page to who wants one, and JSON to everybody else', async () => {
  const { body } = await product.post('/v1/threads', await product.customer(), { text: 'x', subject: 'Why <me>?' });
  const path = `/v1/agent/threads/${body.threadId}/explanation`;
  const [ana, browsers] = [await product.agent(), 'text/html,application/xhtml+xml,*/*;q=0.8'];
  const page = await product.get(path, ana, { accept: browsers });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('vary')).toContain('Accept');
  expect(page.body).toContain('<h1>Why &lt;me&gt;?</h1>');
  const forPrograms = [
    '',
    '*/*',
    'application/json',
    'application/json, text/html;q=0.5',
    'text/html;q=0',
    'image/png',
  ];
  for (const accept of forPrograms) {
    const answer = await product.get(path, ana, { accept });
    expect(answer.headers.get('content-type'), accept).toBe('application/json');
    // One of them must not be taken from a cache for the other.
    expect(answer.headers.get('vary')).toContain('Accept');
    expect(answer.body.isWhole).toBe(true);
  }
  const unknown = path.replace(body.threadId, `${body.threadId}x`);
  for (const accept of [browsers, 'application/json']) {
    expect((await product.get(path, await product.customer(), { accept })).status).toBe(403);
    expect((await product.get(unknown, ana, { accept })).status).toBe(404);
  }
  const again = await product.get(path, ana, { accept: browsers, 'if-none-match': page.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
});
