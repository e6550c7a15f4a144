import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aPolicy } from '../../builders.ts';
import { aMail, CLAIMED, INBOUND, mailPolicy, PROVED } from '../../support/mails.ts';
import { TestProduct } from '../../support/product.ts';

let product: TestProduct;
beforeEach(() => {
  product = new TestProduct({ policies: [mailPolicy.source] });
});
afterEach(() => product.stop());

const messagesOf = async (id: string) => {
  const { entries } = await product.whole(id);
  return entries.filter(({ type }) => type === 'message').map(({ author, text }) => [author.kind, author.id, text]);
};
const heldIn = async (id: string) => {
  const { entries } = await product.whole(id);
  return entries.filter(({ type }) => type === 'set-aside');
};

describe('a mail that is held', () => {
  it.each([
    ['virus', { ...PROVED, virus: 'fail' as const }, {}],
    ['spam', { ...CLAIMED, spam: 'fail' as const }, {}],
    ['unknown-address', CLAIMED, { to: `nobody@${INBOUND}` }],
    ['unknown-address', CLAIMED, { to: `reply+${'0'.repeat(58)}@${INBOUND}` }],
    ['list', CLAIMED, { headers: { 'List-Id': '<news.example.com>' } }],
  ])(
    'says that it is for %s, answers nobody, starts no clock, and is released by an agent',
    async (code, verdicts, parts) => {
      await product.receive(aMail({ text: 'Buy this', ...parts }), { verdicts });
      const [id = ''] = await product.threads();
      const [held] = await heldIn(id);
      expect(held).toMatchObject({ reason: { code }, text: 'Buy this', mail: { from: 'c1@example.com' } });
      expect((await product.whole(id)).thread).toMatchObject({
        waitingSince: null,
        customer: { email: 'c1@example.com' },
      });
      expect(product.mails()).toEqual([]);
      expect(product.product.tallies.toJSON()).not.toHaveProperty('SetAsides');
      const path = `/v1/agent/threads/${id}/set-asides/${held.seq}/redrive`;
      await product.post(path, await product.agent(), {});
      await product.idle();
      expect(await messagesOf(id)).toEqual([['customer', 'email:c1@example.com', 'Buy this']]);
      // What a machine wrote is answered by nobody but a person.
      expect(product.mails('c1@example.com')).toHaveLength(code === 'list' ? 0 : 1);
    },
  );

  it.each<[string, Record<string, string>, string | undefined]>([
    ['list', { 'List-Id': '<news.example.com>' }, undefined],
    ['auto-reply', { 'Auto-Submitted': 'auto-replied' }, undefined],
    ['auto-reply', {}, ''],
    ['bounce', { 'X-Failed-Recipients': 'x@example.com', Subject: 'Undelivered Mail Returned to Sender' }, ''],
  ])(
    'is of a machine (%s), and not acknowledged, also where an agent takes it for a person',
    async (kind, headers, sender) => {
      const envelope = { verdicts: PROVED, ...(sender === undefined ? {} : { sender }) };
      await product.receive(aMail({ text: 'Away', headers }), envelope);
      const [id = ''] = await product.threads();
      const [held] = await heldIn(id);
      expect(held).toMatchObject({ reason: { code: kind } });
      await product.post(`/v1/agent/threads/${id}/set-asides/${held.seq}/redrive`, await product.agent(), {});
      await product.idle();
      expect(await messagesOf(id)).toHaveLength(1);
      expect(product.mails().map(({ to }) => to.address)).toEqual(['support@acme.example']);
      await product.post(`/v1/agent/threads/${id}/replies`, await product.agent(), { text: 'Hello' });
      await product.idle();
      expect(product.mails('c1@example.com')).toHaveLength(1);
    },
  );

  it('cannot be read: its raw mail is kept, and somebody has to look', async () => {
    await product.receive(new Uint8Array(), { sender: 'c1@example.com', recipients: ['support@acme.example'] });
    const [id = ''] = await product.threads();
    expect(await heldIn(id)).toMatchObject([{ reason: { code: 'unreadable-mail' } }]);
    expect((await product.whole(id)).thread.waitingSince).not.toBeNull();
  });

  it('is one of more than a person writes', async () => {
    for (let count = 0; count < 31; count += 1) await product.receive(aMail({ text: `${count}` }));
    const held = await Promise.all((await product.threads()).map(heldIn));
    expect(held).toHaveLength(31);
    expect(held.flat()).toMatchObject([{ reason: { code: 'too-many' } }]);
    expect(product.mails('c1@example.com')).toHaveLength(30);
  });
});

describe('the raw mail', () => {
  it('is kept as it came, and an agent gets it by a link; also of what is held', async () => {
    const [taken, held] = [aMail({ text: 'Fine' }), aMail({ text: 'Buy this' })];
    await product.receive(taken, { verdicts: CLAIMED });
    await product.receive(held, { verdicts: { ...CLAIMED, spam: 'fail' } });
    const raw: string[] = [];
    for (const id of await product.threads()) {
      const { entries } = await product.whole(id);
      const { seq } = entries.find(({ mail }) => mail !== undefined);
      const path = `/v1/agent/threads/${id}/entries/${seq}/mail`;
      expect((await product.get(path, await product.customer())).status).toBe(403);
      const { status, headers } = await product.get(path, await product.agent());
      expect(status).toBe(302);
      raw.push(await (await product.download(headers.get('location') ?? '')).text());
    }
    expect(raw.sort()).toEqual([taken, held].map(String).sort());
  });
});

/** A mail with files, each `bytes` long. */
function withFiles(files: { name: string; type?: string; bytes?: number }[]): Uint8Array {
  const parts = files.map(
    ({ name, type = 'text/plain', bytes = 3 }) =>
      `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n` +
      `${'x'.repeat(bytes)}\r\n`,
  );
  const headers = { 'Content-Type': 'multipart/mixed; boundary="b"' };
  return aMail({ headers, text: `--b\r\n\r\nSee there\r\n${parts.join('')}--b--` });
}

describe('files of a mail', () => {
  const messageIn = async () => {
    const [id = ''] = await product.threads();
    const { entries } = await product.whole(id);
    return { id, message: entries.find(({ type }) => type === 'message') };
  };

  it('are beside the thread, under names that do no harm', async () => {
    await product.receive(withFiles([{ name: '../../etc/passwd' }, { name: 'a.png', type: 'image/png' }]));
    const { id, message } = await messageIn();
    expect(message.attachments).toMatchObject([{ bytes: 3 }, { name: 'a.png', type: 'image/png', bytes: 3 }]);
    expect(message.attachments[0].name).not.toContain('/');
    const path = `/v1/threads/${id}/attachments/${message.attachments[0].id}`;
    const { headers } = await product.get(path, await product.agent());
    const file = await product.download(headers.get('location') ?? '');
    expect(await file.text()).toBe('xxx');
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent(message.attachments[0].name));
  });

  it('that are too large or too many are named with the reason, and stay in the raw mail', async () => {
    await product.stop();
    const policy = aPolicy({ mail: { files: { bytesMax: 10, countMax: 2 } } });
    product = new TestProduct({ policies: [policy.source] });
    await product.receive(withFiles([{ name: 'big', bytes: 11 }, { name: 'a' }, { name: 'b' }, { name: 'c' }]));
    const { message } = await messageIn();
    expect(message.attachments.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
    expect(message.mail.omitted).toEqual([
      { name: 'big', bytes: 11, reason: 'size' },
      { name: 'c', bytes: 3, reason: 'count' },
    ]);
  });

  it('that the business takes from nobody are named with the reason, and stay in the raw mail', async () => {
    await product.stop();
    product = new TestProduct({ policies: [aPolicy({ refusedFiles: ['.exe', 'video/*'] }).source] });
    await product.receive(
      withFiles([{ name: 'A.EXE' }, { name: 'a.mov', type: 'video/quicktime' }, { name: 'exe.txt' }]),
    );
    const { message } = await messageIn();
    expect(message.attachments.map(({ name }: { name: string }) => name)).toEqual(['exe.txt']);
    expect(message.mail.omitted).toEqual([
      { name: 'A.EXE', bytes: 3, reason: 'type' },
      { name: 'a.mov', bytes: 3, reason: 'type' },
    ]);
  });

  it('of a mail with a virus are put nowhere but in the raw mail', async () => {
    await product.receive(withFiles([{ name: 'a.exe' }]), { verdicts: { ...CLAIMED, virus: 'fail' } });
    const [id = ''] = await product.threads();
    expect((await product.whole(id)).entries[0].mail.omitted).toEqual([{ name: 'a.exe', bytes: 3, reason: 'virus' }]);
  });
});

describe('rules', () => {
  it('may ask what the receiving server found out', async () => {
    await product.stop();
    const rule = { id: 'unproved', when: { verdict: { sender: ['fail' as const] } }, do: { addTags: ['unproved'] } };
    const policy = aPolicy({ routing: [{ id: 'mail', on: ['start'], mode: 'all', rules: [rule] }] });
    product = new TestProduct({ policies: [policy.source] });
    const tags = [];
    for (const verdicts of [PROVED, CLAIMED]) {
      await product.receive(aMail(), { verdicts });
      await product.advance(1_000);
      tags.unshift((await product.whole((await product.threads())[0] ?? '')).thread.tags);
    }
    expect(tags).toEqual([['unproved'], []]);
  });
});

describe('a customer whose address is proved', () => {
  it('is known by their record where the mail proves to be theirs, and only there', async () => {
    const token = await product.agent();
    const record = { name: 'Cleo', emails: ['c1@example.com'], segments: ['vip'] };
    await product.call('PUT', '/v1/agent/customers/c7', { token, body: record });
    for (const verdicts of [PROVED, CLAIMED]) await product.receive(aMail(), { verdicts });
    const customers = [];
    for (const id of await product.threads()) customers.push((await product.whole(id)).thread.customer);
    expect(customers.map(({ id, segments }) => [id, segments ?? []]).sort()).toEqual([
      ['c7', ['vip']],
      ['email:c1@example.com', []],
    ]);
  });
});
