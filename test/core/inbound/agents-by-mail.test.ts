import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import type { IncomingMail } from '../../../core/inbound/incoming-mail.ts';
import { aBareAnswerTo, aMail, anAnswerTo, CLAIMED, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

let product: TestProduct;
let id: string;
let notice: OutgoingMail;
beforeEach(async () => {
  product = new TestProduct({ policies: [mailPolicy.source] });
  await product.receive(aMail());
  id = (await product.threads())[0] ?? '';
  notice = product.mails('support@acme.example')[0] as OutgoingMail;
});
afterEach(() => product.stop());

const BEN = { from: 'Ben <ben@acme.example>' };
const byBen = (text: string, envelope: Partial<IncomingMail> = { verdicts: PROVED }) =>
  product.receive(aBareAnswerTo(notice, { ...BEN, text }), envelope);
const written = async () => {
  const { entries } = await product.whole(id);
  return entries
    .filter(
      ({ type, author }) =>
        ['message', 'note', 'mail-refused', 'set-aside'].includes(type) && author.kind !== 'customer',
    )
    .map(({ type, author, text, reason, problems }) => {
      const details = problems?.map(({ detail }: { detail: string }) => detail);
      return [type, author.id, reason?.code ?? details ?? text];
    });
};

describe('an agent’s answer to a notice', () => {
  it('is posted as theirs, and goes to the customer', async () => {
    await byBen('It is on its way.');
    expect(await written()).toEqual([['message', 'ben', 'It is on its way.']]);
    expect((await product.whole(id)).thread).toMatchObject({ status: 'open', waitingSince: null });
    expect(product.mails('c1@example.com').at(-1)?.text).toContain('It is on its way.');
  });

  it.each([
    ['a quotation', '> What customers must not see\n> Customer: Cleo'],
    [
      'headers and a quotation',
      'From: Acme <support@acme.example>\nSent: 3 May 2022 10:04\nTo: Support\nSubject: Re\n\nCustomer: Cleo',
    ],
    ['a signature', '-- \nBen'],
    ['a quotation and a signature', '> Customer: Cleo\n\n-- \nBen'],
  ])('that is nothing but %s is not posted', async (_, text) => {
    await byBen(text);
    expect(await written()).toEqual([['mail-refused', 'ben', ['There is nothing in it to post.']]]);
  });

  it('goes out without the signature of their mail program', async () => {
    await byBen('#solve\n\n-- \nBen');
    await byBen('It came.\n\n-- \nBen');
    expect(await written()).toEqual([['message', 'ben', 'It came.']]);
  });

  it.each(['#note:\nOurs.', '# note\nOurs.', '*#note*\nOurs.', '＃note\nOurs.', '\u200b#Note\nOurs.'])(
    'that means to be a note is one: %j',
    async (text) => {
      await byBen(text);
      expect(await written()).toEqual([['note', 'ben', 'Ours.']]);
    },
  );

  it.each([
    ['#note: ours\nAll of it.', '#note stands alone in its line; the note begins in the next.'],
    ['Hello,\n#note\nOurs.', '#note stands in the first line.'],
  ])('that may mean to be a note is not posted: %j', async (text, problem) => {
    await byBen(text);
    expect(await written()).toEqual([['mail-refused', 'ben', [problem]]]);
  });

  it('is found by what it refers to alone, too', async () => {
    await product.receive(anAnswerTo(notice, { ...BEN, to: 'support@acme.example', text: 'Soon.' }), {
      verdicts: PROVED,
    });
    expect(await written()).toEqual([['message', 'ben', 'Soon.']]);
  });

  const OTHER_SERVER = 'Authentication-Results: other.example; dmarc=pass header.from=acme.example\r\n';
  const OURS = (said: string) => `Authentication-Results: mx.acme.example; ${said}\r\n`;
  it.each([
    ['DMARC fails', '', { ...PROVED, dmarc: 'fail' as const }, false],
    ['nobody has looked', '', CLAIMED, false],
    ['DMARC is gray, and nothing else is said', '', { ...PROVED, dmarc: 'gray' as const }, false],
    ['SPF passes for their domain', OURS('spf=pass smtp.mailfrom=ben@acme.example'), null, true],
    ['DKIM passes for their domain', OURS('dkim=pass header.d=acme.example'), null, true],
    ['DKIM passes for a domain below theirs', OURS('dkim=pass header.d=mail.acme.example'), null, false],
    ['DMARC passes for another author', OURS('dmarc=pass header.from=evil.example'), null, false],
    ['SPF passes for another domain', OURS('spf=pass smtp.mailfrom=x@evil.example'), null, false],
    ['another server says so', OTHER_SERVER, null, false],
    ['another server says so, on top of ours', OTHER_SERVER + OURS('dmarc=pass header.from=acme.example'), null, false],
    ['ours says so, on top of another', OURS('dmarc=pass header.from=acme.example') + OTHER_SERVER, null, true],
  ])('where %s: %s', async (_case, header, verdicts, isPosted) => {
    const mail = Buffer.concat([Buffer.from(header), aBareAnswerTo(notice, { ...BEN, text: 'Send me money.' })]);
    await product.receive(mail, { verdicts, authority: 'mx.acme.example' });
    const posted = ['message', 'ben', 'Send me money.'];
    const held = ['set-aside', 'meanwhile', 'sender-unproved'];
    expect(await written()).toEqual([isPosted ? posted : held]);
    expect(product.mails('c1@example.com')).toHaveLength(isPosted ? 2 : 1);
  });

  it('is posted once an agent lets it go', async () => {
    await byBen('Really me.', { verdicts: CLAIMED });
    const { entries } = await product.whole(id);
    const { seq } = entries.find(({ type }) => type === 'set-aside');
    await product.post(`/v1/agent/threads/${id}/set-asides/${seq}/redrive`, await product.agent(), {});
    expect(await written()).toContainEqual(['message', 'ben', 'Really me.']);
  });

  it('is not posted where a machine wrote it', async () => {
    const out = aBareAnswerTo(notice, { ...BEN, text: 'I am away', headers: { 'Auto-Submitted': 'auto-replied' } });
    await product.receive(out, { verdicts: PROVED });
    expect(await written()).toEqual([]);
    expect((await product.whole(id)).entries.at(-1)).toMatchObject({ type: 'machine-mail', kind: 'auto-reply' });
  });

  it.each([
    ['a customer to whom it was forwarded', 'dora@example.com'],
    ['an agent of no team that it went to', 'eve@acme.example'],
  ])('is held where %s sends it', async (_who, from) => {
    await product.receive(aBareAnswerTo(notice, { from }), { verdicts: PROVED });
    expect(await written()).toEqual([['set-aside', 'meanwhile', 'foreign-token']]);
  });
});

describe('commands', () => {
  it.each([
    ['#solve\n\nDone.', { status: 'solved' }, ['message', 'ben', 'Done.']],
    ['#pending\nWhich one?', { status: 'pending' }, ['message', 'ben', 'Which one?']],
    ['#note\nShe is angry.', { status: 'new' }, ['note', 'ben', 'She is angry.']],
    [
      '#Tag vip, late\n#assign billing\n#solve\nDone.',
      { tags: ['vip', 'late'], team: 'billing' },
      ['message', 'ben', 'Done.'],
    ],
    ['#assign ben\nMine.', { assignee: 'ben' }, ['message', 'ben', 'Mine.']],
    ['We are #1\n#solve', { status: 'open' }, ['message', 'ben', 'We are #1\n#solve']],
  ])('%j are done and taken off', async (text, after, entry) => {
    await byBen(text);
    expect(await written()).toEqual([entry]);
    expect((await product.whole(id)).thread).toMatchObject(after);
  });

  it('may stand alone', async () => {
    await byBen('#solve');
    expect(await written()).toEqual([]);
    expect((await product.whole(id)).thread.status).toBe('solved');
  });

  it('of a note are no answer to the customer', async () => {
    await byBen('#note\nShe is angry.');
    expect(product.mails('c1@example.com')).toHaveLength(1);
  });

  it.each([
    ['#sovle\nDone.', '#sovle: there is no such command'],
    ['#assign carl\nDone.', 'there is no agent or team “carl”'],
    ['#note she is angry\nShe is.', '#note stands alone'],
    ['#solve\n#pending\nDone.', '#pending: a status was named before'],
    ['#tag\nDone.', '#tag: which?'],
    ['', 'There is nothing in it to post.'],
  ])('that are wrong are answered, and nothing is posted: %j', async (text, problem) => {
    await byBen(text);
    expect(await written()).toEqual([['mail-refused', 'ben', [expect.stringContaining(problem)]]]);
    expect(product.mails('c1@example.com')).toHaveLength(1);
    const told = product.mails('ben@acme.example').at(-1) as OutgoingMail;
    expect(told.subject).toContain('Not posted');
    expect(told.text).toContain(problem);
    // Answering that mail with what was meant does it.
    await product.receive(aBareAnswerTo(told, { ...BEN, text: '#solve\nDone.' }), { verdicts: PROVED });
    expect((await product.whole(id)).thread.status).toBe('solved');
  });

  it('beyond the agent’s rights, or on a thread that takes no answer any more, are wrong', async () => {
    await byBen('#solve\nDone.');
    await product.advance(10 * 86_400_000);
    await byBen('One more thing.');
    expect((await written()).at(-1)).toEqual([
      'mail-refused',
      'ben',
      [expect.stringContaining('The thread is closed')],
    ]);
    expect((await written()).filter(([type]) => type === 'message')).toHaveLength(1);
  });

  it('of another on a thread that is owned are told what the thread says', async () => {
    await product.post(`/v1/agent/threads/${id}/assignment`, await product.agent('ana'), { assignee: 'ana' });
    await byBen('#assign ben\nMine.');
    expect(await written()).toEqual([['mail-refused', 'ben', [expect.stringContaining('belongs to ana')]]]);
  });
});

describe('an answer from a mail program', () => {
  const QUOTED = 'On Mon, 23 Nov 2026 at 12:00, Acme <support@acme.example> wrote:\n> Where is it?\n> From: Cleo';

  it('is posted without what it quotes, of text and of HTML', async () => {
    await byBen(`#solve\n\nIt is on its way.\n\n${QUOTED}`);
    expect(await written()).toEqual([['message', 'ben', 'It is on its way.']]);
    expect(product.mails('c1@example.com').at(-1)?.text).not.toContain('From: Cleo');
    const html =
      '<div>Thank you</div><div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 12:00, Acme ' +
      '&lt;support@acme.example&gt; wrote:<br></div><blockquote class="gmail_quote">It is on its way.' +
      '</blockquote></div>';
    const answer = product.mails('c1@example.com').at(-1) as OutgoingMail;
    await product.receive(aBareAnswerTo(answer, { text: html, headers: { 'Content-Type': 'text/html' } }));
    expect((await product.whole(id)).entries.findLast(({ type }) => type === 'message')).toMatchObject({
      author: { kind: 'customer' },
      text: 'Thank you',
    });
  });

  it('is never a note let go as an answer', async () => {
    await byBen('#note\nShe is angry.', { verdicts: CLAIMED });
    const { seq } = (await product.whole(id)).entries.find(({ type }) => type === 'set-aside');
    await product.post(`/v1/agent/threads/${id}/set-asides/${seq}/redrive`, await product.agent(), {});
    expect(await written()).toContainEqual(['note', 'ben', 'She is angry.']);
    expect(product.mails('c1@example.com')).toHaveLength(1);
  });
});

describe('a mail that an agent forwards to a team', () => {
  const text =
    'Please look at this.\n\n---------- Forwarded message ---------\nFrom: Dora <dora@example.com>\n' +
    'Date: Mon, 23 Nov 2026 at 10:00\nSubject: Broken lamp\nTo: Ben <ben@acme.example>\n\nMy lamp is broken.';
  const forward = () => aMail({ ...BEN, subject: 'Fwd: Broken lamp', text });

  it('begins a thread of whoever wrote it first, with the agent’s words as a note', async () => {
    await product.receive(forward(), { verdicts: PROVED });
    const other = (await product.threads()).find((one) => one !== id) ?? '';
    const { thread, entries } = await product.whole(other);
    expect(thread).toMatchObject({ subject: 'Broken lamp', customer: { id: 'email:dora@example.com' }, status: 'new' });
    const said = entries.filter(({ type }) => type === 'message' || type === 'note');
    expect(said.map(({ type, author, text: words }) => [type, author.id, words])).toEqual([
      ['message', 'email:dora@example.com', 'My lamp is broken.'],
      ['note', 'ben', 'Forwarded by Ben.\n\nPlease look at this.'],
    ]);
    expect(product.mails('dora@example.com')).toHaveLength(1);
  });

  it('sends nobody anything where nothing proves that the agent sent it', async () => {
    await product.receive(forward(), { verdicts: CLAIMED });
    expect(product.mails('dora@example.com')).toEqual([]);
  });
});
