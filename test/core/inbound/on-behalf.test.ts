/** Mails that programs, groups and colleagues bring for somebody else: whose they are, and who is answered. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPolicy } from '../../builders.ts';
import { aMail, INBOUND, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

const policy = aPolicy({ mail: { repliesAt: INBOUND, lists: ['support.acme.example'] } });
let product: TestProduct;
beforeEach(() => {
  product = new TestProduct({ policies: [policy.source] });
});
afterEach(() => product.stop());

/** @returns the thread that a mail begins */
const begun = async (bytes: Uint8Array, verdicts = PROVED) => {
  await product.receive(bytes, { verdicts });
  const [id = ''] = await product.threads();
  return product.whole(id);
};

describe('a mail that a program sends for somebody', () => {
  const kim = { 'Reply-To': 'Kim Park <kim@example.com>' };

  it.each(['noreply@shop.example', 'No-Reply@acme.example', 'do_not_reply@forms.example', 'support@acme.example'])(
    'from %s is of whom it wants to be answered, who is not proved by it',
    async (from) => {
      const { thread } = await begun(aMail({ from, headers: { ...kim, Cc: 'dan@example.com' } }));
      expect(thread.customer).toMatchObject({
        id: 'email:kim@example.com',
        name: 'Kim Park',
        email: 'kim@example.com',
      });
      expect(thread.participants).toEqual([]);
      expect(product.mails().map(({ to }) => to.address)).toContain('kim@example.com');
      expect(product.mails('noreply@shop.example')).toEqual([]);
    },
  );

  it.each<[string, Record<string, string>]>([
    ['whom a person wants to be answered', { 'Reply-To': 'kim@elsewhere.example' }],
    ['nobody', {}],
  ])('of a person stays theirs where it names %s', async (_whom, headers) => {
    const { thread } = await begun(aMail({ headers }));
    expect(thread.customer).toMatchObject({ email: 'c1@example.com' });
  });

  it.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['itself', { 'Reply-To': 'support@acme.example' }],
    ['two', { 'Reply-To': 'kim@example.com, dan@example.com' }],
  ])('from an address of ours is held where it wants %s to be answered', async (_whom, headers) => {
    const { entries } = await begun(aMail({ from: 'Acme <support@acme.example>', headers }));
    expect(entries).toContainEqual(
      expect.objectContaining({ type: 'set-aside', reason: expect.objectContaining({ code: 'own-address' }) }),
    );
    expect(product.mails()).toEqual([]);
  });
});

describe('a mail that a list brings', () => {
  const list = (id: string) => ({ 'List-Id': id, Precedence: 'list' });

  it.each(['<support.acme.example>', 'Support of Acme <Support.Acme.Example>'])(
    'is taken where the business receives mail by it: %s',
    async (id) => {
      const { thread, entries } = await begun(aMail({ headers: list(id) }));
      expect(thread).toMatchObject({ status: 'new', customer: { email: 'c1@example.com' } });
      expect(entries.filter(({ type }) => type === 'set-aside')).toEqual([]);
    },
  );

  it.each(['<news.example.com>', '<support.acme.example.evil.example>', 'support.acme.example <news.example.com>'])(
    'is held where it is another: %s',
    async (id) => {
      const { entries } = await begun(aMail({ headers: list(id) }));
      expect(entries).toMatchObject([{ type: 'set-aside', reason: { code: 'list' } }]);
    },
  );
});

describe('a mail that an agent forwards as a file', () => {
  const original = [
    'From: Kim Park <kim@example.com>',
    'To: ana@acme.example',
    'Subject: My invoice',
    'Message-ID: <kim-1@example.com>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Where is my invoice?',
  ];
  const forward = (from: string, inner = original) =>
    Buffer.from(
      [
        ...[`From: ${from}`, 'To: support@acme.example', 'Subject: Fwd: My invoice', 'Message-ID: <f1@acme.example>'],
        ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"', '', '--b', ''],
        ...['Please have a look.', '--b', 'Content-Type: message/rfc822', '', ...inner, '--b--', ''],
      ].join('\r\n'),
    );

  it('is of its author, and what the agent says to it a note', async () => {
    const { thread, entries } = await begun(forward('Ana <ana@acme.example>'));
    expect(thread).toMatchObject({ subject: 'My invoice', customer: { email: 'kim@example.com', name: 'Kim Park' } });
    const [message] = entries.filter(({ type }) => type === 'message');
    expect(message).toMatchObject({ text: 'Where is my invoice?', author: { id: 'email:kim@example.com' } });
    const [note] = entries.filter(({ type }) => type === 'note');
    expect(note?.text).toBe('Forwarded by Ana.\n\nPlease have a look.');
  });

  it('is the sender’s own where nothing proves that an agent sent it', async () => {
    const { thread } = await begun(forward('Ana <ana@acme.example>'), { ...PROVED, dmarc: 'none' });
    expect(thread.customer.email).not.toBe('kim@example.com');
  });

  it('is the sender’s own where they are no agent', async () => {
    expect((await begun(forward('Cleo <c1@example.com>'))).thread.customer.email).toBe('c1@example.com');
  });

  it('is the agent’s own where the file names nobody', async () => {
    expect((await begun(forward('Ana <ana@acme.example>', original.slice(2)))).thread.customer.email).toBe(
      'ana@acme.example',
    );
  });
});
