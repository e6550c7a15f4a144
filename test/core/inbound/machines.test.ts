import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { HOUR } from '../../builders.ts';
import { aBareAnswerTo, aMail, anAnswerTo, INBOUND, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

let product: TestProduct;
let id: string;
let acknowledgement: OutgoingMail;
beforeEach(async () => {
  product = new TestProduct({ policies: [mailPolicy.source] });
  await product.receive(aMail());
  id = (await product.threads())[0] ?? '';
  acknowledgement = product.mails('c1@example.com')[0] as OutgoingMail;
});
afterEach(() => product.stop());

const solve = async () =>
  product.post(`/v1/agent/threads/${id}/replies`, await product.agent(), { text: 'Done.', status: 'solved' });

/** What a mail server says of a mail that it could not bring (RFC 3464). */
function aReport(mail: OutgoingMail, { status = '5.1.1', action = 'failed', to = mail.to.address } = {}): Uint8Array {
  const original = mail.headers['Message-ID'];
  const lines = [
    'From: Mail Delivery System <mailer-daemon@example.com>',
    `To: ${mail.from.address}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    '',
    'There is nobody of this name.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${original}`,
    '--b--',
  ];
  return Buffer.from(lines.join('\r\n'));
}
const report = (...of: Parameters<typeof aReport>) => product.receive(aReport(...of), { sender: '' });

describe('a mail that no person wrote', () => {
  it.each([
    ['auto-reply', { 'Auto-Submitted': 'auto-replied' }],
    ['list', { 'List-Id': '<news.example.com>' }],
    ['auto-reply', { Precedence: 'auto_reply' }],
  ])('is recorded as %s on its thread, and neither answered nor a reason to open it', async (kind, headers) => {
    await solve();
    const { thread: before } = await product.whole(id);
    const mails = product.mails().length;
    await product.receive(aBareAnswerTo(acknowledgement, { text: 'I am away', headers }));
    const { thread, entries } = await product.whole(id);
    expect(entries.at(-1)).toMatchObject({ type: 'machine-mail', kind, text: 'I am away', author: { kind: 'system' } });
    expect(thread).toMatchObject({ status: 'solved', waitingSince: null, version: before.version });
    expect(product.mails()).toHaveLength(mails);
    expect((await product.get(`/v1/threads/${id}/entries`, await product.customer())).status).toBe(404);
  });

  it('is recorded once, however often it comes', async () => {
    const mail = aBareAnswerTo(acknowledgement, { headers: { 'Auto-Submitted': 'auto-replied' } });
    await product.receive(mail);
    await product.receive(mail);
    const { entries } = await product.whole(id);
    expect(entries.filter(({ type }) => type === 'machine-mail')).toHaveLength(1);
  });
});

describe('a bounce', () => {
  it('is told to the thread and mail that it is about; its address gets no more, and somebody is told', async () => {
    await report(acknowledgement);
    const { entries } = await product.whole(id);
    expect(entries).toContainEqual(
      expect.objectContaining({ type: 'delivery', state: 'bounced', send: expect.stringMatching(/_acknowledgement$/) }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ type: 'machine-mail', kind: 'bounce' }));
    expect(product.mails('support@acme.example').at(-1)?.text).toContain('takes no mail');
    await solve();
    await product.idle();
    expect(product.mails('c1@example.com'), 'no more').toHaveLength(1);
    const { entries: after } = await product.whole(id);
    expect(after.findLast(({ type }) => type === 'delivery')).toMatchObject({ state: 'rejected' });
    expect(product.mails('ana@acme.example').at(-1)?.text).toContain('was refused');
  });

  it('is over once mail comes from the address', async () => {
    await report(acknowledgement);
    await product.receive(aMail({ text: 'I am back' }));
    expect(product.mails('c1@example.com')).toHaveLength(2);
  });

  it.each([
    ['a delay', { status: '4.4.1', action: 'delayed' }, []],
    ['a full mailbox', { status: '5.2.2' }, ['bounced']],
    ['one of another address than the mail went to', { to: 'dora@example.com' }, ['bounced']],
  ])('is none for good where it is %s', async (_what, parts, states) => {
    await report(acknowledgement, parts);
    const { entries } = await product.whole(id);
    expect(entries.filter(({ type }) => type === 'delivery').map(({ state }) => state)).toEqual(states);
    await solve();
    await product.idle();
    expect(product.mails('c1@example.com')).toHaveLength(2);
  });

  it.each([
    ['delayed', { status: '4.4.1', action: 'delayed' }],
    ['bounced', {}],
  ])('is told to agents beside the mail: %s', async (state, parts) => {
    await report(acknowledgement, parts);
    const { items } = (await product.get(`/v1/agent/threads/${id}/entries`, await product.agent())).body;
    const sending = items.flatMap((entry: { sending?: object[] }) => entry.sending ?? []);
    expect(sending).toContainEqual(expect.objectContaining({ mail: 'acknowledgement', to: 'customer', state }));
  });

  it('of a mail that is not ours has no consequence but that somebody can see it', async () => {
    await report({ ...acknowledgement, headers: { 'Message-ID': '<someone@elsewhere.example>' } });
    const { entries } = await product.whole(id);
    expect(entries.filter(({ type }) => type === 'delivery' || type === 'machine-mail')).toEqual([]);
    const others = (await product.threads()).filter((other) => other !== id);
    expect((await product.whole(others[0] ?? '')).entries).toMatchObject([{ reason: { code: 'bounce' } }]);
  });
});

describe('a loop', () => {
  it('ends where a mail comes from an address that is received at: it is held', async () => {
    for (const from of ['billing@acme.example', 'Support+1@acme.example', `anything@${INBOUND}`]) {
      await product.advance(1);
      await product.receive(aMail({ from }), { verdicts: PROVED });
      const [held = ''] = await product.threads();
      expect((await product.whole(held)).entries).toMatchObject([{ reason: { code: 'own-address' } }]);
    }
    expect(product.mails()).toHaveLength(2);
  });

  it('ends where a domain was acknowledged as often as people are, and no mail of it is held', async () => {
    for (let count = 0; count < 30; count += 1) await product.receive(aMail({ from: `a${count}@peer.example` }));
    await product.advance(1);
    await product.receive(aMail({ from: 'a30@peer.example' }));
    expect(product.mails('a29@peer.example')).toHaveLength(1);
    expect(product.mails('a30@peer.example')).toHaveLength(0);
    const [last = ''] = await product.threads();
    const { thread, entries } = await product.whole(last);
    expect(thread.waitingSince).not.toBeNull();
    expect(entries.map(({ type }) => type)).toContain('promise');
    expect(entries).toContainEqual(
      expect.objectContaining({ mail: expect.objectContaining({ unacknowledged: true }) }),
    );
  });

  it('is not seen in a form that writes for many people, and names each', async () => {
    for (let count = 0; count < 31; count += 1) {
      const headers = { 'Reply-To': `a${count}@gmail.com` };
      await product.receive(aMail({ from: 'no-reply@form.example', headers }));
    }
    expect(product.mails('a30@gmail.com')).toHaveLength(1);
  });

  it('is not seen where many people have their mailboxes', async () => {
    for (let count = 0; count < 31; count += 1) await product.receive(aMail({ from: `a${count}@gmail.com` }));
    expect(product.mails('a30@gmail.com')).toHaveLength(1);
    for (let count = 0; count < 31; count += 1) await product.receive(aMail({ from: `a0+${count}@gmail.com` }));
    expect(product.mails('a0+30@gmail.com')).toHaveLength(0);
  });

  it('ends where our own mail comes back', async () => {
    const { headers, subject, text } = acknowledgement;
    await product.receive(aMail({ from: 'support@acme.example', subject, text, headers, messageId: null }));
    expect(await product.threads()).toHaveLength(1);
    expect((await product.whole(id)).entries.map(({ type }) => type)).not.toContain('machine-mail');
  });

  it('ends where a thread is opened again and again: the sixth time somebody has to look', async () => {
    for (let count = 0; count < 6; count += 1) {
      await solve();
      await product.advance(2 * 60_000);
      await product.receive(anAnswerTo(acknowledgement, { text: `Again ${count}` }));
    }
    const { entries, thread } = await product.whole(id);
    expect(thread.status).toBe('solved');
    expect(entries.at(-1)).toMatchObject({ type: 'set-aside', reason: { code: 'too-many' } });
    await product.advance(HOUR);
    await product.receive(anAnswerTo(acknowledgement, { text: 'After an hour' }));
    expect((await product.whole(id)).thread.status).toBe('open');
  });
});
