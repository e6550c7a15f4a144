import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../../api/app.ts';
import { httpHandler } from '../../../lambdas/runtime/http.ts';
import { anHttpEvent } from '../../support/lambda-events.ts';
import { printedLines } from '../../support/printed.ts';
import { TestProduct } from '../../support/product.ts';

/** Of an answer with all that goes with it (Lambda quotas, synchronous invocation). */
const LAMBDA_ANSWER_BYTES_MAX = 6 * 1024 * 1024;

beforeEach(() => void printedLines());
afterEach(() => vi.restoreAllMocks());

describe('an event of the gateway, as a request', () => {
  const echo = new Hono<{ Bindings: Environment }>().all('*', async ({ req, env, json }) => {
    const body = Buffer.from(await req.arrayBuffer()).toString('latin1');
    const [query, headers] = [req.queries(), req.header()];
    return json({ method: req.method, path: req.path, query, headers, body, address: env.address });
  });
  /** The request that an event becomes. */
  async function requestOf(event: ReturnType<typeof anHttpEvent>) {
    const { statusCode, body } = await httpHandler(echo)(event);
    expect(statusCode).toBe(200);
    return JSON.parse(body ?? '');
  }

  it('has its method, path, query and headers, and the address that the gateway saw', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' };
    const call = { headers, query: 'limit=2', body: '{"a":1}', sourceIp: '198.51.100.9' };
    expect(await requestOf(anHttpEvent('POST', '/v1/threads', call))).toEqual({
      ...{ method: 'POST', path: '/v1/threads', query: { limit: ['2'] }, body: '{"a":1}', address: '198.51.100.9' },
      headers: expect.objectContaining(headers),
    });
  });

  it('has every value of its query, decoded once', async () => {
    const query = 'tag=a&tag=b%20c&after=%5B%22x%22%5D&plus=1+2&percent=%2525&empty=&umlaut=%C3%BC';
    expect((await requestOf(anHttpEvent('GET', '/v1/threads', { query }))).query).toEqual({
      ...{ tag: ['a', 'b c'], after: ['["x"]'], plus: ['1 2'], percent: ['%25'], empty: [''], umlaut: ['ü'] },
    });
  });

  it.each([
    ['/v1/threads/a?b', '/v1/threads/a%3Fb'],
    ['/v1/threads/a#b', '/v1/threads/a%23b'],
    ['/v1/threads/ü b', '/v1/threads/ü b'],
    ['/v1/threads/100%', '/v1/threads/100%'],
    ['//elsewhere.example/v1', '//elsewhere.example/v1'],
  ])('has the path that the gateway decoded, and nothing of it becomes a query: %s', async (rawPath, path) => {
    const request = await requestOf(anHttpEvent('GET', rawPath, { query: 'limit=1' }));
    expect(request).toMatchObject({ path, query: { limit: ['1'] } });
  });

  it('has headers of any letters, as the bytes they were', async () => {
    const { headers } = await requestOf(
      anHttpEvent('GET', '/v1', { headers: { 'x-city': 'Tōkyō ü 😀', 'x-a': 'plain' } }),
    );
    expect(Buffer.from(headers['x-city'], 'latin1').toString('utf8')).toBe('Tōkyō ü 😀');
    expect(headers['x-a']).toBe('plain');
  });

  it('knows header names in any case, and cookies not at all', async () => {
    const event = anHttpEvent('GET', '/v1', { headers: { 'If-None-Match': '"e"' }, cookies: ['session=1'] });
    const { headers } = await requestOf(event);
    expect(headers['if-none-match']).toBe('"e"');
    expect(JSON.stringify(headers)).not.toContain('session');
  });

  it('has the bytes of a body that came as base64', async () => {
    const bytes = new Uint8Array([0, 255, 128, 10]);
    const { body } = await requestOf(anHttpEvent('POST', '/v1', { body: bytes }));
    expect(Buffer.from(body, 'latin1')).toEqual(Buffer.from(bytes));
  });

  it.each(['GET', 'HEAD'])('of %s has no body, whatever came with it', async (method) => {
    const { statusCode } = await httpHandler(echo)(anHttpEvent(method, '/v1', { body: 'x' }));
    expect(statusCode).toBe(200);
  });
});

describe('the API behind the gateway', () => {
  const products: TestProduct[] = [];
  afterEach(async () => {
    for (const product of products.splice(0)) await product.stop();
  });
  /** The API on embedded adapters, called by events of the gateway. */
  function api() {
    const product = new TestProduct();
    products.push(product);
    const handler = httpHandler(product.product.api);
    return { product, call: (...event: Parameters<typeof anHttpEvent>) => handler(anHttpEvent(...event)) };
  }
  const json = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

  it('takes a message, and shows it', async () => {
    const { product, call } = api();
    const headers = { ...json(await product.customer()), prefer: 'wait=10' };
    const written = await call('POST', '/v1/threads', { headers, body: JSON.stringify({ text: 'Grüße 😀' }) });
    expect(written.statusCode).toBe(200);
    const { threadId } = JSON.parse(written.body ?? '');
    expect(written.headers?.['location']).toBe(`/v1/threads/${threadId}`);
    const read = await call('GET', `/v1/threads/${threadId}/entries`, { headers, query: 'limit=2' });
    expect(JSON.parse(read.body ?? '').items).toContainEqual(expect.objectContaining({ text: 'Grüße 😀' }));
  });

  it('answers what is known already without a body', async () => {
    const { product, call } = api();
    const headers = json(await product.customer());
    const first = await call('GET', '/v1/threads', { headers });
    const etag = String(first.headers?.['etag']);
    const again = await call('GET', '/v1/threads', { headers: { ...headers, 'if-none-match': etag } });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
    expect(again.headers?.['content-type']).toBeUndefined();
    const head = await call('HEAD', '/v1/threads', { headers });
    expect(head).toMatchObject({ statusCode: 200, body: '', headers: { etag } });
  });

  it('refuses a body that is too large, or no UTF-8', async () => {
    const { product, call } = api();
    const headers = json(await product.customer());
    const large = await call('POST', '/v1/threads', { headers, body: JSON.stringify({ text: 'x'.repeat(1_048_576) }) });
    expect(large.statusCode).toBe(413);
    const broken = await call('POST', '/v1/threads', { headers, body: Buffer.from('{"text":"\xff\xfe"}', 'latin1') });
    expect(JSON.parse(broken.body ?? '')).toMatchObject({ status: 400, code: 'not-utf-8' });
  });

  it.each(['TRACE', 'CONNECT', 'track', 'PROPFIND'])('does not know the method %s, and says so', async (method) => {
    const { statusCode, headers, body } = await api().call(method, '/v1/threads');
    expect(statusCode).toBe(405);
    expect(headers).toMatchObject({ allow: 'GET, POST', 'content-type': 'application/problem+json' });
    expect(JSON.parse(body ?? '')).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('answers in pages that fit into an answer of a function, however much was written', async () => {
    const { product, call } = api();
    const token = await product.customer();
    const threadId = await product.thread();
    const text = '"'.repeat(60_000);
    for (let index = 0; index < 24; index += 1) {
      await product.call('POST', `/v1/threads/${threadId}/messages`, { token, body: { text, html: `<p>${text}</p>` } });
    }
    await product.idle();
    let messages = 0;
    for (let after: string | null = '0'; after !== null; ) {
      const query = `limit=100&after=${after}`;
      const page = await call('GET', `/v1/threads/${threadId}/entries`, { headers: json(token), query });
      expect(page.statusCode).toBe(200);
      expect(JSON.stringify(page).length).toBeLessThan(LAMBDA_ANSWER_BYTES_MAX);
      const { items, next } = JSON.parse(page.body ?? '');
      messages += items.filter(({ type }: { type: string }) => type === 'message').length;
      after = next;
    }
    expect(messages).toBe(25);
  });

  it('lists threads in pages that fit, however much is known of each', async () => {
    const { product, call } = api();
    const attributes = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`a${index}`, '\u0001'.repeat(500)]),
    );
    for (let index = 0; index < 40; index += 1) await product.thread(`c${index}`, { attributes });
    const headers = json(await product.agent());
    let threads = 0;
    for (let after = ''; ; ) {
      const page = await call('GET', '/v1/agent/threads', { headers, query: `limit=100${after}` });
      expect(page.statusCode).toBe(200);
      expect(JSON.stringify(page).length).toBeLessThan(LAMBDA_ANSWER_BYTES_MAX);
      const { items, next } = JSON.parse(page.body ?? '');
      threads += items.length;
      if (next === null) break;
      after = `&after=${next}`;
    }
    expect(threads).toBe(40);
  });

  it('bounds strangers by the address that the gateway saw, not by one that they name', async () => {
    const { call } = api();
    const remaining = async (forwarded: string, sourceIp?: string) => {
      const headers = { 'x-forwarded-for': forwarded, forwarded: `for=${forwarded}`, 'x-real-ip': forwarded };
      const { headers: told } = await call('GET', '/v1/threads', { headers, ...(sourceIp ? { sourceIp } : {}) });
      return Number(/r=(\d+)/.exec(String(told?.['ratelimit']))?.[1]);
    };
    const first = await remaining('203.0.113.1');
    expect(await remaining('203.0.113.2')).toBe(first - 1);
    expect(await remaining('203.0.113.2', '198.51.100.1')).toBe(first);
  });
});
