import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, addressOf, anAgent, upload } from './caller.ts';
import { mailsTo } from './mails.ts';

describe('files and long messages', () => {
  const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  let id: string;

  it('a customer’s file goes up by a link, lies with its message, and comes down by a link', async () => {
    const customer = await aCustomer('files');
    const attachmentId = await upload(customer, 'Glas "kaputt" ä.png', PICTURE);
    const heard = await customer.decided('/v1/threads', { text: 'See here', attachments: [attachmentId] });
    expect(heard.body.status, JSON.stringify(heard.body)).toBe('done');
    id = heard.body.threadId;
    const [message] = (await customer.entries(`/v1/threads/${id}`)).filter(({ type }) => type === 'message');
    expect(message.attachments).toEqual([
      { id: attachmentId, name: 'Glas "kaputt" ä.png', type: 'image/png', bytes: PICTURE.length },
    ]);
    const link = await anAgent('ana').get(`/v1/threads/${id}/attachments/${attachmentId}`);
    expect(link.status).toBe(302);
    const file = await fetch(link.headers.get('location') ?? '');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PICTURE);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''Glas%20/);
  });

  it('a link takes no more and no less than was asked for; what never came up cannot be sent', async () => {
    const customer = await aCustomer('files');
    const { body } = await customer.post('/v1/attachments', { name: 'large.png', type: 'image/png', bytes: 10 });
    const put = await fetch(body.uploadUrl, { method: 'PUT', headers: body.headers, body: new Uint8Array(100) });
    expect(put.status).toBeGreaterThanOrEqual(400);
    const heard = await customer.post(`/v1/threads/${id}/messages`, { text: 'x', attachments: [body.id] });
    expect(heard.status).toBe(422);
  });

  it('an agent’s file goes out with the mail', async () => {
    const ana = anAgent('ana');
    const attachmentId = await upload(ana, 'label.png', PICTURE);
    await ana.decided(`/v1/agent/threads/${id}/replies`, { text: 'Your label', attachments: [attachmentId] });
    const reply = async () => (await mailsTo(addressOf('files'))).find(({ tags }) => tags['kind'] === 'reply');
    await eventually(async () => expect(await reply()).toBeDefined(), 200);
    expect((await reply())?.attachments).toEqual([
      { name: 'label.png', mediaType: 'image/png', base64: PICTURE.toString('base64') },
    ]);
  });

  it('a long message is kept whole, beside its thread', async () => {
    const customer = await aCustomer('files');
    const text = 'a long story, '.repeat(4_000);
    const heard = await customer.decided(`/v1/threads/${id}/messages`, { text });
    expect(heard.body.status).toBe('done');
    const entries = await anAgent('ana').entries(`/v1/agent/threads/${id}`);
    expect(entries.filter(({ type }) => type === 'message').at(-1).text).toBe(text);
  });
});
