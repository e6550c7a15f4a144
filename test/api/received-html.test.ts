/** HTML of mails that came in, as the API gives it to be shown; and all that a mail says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../builders.ts';
import { seedMails } from '../core/email/seed-mails.ts';
import { unexpectedIn } from '../core/email/shown-html.ts';
import { aMail, anAnswerTo, CLAIMED, mailPolicy, PROVED } from '../support/mails.ts';
import { TestProduct } from '../support/product.ts';

let t: TestProduct;
beforeEach(() => {
  t = new TestProduct({ policies: [mailPolicy.source] });
});
afterEach(() => t.stop());

/** A mail of HTML with images of its own, each under a Content-ID field as it is given. */
function withImages(html: string, contentIds: string[], encoding = '7bit', charset = 'utf-8'): Uint8Array {
  const images = contentIds.map((id, index) => {
    const field = id === '' ? '' : `\r\nContent-ID: ${id}`;
    return `--b\r\nContent-Type: image/png; name="${index}.png"${field}\r\n\r\nPNG${index}\r\n`;
  });
  const head = `--b\r\nContent-Type: text/html; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}`;
  const headers = { 'Content-Type': 'multipart/related; boundary="b"' };
  return aMail({ headers, text: `${head}\r\n\r\n${html}\r\n${images.join('')}--b--` });
}

/** The message that a mail becomes, as an agent gets it. */
async function received(mail: Uint8Array, query = '') {
  await t.receive(mail, { verdicts: CLAIMED, recipients: ['support@acme.example'], sender: 'c1@example.com' });
  const [id = ''] = await t.threads();
  const { body } = await t.get(`/v1/agent/threads/${id}/entries?${query}`, await t.agent());
  return { id, message: body.items.find(({ type }: { type: string }) => type === 'message') };
}

const linksIn = (html: string): string[] => [...html.matchAll(/src="([^"]*)"/g)].map(([, link = '']) => link);

describe('images of the mail itself', () => {
  it.each([
    ['<pic@x>', 'cid:pic@x'],
    ['pic@x', 'CID:pic@x'],
    ['<Pic@X>', 'cid:pic@x'],
    ['<pic@x>', 'cid:PIC%40X'],
    ['<a b@x>', 'cid:a%20b@x'],
    ['<a%20b@x>', 'cid:a%20b@x'],
    ['< pic@x >', 'cid:%3Cpic%40x%3E'],
    ['<pic@x>', 'cid:&lt;pic&#64;x&gt;'],
  ])('under %s are in place of %s', async (contentId, reference) => {
    const { message } = await received(withImages(`<p>Hi<img src="${reference}"></p>`, [contentId]));
    const [link = ''] = linksIn(message.html);
    expect(link).toContain(`/attachments/${message.attachments[0].id}?ticket=`);
    expect(message.attachments[0].contentId).toBe(contentId.replace(/[<>]/g, '').trim().toLowerCase());
    expect(unexpectedIn(message.html)).toEqual([]);
  });

  it('are found in any encoding and charset', async () => {
    const html = '<p>Gr=FC=DFe <img src=3D"cid:pi=\r\nc@x"></p>';
    const { message } = await received(withImages(html, ['<pic@x>'], 'quoted-printable', 'iso-8859-1'));
    expect(message.html).toMatch(/^<p>Grüße <img src="\/v1\/threads\/.*attachments/);
  });

  it('are the first of two of one id, and nothing in the place of one that is not there', async () => {
    const { message } = await received(
      withImages('<p>Hi<img src="cid:a@x"><img src="cid:b@x"><img src="cid:"></p>', ['<a@x>', '<a@x>', '']),
    );
    expect(linksIn(message.html)).toEqual([expect.stringContaining(message.attachments[0].id)]);
  });

  it('are given by their link alone, as a page asks for them; to the customer too', async () => {
    const { id, message } = await received(withImages('<p>Hi<img src="cid:pic@x"></p>', ['<pic@x>']));
    const token = await t.capability(id, 'email:c1@example.com');
    const { body } = await t.get(`/v1/threads/${id}/entries`, token);
    expect(body.items[0].html).toBe(message.html);
    const heard = await t.call('GET', linksIn(message.html)[0] ?? '');
    expect(heard.status).toBe(302);
    expect(await (await t.download(heard.headers.get('location') ?? '')).text()).toBe('PNG0');
  });

  it('have links for a quarter of an hour at least, and answers with one stay the same as long', async () => {
    const { id, message } = await received(withImages('<p>Hi<img src="cid:pic@x"></p>', ['<pic@x>']));
    const [link = ''] = linksIn(message.html);
    await t.advance(15 * MINUTE - (t.clock.now() % (15 * MINUTE)));
    const etagOf = async () => (await t.get(`/v1/agent/threads/${id}/entries`, await t.agent())).headers.get('etag');
    const etag = await etagOf();
    await t.advance(15 * MINUTE - 1);
    expect(await etagOf()).toBe(etag);
    expect((await t.call('GET', link)).status).toBe(302);
    await t.advance(1);
    expect(await etagOf()).not.toBe(etag);
    expect(await t.call('GET', link)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('a link', () => {
  it('opens nothing but its file, and is none once anything in it is changed', async () => {
    const html = '<p>Hi<img src="cid:a@x"><img src="cid:b@x"></p>';
    const { id, message } = await received(withImages(html, ['<a@x>', '<b@x>']));
    const [link = '', other = ''] = linksIn(message.html);
    const [path = '', ticket = ''] = link.split('?ticket=');
    const [kid = '', until = '', mac = ''] = ticket.split('.');
    const foreign = [
      `${other.split('?')[0]}?ticket=${ticket}`,
      `/v1/threads/${id}?ticket=${ticket}`,
      `/v1/threads/${id}/entries?ticket=${ticket}`,
      `${path}/x?ticket=${ticket}`,
      `${path.replace('thr_acme', 'thr_other')}?ticket=${ticket}`,
      `${path}?ticket=${kid}.${Number(until) + 900_000}.${mac}`,
      `${path}?ticket=${kid}x.${until}.${mac}`,
      `${path}?ticket=${kid}.${until}.${mac.slice(1)}`,
      `${path}?ticket=${ticket}.x`,
      `${path}?ticket=`,
    ];
    const statuses = await Promise.all(foreign.map(async (one) => (await t.call('GET', one)).status));
    expect(statuses.map((status) => status === 401 || status === 404)).toEqual(foreign.map(() => true));
    expect((await t.call('GET', link)).status).toBe(302);
  });

  it('is not looked at where there is a token: whose it is says what they may', async () => {
    const { message } = await received(withImages('<p>Hi<img src="cid:a@x"></p>', ['<a@x>']));
    const heard = await t.get(linksIn(message.html)[0] ?? '', await t.customer('c9'));
    expect(heard.status).toBe(404);
  });
});

describe('images of other servers', () => {
  const html = '<p>Hi<img src="https://t.example/open.gif" width="1"><img src="//t.example/b.gif"></p>';

  it('are left out and counted, until an agent wants them', async () => {
    const { id, message } = await received(withImages(html, []));
    expect(message).toMatchObject({
      html: '<p>Hi<img width="1" data-remote-src="https://t.example/open.gif" /><img /></p>',
      blockedImages: 1,
    });
    const { body } = await t.get(`/v1/agent/threads/${id}/entries?remoteImages=true`, await t.agent());
    const wanted = body.items.find(({ type }: { type: string }) => type === 'message');
    expect(wanted).toMatchObject({
      html: '<p>Hi<img width="1" src="https://t.example/open.gif" /><img /></p>',
      blockedImages: 0,
    });
    const original = await t.get(`/v1/agent/threads/${id}/entries/${message.seq}/original`, await t.agent());
    expect(original.body).toMatchObject({ blockedImages: 1 });
  });

  it('cannot be had by customers, nor wanted otherwise than in these words', async () => {
    const { id } = await received(withImages(html, []));
    const token = await t.capability(id, 'email:c1@example.com');
    expect((await t.get(`/v1/threads/${id}/entries?remoteImages=true`, token)).status).toBe(422);
    expect((await t.get(`/v1/agent/threads/${id}/entries?remoteImages=yes`, await t.agent())).status).toBe(422);
  });
});

describe('HTML that acts', () => {
  it.each(Object.keys(seedMails))('of the mail %s is shown to nobody, however it is asked for', async (name) => {
    await t.receive(seedMails[name] ?? new Uint8Array(), {
      ...{ verdicts: CLAIMED, sender: 'robin@customer.example', recipients: ['support@acme.example'] },
    });
    const shown: string[] = [];
    for (const id of await t.threads()) {
      for (const query of ['', 'remoteImages=true']) {
        const { body } = await t.get(`/v1/agent/threads/${id}/entries?${query}`, await t.agent());
        for (const { seq, html, parts = [] } of body.items) {
          shown.push(html ?? '', ...parts.map((part: { html?: string }) => part.html ?? ''));
          const path = `/v1/agent/threads/${id}/entries/${seq}/original?${query}`;
          shown.push((await t.get(path, await t.agent())).body.html ?? '');
        }
      }
    }
    expect(shown.flatMap(unexpectedIn)).toEqual([]);
  });
});

describe('the original of an entry', () => {
  const originalOf = async (id: string, seq: number) =>
    t.get(`/v1/agent/threads/${id}/entries/${seq}/original`, await t.agent());

  it('is all that the mail says, where the entry has only what is new', async () => {
    const id = await t.thread('c1', { text: 'Where is my order?' });
    await t.post(`/v1/agent/threads/${id}/replies`, await t.agent(), { text: 'On its way.' });
    await t.idle();
    const answered = t.mails('c1@example.com').at(-1);
    const text = 'Thanks!\r\n\r\nOn Monday, Acme wrote:\r\n> On its way.\r\n';
    await t.receive(anAnswerTo(answered ?? expect.fail(), { text }), { verdicts: PROVED });
    const entry = (await t.whole(id)).entries.find(({ mail }) => mail !== undefined);
    expect(entry.text).toBe('Thanks!');
    expect((await originalOf(id, entry.seq)).body).toMatchObject({
      from: [{ address: 'c1@example.com' }],
      subject: expect.stringMatching(/^Re: /),
      sentAt: '2026-11-23T11:00:00.000Z',
      text: text.replaceAll('\r\n', '\n'),
      html: null,
      cutAt: [],
    });
  });

  it('is there of what is held, with its HTML', async () => {
    const mail = withImages('<p>Buy this<img src="cid:a@x"><script>x()</script></p>', ['<a@x>']);
    await t.receive(mail, { verdicts: { ...CLAIMED, spam: 'fail' } });
    const [id = ''] = await t.threads();
    const { body } = await originalOf(id, 1);
    expect(body.html).toMatch(/^<p>Buy this<img src="[^"]*ticket=[^"]*" \/><\/p>$/);
    expect((await t.call('GET', linksIn(body.html)[0] ?? '')).status).toBe(302);
  });

  it('is none of an entry that no mail brought, or of none', async () => {
    const id = await t.thread();
    for (const seq of [1, 99]) expect((await originalOf(id, seq)).status).toBe(404);
  });

  it('fits into an answer whatever it is: text alone, where it is too long', async () => {
    const { id, message } = await received(withImages(`<p>${'a\u0001'.repeat(400_000)}</p>`, []), 'after=1');
    expect(message).toMatchObject({ html: null, isCut: true, parts: [{ type: 'text' }] });
    const { body } = await originalOf(id, message.seq);
    expect(body).toMatchObject({ html: null, cutAt: ['answer'] });
    expect([message.text.length, body.text.length]).toEqual([300_000, 300_000]);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(message)))).toBeLessThan(6_000_000);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(body)))).toBeLessThan(6_000_000);
  });
});
