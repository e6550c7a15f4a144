/** The process as a newcomer meets it: started, and talked to over HTTP. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ProductProcess } from '../support/process.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-server-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
async function json(response: Response): Promise<any> {
  return response.json();
}

/** A request with a Host header of one's own, which fetch does not allow. */
function statusWithHost(base: string, path: string, host: string): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const asked = request(`${base}${path}`, { headers: { host } }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    asked.on('error', fail).end();
  });
}

describe('npm start', () => {
  let product: ProductProcess;
  beforeAll(async () => {
    product = await ProductProcess.start(join(folder, 'a'), ['--clock', 'manual', '--at', '2026-11-20T16:00:00Z']);
  });
  afterAll(() => product.kill('SIGTERM'));

  it('prints a curl line that works when pasted, and the mails are in the mailbox', async () => {
    const line = product.welcome.slice(product.welcome.indexOf('curl '));
    const answer = execFileSync('bash', ['-c', line.replace('curl -i', 'curl -si')], { encoding: 'utf8' });
    expect(answer).toContain('HTTP/1.1 202');
    // Friday at five in Berlin, four open hours: Monday, past noon and lunch
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      expectedReplyAt: '2026-11-23T11:00:00.000Z',
    });
    const mails = await json(await fetch(`${product.base}/local/mail?to=c1@example.com`));
    expect(mails).toMatchObject([
      {
        from: 'Acme GmbH <support@acme.example>',
        to: ['c1@example.com'],
        subject: 'Re: Where is my order?',
        headers: { 'auto-submitted': 'auto-replied' },
      },
    ]);
    expect(mails[0].text).toContain('Monday 23 November');
    const raw = await (await fetch(`${product.base}/local/mail/${mails[0].id}`)).text();
    expect(raw).toMatch(/^From: "?Acme GmbH"? <support@acme\.example>\r\n/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-replied\r\n/m);
    expect((await fetch(`${product.base}/local/mail/none`)).status).toBe(404);
    expect(await json(await fetch(`${product.base}/local/mail?after=${mails[0].id}&to=c1@example.com`))).toEqual([]);
    expect(await json(await fetch(`${product.base}/local/mail?limit=1`))).toHaveLength(1);
    expect((await fetch(`${product.base}/local/mail?limit=x`)).status).toBe(422);
  });

  it('serves its health, its pages and the document of its API', async () => {
    expect(await json(await fetch(`${product.base}/health`))).toEqual({ status: 'ok', version: packageJson.version });
    for (const path of [
      '/',
      '/docs',
      '/local/mailbox',
      '/local/threads',
      '/local/samples',
      '/pages.css',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
    ]) {
      expect((await fetch(product.base + path)).status, path).toBe(200);
    }
    for (const path of ['/docs/package.json', '/nope', '/local/nope']) {
      const missing = await fetch(product.base + path);
      expect([missing.status, missing.headers.get('content-type')], path).toEqual([404, 'application/problem+json']);
    }
    expect((await json(await fetch(`${product.base}/v1/openapi.json`))).openapi).toBe('3.1.1');
  });

  it('shows every mail in every language, as the business would send it', async () => {
    const choices = await json(await fetch(`${product.base}/local/samples/choices`));
    expect(choices).toEqual({ businesses: ['acme'], languages: ['en', 'de', 'ar'] });
    const mails = await json(await fetch(`${product.base}/local/samples/mails?business=acme&language=de`));
    expect(mails[0]).toMatchObject({ name: 'Acknowledgement', from: 'Acme GmbH <support@acme.example>' });
    expect(mails[0].html).toContain('Ihre Nachricht ist angekommen');
    for (const query of ['business=none', 'language=xx']) {
      expect((await fetch(`${product.base}/local/samples/mails?${query}`)).status).toBe(422);
    }
  });

  it('gives tokens for whoever is asked for, and says what it does not know', async () => {
    const token = await product.token('customer=x1&name=Xaver&email=');
    const started = await json(await product.call('POST', '/v1/threads', token, { text: 'x' }, { prefer: 'wait=5' }));
    const agent = await product.token('agent=ben');
    const thread = await json(await product.call('GET', `/v1/agent/threads/${started.threadId}`, agent));
    expect(thread.customer).toMatchObject({ id: 'x1', name: 'Xaver', email: null, attributes: {} });
    for (const query of [
      'business=none&customer=c1',
      'business=acme',
      'business=acme&customer=',
      'business=acme&agent=zoe',
    ]) {
      expect((await fetch(`${product.base}/local/tokens?${query}`)).status).toBe(422);
    }
  });

  it('keeps /local to itself: not by another name, even on this machine', async () => {
    const { port } = new URL(product.base);
    for (const host of ['evil.example', `evil.example:${port}`, '192.168.0.1', '127.0.0.1.evil.example']) {
      for (const path of ['/local/tokens?business=acme&customer=c1', '/local/mail', '/local/mailbox', '/local/idle']) {
        expect(await statusWithHost(product.base, path, host), `${host} ${path}`).toBe(403);
      }
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST']) {
      expect(await statusWithHost(product.base, '/local/mail', host)).toBe(200);
    }
  });

  it('lets time pass when it is told to, every timer in order', async () => {
    const clock = (body: object) =>
      fetch(`${product.base}/local/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const agent = await product.token('agent=ana');
    const started = await json(
      await product.call('POST', '/v1/threads', await product.token('customer=t1'), { text: 'x' }),
    );
    const path = `/v1/agent/threads/${started.threadId}`;
    const { now } = await json(await clock({ advance: 'PT0S' }));
    const until = new Date(Date.parse(now) + 3_600_000).toISOString();
    await product.call('POST', `${path}/snooze`, agent, { until });
    expect((await json(await product.call('GET', path, agent))).snoozedUntil).toBe(until);
    expect(await json(await clock({ advance: 'PT59M59S' }))).toEqual({
      now: new Date(Date.parse(until) - 1000).toISOString(),
    });
    expect((await json(await product.call('GET', path, agent))).snoozedUntil).toBe(until);
    await clock({ to: until });
    expect((await json(await product.call('GET', path, agent))).snoozedUntil).toBeNull();
    const entries = await json(await product.call('GET', `${path}/entries?limit=100`, agent));
    expect(entries.items.at(-1)).toMatchObject({ at: until, cause: { rule: 'snooze-over' } });
    for (const wrong of [
      { to: '2020-01-01T00:00:00Z' },
      { advance: '-PT1S' },
      { advance: 'soon' },
      {},
      { advance: 'PT1S', to: until },
    ]) {
      expect((await clock(wrong)).status, JSON.stringify(wrong)).toBe(422);
    }
  });

  it('moves the clock by the sum of what was asked at once', async () => {
    const headers = { 'content-type': 'application/json' };
    const advance = async (by: string) => {
      const init = { method: 'POST', headers, body: JSON.stringify({ advance: by }) };
      return Date.parse((await json(await fetch(`${product.base}/local/clock`, init))).now);
    };
    const before = await advance('PT0S');
    const moved = await Promise.all([advance('PT1H'), advance('PT1H'), advance('PT1H')]);
    expect(Math.max(...moved) - before).toBe(3 * 3_600_000);
  });

  it('answers a body of 10 MB with 413, and goes on', async () => {
    const token = await product.token('customer=big');
    const heard = await product
      .call('POST', '/v1/threads', token, { text: 'x'.repeat(10_000_000) })
      .catch(() => undefined);
    if (heard !== undefined) expect(heard.status).toBe(413);
    expect((await product.call('POST', '/v1/threads', token, { text: 'small' })).status).toBe(202);
  });

  it('takes uploads and gives downloads by link', async () => {
    const token = await product.token('customer=up');
    const asked = await json(
      await product.call('POST', '/v1/attachments', token, { name: 'a.txt', type: 'text/plain', bytes: 5 }),
    );
    expect(asked.uploadUrl).toContain(product.base);
    expect((await fetch(asked.uploadUrl, { method: 'PUT', headers: asked.headers, body: 'hello' })).status).toBe(200);
    const started = await json(
      await product.call('POST', '/v1/threads', token, { text: 'x', attachments: [asked.id] }),
    );
    const file = await product.call('GET', `/v1/threads/${started.threadId}/attachments/${asked.id}`, token);
    expect(await file.text()).toBe('hello');
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'PUT' };
    const preflight = await fetch(asked.uploadUrl, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('says when it is at rest', async () => {
    expect(await json(await fetch(`${product.base}/local/idle`))).toEqual({ idle: true });
  });

  it('does not share its data with a second process', async () => {
    const second = await ProductProcess.run(['--port', '0', '--data', join(folder, 'a')]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('in use by another process');
  });
});

describe('npm start with a mail server', () => {
  it('hands mail to it', async () => {
    const sink = await SmtpSink.open();
    const product = await ProductProcess.start(join(folder, 'smtp'), ['--smtp-url', sink.url]);
    await product.call('POST', '/v1/threads', await product.token('customer=c1'), { text: 'Hello' });
    expect(await product.idle()).toBe(true);
    expect((await sink.parsed()).map(({ to }) => to[0]).sort()).toEqual(['c1@example.com', 'support@acme.example']);
    expect(await json(await fetch(`${product.base}/local/mail`))).toEqual([]);
    expect((await fetch(`${product.base}/local/clock`, { method: 'POST', body: '{}' })).status).toBe(409);
    await product.kill('SIGTERM');
    await sink.close();
  });
});
