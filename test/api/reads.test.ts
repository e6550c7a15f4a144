/** Lists, entries, pages and ETags. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

interface Listed {
  id: string;
}

describe('reading', () => {
  let t: TestProduct;
  let ana: string;
  let ben: string;
  beforeAll(async () => {
    t = new TestProduct();
    [ana, ben] = [await t.agent('ana'), await t.agent('ben')];
  });
  afterAll(() => t.stop());

  it('pages through a customer’s threads without a gap, newest first', async () => {
    const token = await t.customer('pager');
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      await t.advance(1);
      ids.unshift(await t.thread('pager', { text: `number ${n}` }));
    }
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page = await t.get(`/v1/threads?limit=2${next === null ? '' : `&after=${next}`}`, token);
      seen.push(...page.body.items.map(({ id }: Listed) => id));
      next = page.body.next;
    } while (next !== null);
    expect(seen).toEqual(ids);
  });

  it('pages through entries by number, and leaves out what the customer may not see', async () => {
    const token = await t.customer();
    const id = await t.thread();
    for (const text of ['SECRET one', 'SECRET two']) await t.post(`/v1/agent/threads/${id}/notes`, ana, { text });
    await t.post(`/v1/agent/threads/${id}/priority`, ana, { priority: 'urgent' });
    for (const text of ['a', 'b', 'c']) await t.post(`/v1/agent/threads/${id}/replies`, ana, { text });
    const first = await t.get(`/v1/threads/${id}/entries?limit=3`, token);
    const rest = await t.get(`/v1/threads/${id}/entries?limit=100&after=${first.body.next}`, token);
    const all = [...first.body.items, ...rest.body.items];
    expect(rest.body.next).toBeNull();
    expect(all.map(({ text }: { text?: string }) => text).filter(Boolean)).toEqual(['Hello', 'a', 'b', 'c']);
    expect(JSON.stringify([all, await t.get(`/v1/threads/${id}`, token)])).not.toMatch(/SECRET|urgent|cause/);
    const whole = await t.get(`/v1/agent/threads/${id}/entries?limit=100`, ana);
    expect(JSON.stringify(whole.body)).toContain('SECRET two');
  });

  it('does not let a customer’s view of a thread move when only the business’s does', async () => {
    const token = await t.customer();
    const id = await t.thread();
    const before = await t.get(`/v1/threads/${id}`, token);
    await t.advance(HOUR);
    await t.post(`/v1/agent/threads/${id}/notes`, ana, { text: 'internal' });
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'open' });
    await t.post(`/v1/agent/threads/${id}/tags`, ana, { add: ['vip'] });
    const opened = await t.get(`/v1/threads/${id}`, token);
    await t.advance(HOUR);
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'on-hold' });
    const held = await t.get(`/v1/threads/${id}`, token, { 'if-none-match': opened.headers.get('etag') ?? '' });
    expect(before.body.status).toBe('new');
    expect(opened.body.status).toBe('open');
    expect(held.status).toBe(304);
    expect((await t.get(`/v1/agent/threads/${id}`, ana)).body.status).toBe('on-hold');
  });

  it('answers 304 while nothing changed, and another ETag when it did', async () => {
    const token = await t.customer();
    const id = await t.thread();
    const first = await t.get(`/v1/threads/${id}/entries`, token);
    const etag = first.headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const fresh = await t.get(`/v1/threads/${id}/entries`, token, { 'if-none-match': tag });
      expect(fresh.status).toBe(304);
      expect(fresh.body).toBe('');
      expect(fresh.headers.get('etag')).toBe(etag);
    }
    await t.post(`/v1/threads/${id}/messages`, token, { text: 'more' });
    const changed = await t.get(`/v1/threads/${id}/entries`, token, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('shows the inbox as each view says', async () => {
    const view = async (query: string, token = ana): Promise<string[]> =>
      (await t.get(`/v1/agent/threads?limit=100&${query}`, token)).body.items.map(({ id }: Listed) => id);
    const start = async () => {
      await t.advance(1);
      return t.thread('inbox', { topic: 'billing' });
    };
    const agentPost = (id: string, path: string, body: object, token = ana) =>
      t.post(`/v1/agent/threads/${id}/${path}`, token, body);
    const [fresh, answered, mine, snoozed, solved] = [
      await start(),
      await start(),
      await start(),
      await start(),
      await start(),
    ];
    await agentPost(answered, 'replies', { text: 'x' });
    await agentPost(mine, 'assignment', { assignee: 'ben' }, ben);
    await agentPost(snoozed, 'snooze', { until: 'customer-message' });
    await agentPost(solved, 'status', { status: 'solved' });
    expect(await view('view=unassigned&team=billing')).toEqual([fresh, answered]);
    expect(await view('view=waiting&team=billing')).toEqual([fresh, mine]);
    expect(await view('view=team&team=billing'), 'who waits longest, then what is calm').toEqual([
      fresh,
      mine,
      answered,
    ]);
    expect(await view('view=team', ben), 'his own teams, of which billing is none').not.toContain(fresh);
    expect(await view('view=mine', ben)).toEqual([mine]);
    expect(await view('view=mine&team=support', ben)).toEqual([]);
    expect(await view('view=snoozed&team=billing')).toEqual([snoozed]);
    expect(await view('view=solved&team=billing')).toEqual([solved]);
    expect(await view('team=billing'), 'the last one started first').toEqual([solved, snoozed, mine, answered, fresh]);
    const woken = await t.call('DELETE', `/v1/agent/threads/${snoozed}/snooze`, {
      token: ana,
      headers: { prefer: 'wait=5' },
    });
    expect(woken.status).toBe(200);
    expect(await view('view=snoozed&team=billing')).toEqual([]);
  });

  it('skips no thread of a list that is read page by page while threads move', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      await t.advance(1);
      ids.push(await t.thread('paging', { topic: 'billing' }));
    }
    const customer = await t.customer('paging');
    const read = async (view: string, meanwhile: () => Promise<unknown>): Promise<string[]> => {
      const seen: string[] = [];
      for (let after: string | null = null, page = 0; page === 0 || after !== null; page += 1) {
        const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
        const { body } = await t.get(`/v1/agent/threads?view=${view}&team=billing&limit=2${cursor}`, ana);
        seen.push(...body.items.map(({ id }: Listed) => id));
        after = body.next;
        if (page === 0) await meanwhile();
      }
      return seen;
    };
    const [first = '', last = ''] = [ids[0], ids.at(-1)];
    const all = await read('all', () => t.post(`/v1/threads/${first}/messages`, customer, { text: 'again' }));
    expect(all).toEqual(expect.arrayContaining(ids));
    await t.advance(1);
    const team = await read('team', () => t.post(`/v1/agent/threads/${last}/replies`, ana, { text: 'x' }));
    expect(team).toEqual(expect.arrayContaining(ids));
  });

  it('says the hours: open or not, until when, and when an answer comes', async () => {
    const token = await t.customer();
    const { body } = await t.get('/v1/hours?topic=billing', token);
    expect(body).toMatchObject({ open: true, opensAt: null, closesAt: null, timeZone: 'UTC' });
    const support = (await t.get('/v1/hours', 'pk_acme_testtest')).body;
    expect(support).toMatchObject({ timeZone: 'Europe/Berlin', expectedReplyAt: expect.any(String) });
    expect(support.open ? support.closesAt : support.opensAt).toEqual(expect.any(String));
  });

  it('shows a body that is too long for its entry whole', async () => {
    const token = await t.customer('long');
    const text = `${'word '.repeat(8_000)}end`;
    const id = await t.thread('long', { text, html: `<p>${text}</p>` });
    const { body } = await t.get(`/v1/threads/${id}/entries`, token);
    expect(body.items[0]).toMatchObject({ text, html: `<p>${text}</p>` });
    await t.idle();
    expect(t.mails('support@acme.example').at(-1)?.text).toContain(text);
  });

  it('shows HTML without what acts in it', async () => {
    const id = await t.thread('c1', {
      text: undefined,
      html: '<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)> <a href="javascript:x">l</a></p>',
    });
    for (const [path, token] of [
      [`/v1/threads/${id}`, await t.customer()],
      [`/v1/agent/threads/${id}`, ana],
    ] as const) {
      const { body } = await t.get(`${path}/entries`, token);
      const [message] = body.items.filter(({ type }: { type: string }) => type === 'message');
      expect(message.text).toBe('Hi l');
      expect(JSON.stringify(message)).not.toMatch(/script|onerror|src/);
    }
  });
});
