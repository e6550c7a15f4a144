/** How content customers are: by their own token, by that of their thread, and by the link of a mail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy, DAY, MINUTE } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

const policy = aPolicy({ letters: { rating: { after: '1h' } }, closeAfter: '10d' });
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = { ...BROWSER, 'content-type': 'application/x-www-form-urlencoded' };

describe('ratings', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct({ policies: [policy.source] });
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  /** A thread that was answered. */
  const answered = async (status = 'solved', id = 'c1') => {
    const thread = await t.thread(id);
    await t.post(`/v1/agent/threads/${thread}/replies`, ana, { text: 'Here you are.', status });
    return thread;
  };
  const rate = (thread: string, body: object, headers = {}) =>
    t.post(`/v1/threads/${thread}/rating`, customer, body, headers);
  const ratingsOf = async (thread: string) => {
    const { entries } = await t.whole(thread);
    return entries.filter(({ type }: { type: string }) => type === 'rating');
  };

  describe('by token', () => {
    it('are seen by agents and by whoever gave them, and are no message', async () => {
      const thread = await answered();
      expect((await rate(thread, { score: 4, comment: 'A day late.' })).status).toBe(200);
      const rating = { score: 4, comment: 'A day late.', at: expect.any(String) };
      expect((await t.whole(thread)).thread.rating).toEqual(rating);
      expect((await t.get(`/v1/threads/${thread}`, customer)).body.rating).toEqual(rating);
      const { body } = await t.get(`/v1/threads/${thread}/entries`, customer);
      expect(body.items.at(-1)).toMatchObject({ type: 'rating', score: 4, comment: 'A day late.' });
      expect(body.items.filter(({ type }: { type: string }) => type === 'message')).toHaveLength(2);
      expect(JSON.stringify(t.mails())).not.toContain('A day late.');
      expect(JSON.stringify(t.log)).not.toContain('A day late.');
    });

    it('take a capability as well', async () => {
      const visitor = await t.post('/v1/threads', 'pk_acme_testtest', { text: 'Hello' });
      const { threadId, token } = visitor.body;
      await t.post(`/v1/agent/threads/${threadId}/replies`, ana, { text: 'Hello' });
      expect((await t.post(`/v1/threads/${threadId}/rating`, token, { score: 1 })).status).toBe(200);
      expect((await t.whole(threadId)).thread.rating).toMatchObject({ score: 1, comment: null });
    });

    it.each<[string, unknown, string]>([
      ['no score', {}, '/score'],
      ['a score below the scale', { score: 0 }, '/score'],
      ['a score above the scale', { score: 6 }, '/score'],
      ['half a score', { score: 4.5 }, '/score'],
      ['a score as text', { score: '4' }, '/score'],
      ['an empty comment', { score: 4, comment: ' ' }, '/comment'],
      ['a comment that is too long', { score: 4, comment: 'x'.repeat(1_001) }, '/comment'],
      ['something else', { score: 4, stars: 4 }, '/stars'],
    ])('with %s are refused', async (_what, body, pointer) => {
      const heard = await rate(await t.thread(), body as object);
      expect([heard.status, heard.body.errors?.[0].pointer]).toEqual([422, pointer]);
    });

    it('are said once under one key, and changed by a new word', async () => {
      const thread = await answered();
      const first = await rate(thread, { score: 2 }, { 'idempotency-key': 'r1' });
      const again = await rate(thread, { score: 2 }, { 'idempotency-key': 'r1' });
      expect(again.body.commandId).toBe(first.body.commandId);
      await rate(thread, { score: 2 });
      await rate(thread, { score: 5 });
      expect((await ratingsOf(thread)).map(({ score }: { score: number }) => score)).toEqual([2, 5]);
    });

    it('of a thread that nobody answered, or that is closed, are told why not', async () => {
      const early = await rate(await t.thread(), { score: 3 });
      expect([early.status, early.body.code]).toEqual([409, 'nothing-to-rate']);
      const thread = await answered();
      await t.advance(20 * DAY);
      const late = await rate(thread, { score: 3 });
      expect([late.status, late.body.code]).toEqual([409, 'closed-is-immutable']);
    });

    it('of a merged thread are told where it goes on', async () => {
      const older = await answered();
      await t.advance(MINUTE);
      const newer = await answered();
      await t.post(`/v1/agent/threads/${newer}/merge`, ana, { into: older });
      await t.idle();
      const heard = await rate(newer, { score: 3 });
      expect([heard.status, heard.body.code]).toEqual([409, 'closed-is-immutable']);
      expect(heard.body.detail).toContain(older);
    });

    it('leave solving what is solved as it is', async () => {
      const thread = await answered();
      expect((await t.post(`/v1/threads/${thread}/solve`, customer, {})).status).toBe(200);
      expect((await t.whole(thread)).thread.status).toBe('solved');
    });
  });

  describe('by the link of a mail', () => {
    /** The path of the link in the mail that asks. */
    const asked = async (thread: string, to = 'c1@example.com') => {
      await t.advance(3 * DAY);
      const mail = t.mails(to).findLast(({ headers }) => headers['Message-ID']?.includes(thread.slice('thr_'.length)));
      const link = /Rate our answer: http:\/\/127\.0\.0\.1(\/v1\/ratings\/\S+)/.exec(mail?.text ?? '');
      expect(link?.[1], thread).toBeDefined();
      return link?.[1] ?? '';
    };
    const open = (path: string, headers = {}) => t.call('GET', path, { headers: { ...BROWSER, ...headers } });
    const send = (path: string, body: string) => t.call('POST', path, { body, headers: FORM });

    it('need no account: a page opens, and what it sends is kept', async () => {
      const thread = await answered();
      const path = await asked(thread);
      const page = await open(path);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.body).toContain('<form method="post"');
      const sent = await send(path, 'score=2&comment=Slow%0D%0Aand+cold');
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '?said=kept']);
      const after = await open(`${path}?said=kept`);
      expect(after.body).toContain('Thank you');
      expect(await ratingsOf(thread)).toMatchObject([
        { score: 2, comment: 'Slow\nand cold', author: { kind: 'customer', id: 'c1' } },
      ]);
    });

    it('change nothing by being looked at, and nothing twice', async () => {
      const thread = await answered();
      const path = await asked(thread);
      const before = (await t.whole(thread)).entries;
      await open(path);
      await t.call('HEAD', path, {});
      await open(`${path}?score=1&utm_source=mail`);
      expect((await t.whole(thread)).entries).toEqual(before);
      await send(path, 'score=5&comment=');
      await send(path, 'score=5&comment=');
      expect(await ratingsOf(thread)).toMatchObject([{ score: 5, comment: null }]);
    });

    it('are asked for again where nothing was chosen, or too much was said', async () => {
      const path = await asked(await answered());
      expect((await send(path, 'comment=x')).headers.get('location')).toBe('?said=missing');
      expect((await send(path, 'score=9')).headers.get('location')).toBe('?said=missing');
      expect((await send(path, `score=1&comment=${'x'.repeat(1_001)}`)).headers.get('location')).toBe('?said=failed');
      expect((await open(`${path}?said=missing`)).body).toContain('Please choose one of the five.');
      expect((await open(`${path}?said=whatever`)).body).toContain('How did we do?');
    });

    it('say what is the matter with a thread that is closed', async () => {
      const path = await asked(await answered());
      await t.advance(20 * DAY);
      const sent = await send(path, 'score=5');
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '?']);
      expect((await open(path)).body).toContain('The conversation is closed by now.');
    });

    it('end: one that is old, changed or of nobody leads nowhere, in the language of whoever looks', async () => {
      const path = await asked(await answered());
      const wrong = [
        `${path.slice(0, -1)}${path.endsWith('x') ? 'y' : 'x'}`,
        '/v1/ratings/x',
        '/v1/ratings/nobody.k.t.d.m',
      ];
      await t.advance(61 * DAY);
      for (const dead of [path, ...wrong]) {
        const page = await open(dead, { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' });
        expect(page.status, dead).toBe(404);
        expect(page.body).toContain('Dieser Link funktioniert nicht');
        const sent = await send(dead, 'score=5');
        expect([sent.status, sent.headers.get('location')]).toEqual([303, '?']);
      }
    });

    it('grant nothing else, whatever header comes with them', async () => {
      const path = await asked(await answered());
      const token = path.slice('/v1/ratings/'.length);
      expect((await t.get('/v1/threads', token)).status).toBe(401);
      expect((await open(path, { authorization: 'Bearer nonsense' })).status).toBe(200);
    });

    it('may come from a page of the business, as JSON', async () => {
      const thread = await answered();
      const path = await asked(thread);
      const heard = await t.call('POST', path, { body: { score: 3 }, headers: { prefer: 'wait=10' } });
      expect([heard.status, heard.body.status]).toEqual([200, 'done']);
      const refused = await t.call('POST', path, { body: { score: 7 } });
      expect([refused.status, refused.body.code]).toEqual([422, 'invalid']);
      expect(await ratingsOf(thread)).toMatchObject([{ score: 3 }]);
    });

    it('are the customer’s to whom a visitor’s thread belongs by now', async () => {
      const body = { text: 'Hello', customer: { email: 'v@example.com' } };
      const visitor = await t.post('/v1/threads', 'pk_acme_testtest', body);
      const { threadId, token } = visitor.body;
      await t.post(`/v1/agent/threads/${threadId}/replies`, ana, { text: 'Hi', status: 'solved' });
      const path = await asked(threadId, 'v@example.com');
      await t.post('/v1/identities', await t.customer('c7'), { token });
      await send(path, 'score=4');
      expect(await ratingsOf(threadId)).toMatchObject([{ score: 4, author: { kind: 'customer', id: 'c7' } }]);
    });

    it('are told in the customer’s language', async () => {
      const german = await t.customer('c8', { email: 'c8@example.com', locale: 'de-DE' });
      const { body } = await t.post('/v1/threads', german, { text: 'Hallo' });
      await t.post(`/v1/agent/threads/${body.threadId}/replies`, ana, { text: 'Hallo', status: 'solved' });
      const page = await open(`/v1/ratings/${await t.ratingToken(body.threadId)}`, { 'accept-language': 'en' });
      expect(page.body).toContain('<html lang="de"');
    });
  });

  it('by a link take from the customer’s rate, and say so on the page', async () => {
    const rates = { customer: { perMinute: 1, burst: 2 } };
    const small = new TestProduct({ policies: [aPolicy({ ...policy.source, rates } as never).source] });
    const thread = await small.thread();
    await small.post(`/v1/agent/threads/${thread}/replies`, await small.agent(), { text: 'x' });
    const path = `/v1/ratings/${await small.ratingToken(thread)}`;
    const send = (score: number) => small.call('POST', path, { body: `score=${score}`, headers: FORM });
    expect((await send(1)).headers.get('location')).toBe('?said=kept');
    expect((await send(2)).headers.get('location')).toBe('?said=failed');
    await small.stop();
  });
});
