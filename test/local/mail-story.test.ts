/** What people live by mail, over the SMTP port of the real process, with a real SMTP client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { ProductProcess } from '../support/process.ts';

const AUTHORITY = 'mx.acme.example';
const folders: string[] = [];
const running: ProductProcess[] = [];
afterEach(async () => {
  for (const product of running.splice(0)) await product.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'meanwhile-mail-'));
  folders.push(folder);
  return folder;
}

/** Starts the product with an SMTP port, and somebody who brings it mail, as the mail server before it would. */
async function start(data: string) {
  const product = await ProductProcess.start(data, ['--smtp-port', '0', '--mail-authority', AUTHORITY]);
  running.push(product);
  const [, url = ''] = /Mail in\s+(smtp:\/\/\S+)/.exec(product.welcome) ?? [];
  const transport = nodemailer.createTransport({ url, ignoreTLS: true });
  const agent = await product.token('agent=ana');
  return {
    product,
    send: (mail: SendMailOptions) => transport.sendMail(mail),
    mailsTo: async (address: string) => {
      await product.idle();
      return (await (await fetch(`${product.base}/local/mail?to=${address}`)).json()) as KeptMail[];
    },
    read: async (path: string): Promise<Json> => (await product.call('GET', path, agent)).json(),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

interface KeptMail {
  subject: string;
  text: string;
  headers: Record<string, string>;
}

const CLEO = 'Cleo <cleo@example.com>';
const quoted = ({ text }: KeptMail) => text.replace(/^/gm, '> ');

/** What a mail program adds to an answer. */
function answering(mail: KeptMail): SendMailOptions {
  const { 'message-id': id = '', references = '', 'reply-to': replyTo = '' } = mail.headers;
  return { to: replyTo, subject: `Re: ${mail.subject}`, inReplyTo: id, references: `${references} ${id}` };
}

describe('a story by mail', () => {
  it('stands in one thread in order, whatever programs it was written with', async () => {
    const { send, mailsTo, read } = await start(aFolder());

    // A customer writes to the address on the website.
    await send({
      from: CLEO,
      to: 'support@acme.example',
      subject: 'Where is my order?',
      text: 'It was to come today.',
    });
    const [acknowledgement] = (await mailsTo('cleo@example.com')) as [KeptMail];
    expect(acknowledgement.headers['auto-submitted']).toBe('auto-replied');

    // An agent answers the notice from their mail program; the server before the product knows that it is them.
    const [notice] = (await mailsTo('support@acme.example')) as [KeptMail];
    await send({
      ...answering(notice),
      from: 'Ben <ben@acme.example>',
      text:
        '#pending\n#tag parcel\n\nWhich number has it?\n\n' +
        `On Mon, Acme <support@acme.example> wrote:\n${quoted(notice)}`,
      headers: { 'Authentication-Results': `${AUTHORITY}; dmarc=pass header.from=acme.example` },
    });
    const [, answer] = (await mailsTo('cleo@example.com')) as [KeptMail, KeptMail];
    expect(answer.text).toContain('Which number has it?');
    expect(answer.text).not.toMatch(/#pending|Reply expected/);

    // The customer answers from one program, and, at once, from another that keeps no references.
    await send({
      ...answering(answer),
      from: CLEO,
      html:
        '<div>It is the blue one.</div><div class="gmail_quote"><div class="gmail_attr">' +
        'On Mon, 23 Nov 2026 at 12:00, Acme &lt;support@acme.example&gt; wrote:<br></div>' +
        '<blockquote class="gmail_quote">' +
        `${answer.text}</blockquote></div>`,
    });
    await send({ from: CLEO, to: answer.headers['reply-to'] ?? '', subject: 'AW: order', text: 'And thank you!' });

    // Their mailbox is closed: the next answer comes back.
    const [, , , ...later] = await mailsTo('support@acme.example');
    expect(later).toEqual([]);
    const notices = await mailsTo('support@acme.example');
    await send({
      ...answering(notices.at(-1) as KeptMail),
      from: 'Ana <ana@acme.example>',
      text: '#solve\nIt comes tomorrow.',
      headers: { 'Authentication-Results': `${AUTHORITY}; spf=pass smtp.mailfrom=ana@acme.example` },
    });
    const last = (await mailsTo('cleo@example.com')).at(-1) as KeptMail;
    await send({
      envelope: { from: '', to: 'support@acme.example' },
      raw: [
        'From: mailer-daemon@example.com',
        'To: support@acme.example',
        'Subject: Undelivered',
        'MIME-Version: 1.0',
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        '',
        '--b',
        '',
        'No such user.',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example.com',
        '',
        'Final-Recipient: rfc822; cleo@example.com',
        'Action: failed',
        'Status: 5.1.1',
        '--b',
        'Content-Type: text/rfc822-headers',
        '',
        `Message-ID: ${last.headers['message-id']}`,
        '--b--',
      ].join('\r\n'),
    });
    expect((await mailsTo('support@acme.example')).at(-1)?.subject).toContain('Mail came back');

    const { items: threads } = await read('/v1/agent/threads?view=all');
    expect(threads).toMatchObject([{ subject: 'Where is my order?', tags: ['parcel'], status: 'solved' }]);
    const { items: entries } = await read(`/v1/agent/threads/${threads[0].id}/entries?limit=100`);
    const TOLD = ['message', 'delivery', 'machine-mail'];
    const told = entries.filter(({ type }: { type: string }) => TOLD.includes(type));
    expect(
      told.map(({ type, author, text, state, kind }: Json) => [
        type,
        author.id,
        type === 'message' ? text : (state ?? kind),
      ]),
    ).toEqual([
      ['message', 'email:cleo@example.com', 'It was to come today.'],
      ['message', 'ben', 'Which number has it?'],
      ['message', 'email:cleo@example.com', 'It is the blue one.'],
      ['message', 'email:cleo@example.com', 'And thank you!'],
      ['message', 'ana', 'It comes tomorrow.'],
      ['delivery', 'meanwhile', 'bounced'],
      ['machine-mail', 'meanwhile', 'bounce'],
    ]);
  });
});

describe('the SMTP port', () => {
  it('has what it took, though the process is killed at once; what comes again is not taken twice', async () => {
    const data = aFolder();
    const first = await start(data);
    const text = {
      subject: 'Hello',
      text: 'Hello',
      date: new Date('2026-11-23T11:00:00Z'),
      messageId: '<m@example.com>',
    };
    const mail = { from: CLEO, to: 'support@acme.example', ...text };
    const { response } = await first.send(mail);
    await first.product.kill();
    expect(response).toMatch(/^250/);
    const second = await start(data);
    await second.send(mail);
    expect(await second.mailsTo('cleo@example.com')).toHaveLength(1);
    expect((await second.read('/v1/agent/threads?view=all')).items).toHaveLength(1);
  });

  it('refuses mail for others, and believes no header of a server that it does not know', async () => {
    const { send, mailsTo, read } = await start(aFolder());
    await expect(send({ from: CLEO, to: 'x@elsewhere.example', text: 'x' })).rejects.toMatchObject({
      responseCode: 550,
    });
    await send({
      from: 'Ben <ben@acme.example>',
      to: 'support@acme.example',
      text: 'Hello',
      headers: { 'Authentication-Results': 'mx.evil.example; dmarc=pass header.from=acme.example' },
    });
    expect(await mailsTo('ben@acme.example')).toHaveLength(1);
    const { items } = await read('/v1/agent/threads?view=all');
    const { items: entries } = await read(`/v1/agent/threads/${items[0].id}/entries`);
    expect(entries.find(({ type }: { type: string }) => type === 'message').mail.isAuthenticated).toBe(false);
  });
});

describe('POST /local/mail', () => {
  it('lets a mail arrive, with its envelope from its headers and what a server would have found out', async () => {
    const { product, read } = await start(aFolder());
    const raw = 'From: cleo@example.com\r\nTo: billing@acme.example\r\nSubject: Bill\r\n\r\nToo much.';
    const arrives = (query: string) => fetch(`${product.base}/local/mail${query}`, { method: 'POST', body: raw });
    expect((await arrives('?dmarc=pass')).status).toBe(202);
    expect((await arrives('?to=x@elsewhere.example')).status).toBe(422);
    await product.idle();
    const { items } = await read('/v1/agent/threads?view=all');
    expect(items).toMatchObject([{ subject: 'Bill', team: 'billing' }]);
    const { items: entries } = await read(`/v1/agent/threads/${items[0].id}/entries`);
    const { mail } = entries.find(({ type }: { type: string }) => type === 'message');
    expect(mail).toMatchObject({ isAuthenticated: true, verdicts: { dmarc: 'pass', spf: 'none' } });
  });
});
