/** What is wrong is told clearly: which field, which limit, what to do; and nothing of it is accepted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProduct } from '../support/product.ts';

const KIB = 1024;

describe('bad input', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  let thread: string;
  beforeAll(async () => {
    t = new TestProduct();
    [customer, ana, thread] = [await t.customer(), await t.agent(), await t.thread('c9')];
  });
  afterAll(() => t.stop());

  let bad = 0;
  const JSON_TYPE = { 'content-type': 'application/json' };

  it.each([
    ['not JSON', '{"text": ', JSON_TYPE, 400, 'not-json', ''],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), JSON_TYPE, 400, 'not-utf-8', ''],
    ['another media type', '{"text":"x"}', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type', ''],
    [
      'another charset',
      '{"text":"x"}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'unsupported-media-type',
      '',
    ],
    [
      'a compressed body',
      'x',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      415,
      'unsupported-encoding',
      'Content-Encoding',
    ],
    ['a body of 10 MB', Buffer.alloc(10_000_000, 'x'), JSON_TYPE, 413, 'too-large', ''],
    ['a text over 64 KiB', JSON.stringify({ text: 'ä'.repeat(32 * KIB + 1) }), JSON_TYPE, 413, 'too-large', '/text'],
    ['a wrong type', '{"text": 5}', JSON_TYPE, 422, 'invalid', '/text'],
    ['no object', '[]', JSON_TYPE, 422, 'invalid', ''],
    ['an unknown field', '{"text":"x","color":"red"}', JSON_TYPE, 422, 'invalid', '/color'],
    ['neither text nor html', '{"subject":"x"}', JSON_TYPE, 422, 'invalid', ''],
    ['an empty text', '{"text":"  "}', JSON_TYPE, 422, 'invalid', '/text'],
    [
      'a subject over 250',
      JSON.stringify({ text: 'x', subject: 'x'.repeat(251) }),
      JSON_TYPE,
      422,
      'invalid',
      '/subject',
    ],
    ['a subject with a line break', '{"text":"x","subject":"a\\r\\nBcc: b@x"}', JSON_TYPE, 422, 'invalid', '/subject'],
    ['an unknown urgency', '{"text":"x","urgency":"now"}', JSON_TYPE, 422, 'invalid', '/urgency'],
    [
      '16 attachments',
      JSON.stringify({ text: 'x', attachments: Array(16).fill('a') }),
      JSON_TYPE,
      422,
      'invalid',
      '/attachments',
    ],
    ['a foreign attachment', '{"text":"x","attachments":["att_1"]}', JSON_TYPE, 422, 'invalid', '/attachments/0'],
    ['HTML without words', '{"html":"<p> </p><br>"}', JSON_TYPE, 422, 'invalid', '/html'],
    [
      'an attribute that would be lost',
      '{"text":"x","attributes":{"__proto__":1}}',
      JSON_TYPE,
      422,
      'invalid',
      '__proto__',
    ],
    [
      'an attribute’s name over 100',
      JSON.stringify({ text: 'x', attributes: { ['a'.repeat(101)]: 1 } }),
      JSON_TYPE,
      422,
      'invalid',
      '/attributes',
    ],
    ['nested attributes', '{"text":"x","attributes":{"a":{"b":1}}}', JSON_TYPE, 422, 'invalid', '/attributes/a'],
    [
      'a pointer that needs escaping',
      '{"text":"x","attributes":{"a/b~c":{}}}',
      JSON_TYPE,
      422,
      'invalid',
      '/attributes/a~1b~0c',
    ],
    [
      '51 attributes',
      JSON.stringify({ text: 'x', attributes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 1])) }),
      JSON_TYPE,
      422,
      'invalid',
      '/attributes',
    ],
    [
      'an attribute over 500',
      JSON.stringify({ text: 'x', attributes: { a: 'x'.repeat(501) } }),
      JSON_TYPE,
      422,
      'invalid',
      '/attributes/a',
    ],
    ['a customer beside a token', '{"text":"x","customer":{"name":"Eve"}}', JSON_TYPE, 422, 'invalid', '/customer'],
    [
      'a key that is too long',
      '{"text":"x"}',
      { ...JSON_TYPE, 'idempotency-key': 'k'.repeat(256) },
      422,
      'invalid',
      'Idempotency-Key',
    ],
  ])('%s', async (_, body, headers, status, code, pointer) => {
    const heard = await t.call('POST', '/v1/threads', {
      token: await t.customer(`bad-${bad++}`),
      body,
      headers,
    });
    expect(heard.status).toBe(status);
    expect(heard.headers.get('content-type')).toBe('application/problem+json');
    expect(heard.body).toMatchObject({ status, code, type: expect.stringContaining(code), title: expect.any(String) });
    if (status === 422 || pointer !== '')
      expect(heard.body.errors.map((e: { pointer: string }) => e.pointer)).toContain(pointer);
  });

  it('names every wrong field at once', async () => {
    const heard = await t.call('POST', '/v1/threads', {
      token: customer,
      body: { text: 1, urgency: 'x', extra: true },
    });
    expect(heard.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/extra',
      '/text',
      '/urgency',
    ]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['color=red', 'color'],
    ['after=zzz', 'after'],
  ])('a list asked with %s', async (query, pointer) => {
    const heard = await t.get(`/v1/threads?${query}`, customer);
    expect(heard.status).toBe(422);
    expect(heard.body.errors[0].pointer).toBe(pointer);
  });

  it.each([
    ['entries?after=-1', 'after'],
    ['entries?after=x', 'after'],
  ])('entries asked with %s', async (query, pointer) => {
    const heard = await t.get(`/v1/agent/threads/${thread}/${query}`, ana);
    expect(heard.body.errors[0].pointer).toBe(pointer);
  });

  it.each([
    ['status', { status: 'closed' }, '/status'],
    ['status', { status: 'new' }, '/status'],
    ['priority', { priority: 'top' }, '/priority'],
    ['tags', {}, ''],
    ['tags', { add: ['a\nb'] }, '/add/0'],
    ['assignment', {}, ''],
    ['assignment', { team: 'sales' }, '/team'],
    ['assignment', { assignee: 'zoe' }, '/assignee'],
    ['snooze', { until: 'tomorrow' }, '/until'],
    ['merge', { into: 'thr_acme_x' }, '/into'],
    ['notes', { text: 'x', html: '<p>x</p>' }, '/html'],
    ['replies', { text: 'x', status: 'closed' }, '/status'],
  ])('an agent’s %s of %j', async (path, body, pointer) => {
    const heard = await t.post(`/v1/agent/threads/${thread}/${path}`, ana, body);
    expect(heard.status).toBe(422);
    expect(heard.body.errors[0].pointer).toBe(pointer);
  });

  it.each(['7', '"x"', 'W/"7"', '""'])('If-Match of %s', async (ifMatch) => {
    const heard = await t.post(
      `/v1/agent/threads/${thread}/priority`,
      ana,
      { priority: 'low' },
      { 'if-match': ifMatch },
    );
    expect(heard.status).toBe(422);
    expect(heard.body.errors[0].pointer).toBe('If-Match');
  });

  it('a page of the inbox that does not exist', async () => {
    expect((await t.get('/v1/agent/threads?view=nope', ana)).body.errors[0].pointer).toBe('view');
    expect((await t.get('/v1/agent/threads?team=sales', ana)).body.errors[0].pointer).toBe('team');
  });

  it('paths and methods that do not exist', async () => {
    expect((await t.get('/v1/nothing', customer)).status).toBe(404);
    const heard = await t.call('PUT', '/v1/threads', { token: customer, body: {} });
    expect(heard.status).toBe(405);
    expect(heard.headers.get('allow')).toBe('GET, POST');
  });

  it('a thread that is another customer’s, another business’s or made up does not exist', async () => {
    const forged = `${thread.slice(0, -1)}${thread.endsWith('0') ? '1' : '0'}`;
    for (const id of [thread, thread.replace('acme', 'other'), forged, 'x', '%00']) {
      const heard = await t.get(`/v1/threads/${id}`, customer);
      expect(heard.status, id).toBe(404);
      expect(heard.body.detail).toBe('There is no such thread.');
    }
  });

  it('lone surrogates become something that can be kept', async () => {
    const heard = await t.post('/v1/threads', customer, '{"text":"a\\ud800b"}');
    const { body } = await t.get(`/v1/threads/${heard.body.threadId}/entries`, customer);
    expect(body.items[0].text).toBe('a\ufffdb');
  });

  it('a key used again for another body', async () => {
    const headers = { 'idempotency-key': 'again' };
    await t.post('/v1/threads', customer, { text: 'one' }, headers);
    const heard = await t.post('/v1/threads', customer, { text: 'two' }, headers);
    expect(heard.status).toBe(422);
    expect(heard.body).toMatchObject({ code: 'idempotency-key-reused', errors: [{ pointer: 'Idempotency-Key' }] });
  });

  it('a thousand posts at once from one customer: the burst passes, the rest is told when to come again', async () => {
    const token = await t.customer('flood');
    const heard = await Promise.all(
      Array.from({ length: 1000 }, () => t.call('POST', '/v1/threads', { token, body: { text: 'x' } })),
    );
    expect(heard.filter(({ status }) => status === 202)).toHaveLength(30);
    const refused = heard.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(970);
    expect(refused[0]?.headers.get('retry-after')).toBe('2');
    expect(refused[0]?.headers.get('ratelimit')).toBe('"writes";r=0;t=2');
    expect(refused[0]?.headers.get('ratelimit-policy')).toBe('"writes";q=30;w=60');
  });

  it('nothing that was written stands in the log of the process', async () => {
    await t.post('/v1/threads', await t.customer('logged'), { text: 'SECRET WORDS', subject: 'SECRET SUBJECT' });
    expect(JSON.stringify(t.log)).not.toMatch(/SECRET|logged@example/);
  });
});
