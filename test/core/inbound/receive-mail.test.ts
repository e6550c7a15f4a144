import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { replyLocalPart, VALID_DAYS } from '../../../core/email/reply-token.ts';
import { aPolicy, DAY, MONDAY } from '../../builders.ts';
import { aBareAnswerTo, aMail, anAnswerTo, INBOUND, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

let product: TestProduct;
beforeEach(() => {
  product = new TestProduct({ policies: [mailPolicy.source] });
});
afterEach(() => product.stop());

/** A customer has written by mail, and an agent has answered. @returns the thread, and the mails that it caused */
async function anExchange() {
  await product.receive(aMail(), { verdicts: PROVED });
  const [id = ''] = await product.threads();
  await product.post(`/v1/agent/threads/${id}/replies`, await product.agent(), { text: 'On its way.' });
  await product.idle();
  const [acknowledgement, answer] = product.mails('c1@example.com') as [OutgoingMail, OutgoingMail];
  const [notice] = product.mails('support@acme.example') as [OutgoingMail];
  return { id, acknowledgement, answer, notice };
}

const messagesOf = async (id: string) => {
  const { entries } = await product.whole(id);
  return entries.filter(({ type }) => type === 'message').map(({ author, text }) => [author.kind, author.id, text]);
};
describe('a mail to a team', () => {
  it('begins a thread with that team, is acknowledged, and keeps what was found out of it', async () => {
    await product.receive(aMail({ to: 'Billing <Billing@acme.example>', text: 'The bill is wrong.' }), {
      verdicts: PROVED,
    });
    const [id = ''] = await product.threads();
    const { thread, entries } = await product.whole(id);
    expect(thread).toMatchObject({ subject: 'My order', team: 'billing', channels: ['email'], status: 'new' });
    expect(thread.customer).toMatchObject({ id: 'email:c1@example.com', name: 'Cleo', email: 'c1@example.com' });
    const message = entries.find(({ type }) => type === 'message');
    expect(message).toMatchObject({
      text: 'The bill is wrong.',
      channel: 'email',
      mail: { from: 'c1@example.com', isAuthenticated: true, verdicts: PROVED, found: { by: 'address', failed: [] } },
    });
    expect(message.mail.rawKey).toBeUndefined();
    expect(product.mails('c1@example.com')[0]?.headers['Reply-To']).toMatch(/^reply\+\w{58}@in\.acme\.example$/);
  });

  it('is that team’s at any plus address, and at others that the policy names', async () => {
    const policy = aPolicy({ mail: { addresses: { 'rechnung@acme.example': 'billing' } } });
    const other = new TestProduct({ policies: [policy.source] });
    await other.receive(aMail({ to: 'billing+2026@acme.example' }));
    await other.receive(aMail({ to: 'Rechnung@Acme.example' }));
    const teams = await Promise.all((await other.threads()).map(async (id) => (await other.whole(id)).thread.team));
    expect(teams).toEqual(['billing', 'billing']);
    await other.stop();
  });

  it('is one thread, whichever of its addresses it comes to', async () => {
    await product.receive(aMail(), { recipients: ['support@acme.example', 'billing@acme.example', 'x@example.com'] });
    expect(await product.threads()).toHaveLength(1);
  });

  it('is nobody’s where no business has the address', async () => {
    expect(await product.receive(aMail({ to: 'someone@elsewhere.example' }))).toBe('nobody');
    expect(await product.threads()).toEqual([]);
  });

  it('is one of 10,000 recipients like any other', async () => {
    const recipients = Array.from({ length: 10_000 }, (_, index) => `r${index}@example.com`);
    const to = recipients.map((address) => `<${address}>`).join(',\r\n ');
    expect(await product.receive(aMail({ to }), { recipients: [...recipients, 'support@acme.example'] })).toBe('taken');
    expect(await product.threads()).toHaveLength(1);
  });

  it('smuggles no header into what is sent, and nothing into a subject but its words', async () => {
    const from = '"Cleo=?utf-8?q?=0D=0ABcc:_all@example.com?=" <c1@example.com>';
    await product.receive(aMail({ from, subject: '=?utf-8?q?Hello=0D=0ABcc:_all@example.com?=' }));
    const [id = ''] = await product.threads();
    expect((await product.whole(id)).thread.subject).toBe('Hello Bcc: all@example.com');
    for (const mail of product.mails()) {
      expect(JSON.stringify([mail.subject, mail.from, mail.to, mail.headers])).not.toMatch(/\\[rn]/);
    }
  });

  it('without a sender is kept, and answered to nobody', async () => {
    const bytes = Buffer.from('To: support@acme.example\r\nSubject: Who am I?\r\n\r\nHello');
    await product.receive(bytes, { sender: 'someone@example.com', recipients: ['support@acme.example'] });
    const [id = ''] = await product.threads();
    expect((await product.whole(id)).thread.customer).toMatchObject({ email: 'someone@example.com' });
  });
});

describe('one mail', () => {
  const both = (bytes: Uint8Array) => Promise.all([product.receive(bytes), product.receive(bytes)]);

  it.each([
    ['with a Message-ID', 'one@example.com'],
    ['without', null],
  ])('%s that comes twice at the same time, and once more later, is one entry', async (_which, messageId) => {
    const bytes = aMail({ messageId });
    await both(bytes);
    await product.advance(3 * DAY);
    await product.receive(bytes);
    const [id = '', ...others] = await product.threads();
    expect(others).toEqual([]);
    expect(await messagesOf(id)).toHaveLength(1);
    expect(product.mails('c1@example.com')).toHaveLength(1);
  });

  it('is the same by another way: what servers add on theirs does not count', async () => {
    const mail = { messageId: 'one@example.com' };
    await product.receive(aMail(mail));
    await product.receive(aMail({ ...mail, headers: { Received: 'from elsewhere', 'X-Spam': 'no' } }));
    expect(await product.threads()).toHaveLength(1);
  });

  it('under the Message-ID of another is kept as another', async () => {
    await product.receive(aMail({ messageId: 'one@example.com' }));
    await product.receive(aMail({ messageId: 'one@example.com', text: 'Something else' }));
    expect(await product.threads()).toHaveLength(2);
  });

  it('whose first try died before its lane had it is decided by the second', async () => {
    const { send } = product.product.receiveDeps.lanes;
    const bytes = aMail();
    product.product.receiveDeps.lanes.send = () => Promise.reject(new Error('The process died here.'));
    await expect(product.receive(bytes)).rejects.toThrow('died');
    product.product.receiveDeps.lanes.send = send.bind(product.product.receiveDeps.lanes);
    await product.receive(bytes);
    expect(await product.threads()).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('finds its thread by the token alone, whatever its subject', async () => {
    const { id, acknowledgement } = await anExchange();
    await product.receive(aBareAnswerTo(acknowledgement, { subject: 'Something new', text: 'Thanks' }));
    const { entries, thread } = await product.whole(id);
    expect(entries.findLast(({ type }) => type === 'message')).toMatchObject({
      author: { kind: 'customer', id: 'email:c1@example.com' },
      text: 'Thanks',
      mail: { subject: 'Something new', found: { by: 'token', what: 'customer' } },
    });
    expect(thread.subject).toBe('My order');
  });

  it('finds it by what it refers to alone', async () => {
    const { id, answer } = await anExchange();
    await product.receive(anAnswerTo(answer, { to: 'support@acme.example', text: 'Thanks' }));
    expect(await messagesOf(id)).toContainEqual(['customer', 'email:c1@example.com', 'Thanks']);
  });

  it('finds it by a mail that came in before', async () => {
    await product.receive(aMail({ messageId: 'first@example.com' }));
    await product.receive(aMail({ text: 'And another thing', headers: { References: '<first@example.com>' } }));
    expect(await product.threads()).toHaveLength(1);
  });

  it('is never found by its subject', async () => {
    await product.receive(aMail());
    await product.receive(aMail({ subject: 'Re: My order' }));
    expect(await product.threads()).toHaveLength(2);
  });

  it('to a solved thread opens it again; to a closed one it begins another', async () => {
    const { id, answer } = await anExchange();
    await product.post(`/v1/agent/threads/${id}/status`, await product.agent(), { status: 'solved' });
    await product.receive(anAnswerTo(answer, { text: 'Not yet' }));
    expect((await product.whole(id)).thread.status).toBe('open');
    await product.post(`/v1/agent/threads/${id}/status`, await product.agent(), { status: 'solved' });
    await product.advance(10 * DAY);
    await product.receive(anAnswerTo(answer, { text: 'Once more' }));
    const [followUp = ''] = await product.threads();
    expect((await product.whole(followUp)).thread).toMatchObject({ followUpOf: id });
    expect((await product.whole(followUp)).entries.find(({ type }) => type === 'message')).toMatchObject({
      text: 'Once more',
      mail: { found: { by: 'token' } },
    });
  });

  it('to a merged thread lands in the other', async () => {
    const older = await anExchange();
    await product.advance(1_000);
    await product.receive(aMail({ messageId: 'second@example.com' }));
    const [newer = ''] = await product.threads();
    const [, , second] = product.mails('c1@example.com') as OutgoingMail[];
    await product.post(`/v1/agent/threads/${newer}/merge`, await product.agent(), { into: older.id });
    await product.idle();
    await product.receive(aBareAnswerTo(second as OutgoingMail, { text: 'Here I am' }));
    expect(await messagesOf(older.id)).toContainEqual(['customer', 'email:c1@example.com', 'Here I am']);
  });

  it('by somebody else is theirs, never the customer’s: they join, under their own name', async () => {
    const { id, answer } = await anExchange();
    await product.receive(anAnswerTo(answer, { from: 'Dora <dora@example.com>', text: 'I am her sister' }));
    expect(await messagesOf(id)).toContainEqual(['customer', 'email:dora@example.com', 'I am her sister']);
    expect((await product.whole(id)).thread.customer.id).toBe('email:c1@example.com');
  });

  it('by somebody else begins a thread of theirs where the policy says so', async () => {
    const policy = aPolicy({ mail: { repliesAt: INBOUND, strangers: 'begin' } });
    await product.stop();
    product = new TestProduct({ policies: [policy.source] });
    const { id, answer } = await anExchange();
    await product.advance(1_000);
    await product.receive(anAnswerTo(answer, { from: 'dora@example.com', text: 'I am her sister' }));
    const [other = ''] = await product.threads();
    expect(other).not.toBe(id);
    const { thread, entries } = await product.whole(other);
    expect(thread.customer.id).toBe('email:dora@example.com');
    const failed = ['token: of another customer', 'reference: of another customer'];
    expect(entries.find(({ type }) => type === 'message').mail.found).toMatchObject({ by: 'address', failed });
  });

  it('that comes too late for its token finds its thread by what it refers to, and else begins another', async () => {
    const { id, answer } = await anExchange();
    const secrets = await product.product.stores.secrets.of('acme');
    const at = MONDAY - (VALID_DAYS + 1) * DAY;
    const localPart = replyLocalPart(secrets?.mailKeys, { threadId: id, to: 'customer:c1@example.com', at });
    const to = `${localPart}@${INBOUND}`;
    await product.advance(1_000);
    await product.receive(anAnswerTo(answer, { to, text: 'Late' }));
    await product.receive(aMail({ to, text: 'Late, too' }));
    const [second = ''] = await product.threads();
    expect(await messagesOf(id)).toContainEqual(['customer', 'email:c1@example.com', 'Late']);
    expect((await product.whole(second)).entries.find(({ type }) => type === 'message')).toMatchObject({
      text: 'Late, too',
      mail: { found: { by: 'address', failed: ['token: expired'] } },
    });
  });
});
