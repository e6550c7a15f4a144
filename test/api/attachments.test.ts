import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawMail } from '../../adapters/embedded/mime.ts';
import { aPolicy, DAY, HOUR } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

describe('attachments', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct();
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  it('are uploaded, named in a message, and downloaded by both sides', async () => {
    const attachment = await t.attachment(customer, 'Rechnung ä.pdf', '%PDF-1', 'application/pdf');
    const id = await t.thread('c1', { attachments: [attachment] });
    const { body } = await t.get(`/v1/threads/${id}/entries`, customer);
    expect(body.items[0].attachments).toEqual([
      { id: attachment, name: 'Rechnung ä.pdf', type: 'application/pdf', bytes: 6 },
    ]);
    for (const token of [customer, ana]) {
      const link = await t.get(`/v1/threads/${id}/attachments/${attachment}`, token);
      expect(link.status).toBe(302);
      const file = await t.download(link.headers.get('location') ?? '');
      expect(await file.text()).toBe('%PDF-1');
      expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Rechnung%20%C3%A4.pdf");
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
    await t.idle();
    expect(t.mails('support@acme.example').at(-1)?.text).toContain('Attached: Rechnung ä.pdf');
  });

  it('of an agent’s answer go out with the mail', async () => {
    const attachment = await t.attachment(ana, 'label.png', 'PNG', 'image/png');
    const id = await t.thread();
    await t.post(`/v1/agent/threads/${id}/replies`, ana, { text: 'Here', attachments: [attachment] });
    await t.idle();
    const mail = t.mails('c1@example.com').at(-1);
    expect(mail?.attachments).toMatchObject([{ name: 'label.png', mediaType: 'image/png' }]);
    const raw = mail && (await rawMail(mail, t.clock.now(), (key) => t.product.stores.blobs.path(key)));
    expect(raw?.toString()).toContain(Buffer.from('PNG').toString('base64'));
  });

  it('are for whoever uploaded them, and for the thread they were sent to', async () => {
    const attachment = await t.attachment(customer, 'a.txt', 'mine');
    const foreign = await t.post('/v1/threads', await t.customer('c2'), { text: 'x', attachments: [attachment] });
    expect(foreign.status).toBe(422);
    const [own, other] = [await t.thread('c1', { attachments: [attachment] }), await t.thread('c1')];
    expect((await t.get(`/v1/threads/${other}/attachments/${attachment}`, customer)).status).toBe(404);
    expect((await t.get(`/v1/threads/${own}/attachments/${attachment}`, await t.customer('c2'))).status).toBe(404);
    expect((await t.get(`/v1/threads/${own}/attachments/att_acme_x`, customer)).status).toBe(404);
  });

  it('that were not uploaded cannot be sent', async () => {
    const asked = await t.call('POST', '/v1/attachments', {
      token: customer,
      body: { name: 'a', type: 'text/plain', bytes: 3 },
    });
    expect(asked.status).toBe(201);
    const heard = await t.post('/v1/threads', customer, { text: 'x', attachments: [asked.body.id] });
    expect(heard.body.errors[0]).toMatchObject({ pointer: '/attachments/0' });
  });

  it('are taken as announced or not at all', async () => {
    const { body } = await t.call('POST', '/v1/attachments', {
      token: customer,
      body: { name: 'a', type: 'text/plain', bytes: 3 },
    });
    expect(await t.upload(body.uploadUrl, body.headers, 'four')).toBe(413);
    expect(await t.upload(body.uploadUrl, { 'content-type': 'text/html' }, 'abc')).toBe(415);
    expect(await t.upload(`${body.uploadUrl}x`, body.headers, 'abc')).toBe(403);
    expect(await t.upload(body.uploadUrl, body.headers, 'abc')).toBe(200);
    await t.advance(HOUR);
    expect(await t.upload(body.uploadUrl, body.headers, 'abc')).toBe(403);
  });

  it.each([
    [{ name: 'a', type: 'text/plain', bytes: 25 * 1024 * 1024 + 1 }, 413, '/bytes'],
    [{ name: '../a', type: 'text/plain', bytes: 1 }, 422, '/name'],
    [{ name: 'a\u0000', type: 'text/plain', bytes: 1 }, 422, '/name'],
    [{ name: 'a', type: 'text', bytes: 1 }, 422, '/type'],
    [{ name: 'a', type: 'text/plain', bytes: -1 }, 422, '/bytes'],
    [{ name: 'a', type: 'text/plain\r\nX: y', bytes: 1 }, 422, '/type'],
  ])('are refused where they are wrong: %j', async (body, status, pointer) => {
    const heard = await t.call('POST', '/v1/attachments', { token: customer, body });
    expect(heard.status).toBe(status);
    expect(heard.body.errors[0].pointer).toBe(pointer);
  });

  it.each(['text/plain; charset=utf-8', 'application/x_y', 'image/svg+xml'])('may be of type %s', async (type) => {
    const id = await t.thread('c1', { attachments: [await t.attachment(customer, 'a', 'abc', type)] });
    const { body } = await t.get(`/v1/threads/${id}/entries`, customer);
    expect(body.items[0].attachments).toMatchObject([{ type }]);
  });

  it('of a message that is sent again under its key are found, even a day after their upload', async () => {
    const attachment = await t.attachment(customer, 'kept.txt', 'kept');
    await t.advance(20 * HOUR);
    const send = () =>
      t.post('/v1/threads', customer, { text: 'x', attachments: [attachment] }, { 'idempotency-key': 'late' });
    const first = await send();
    await t.advance(10 * HOUR);
    const again = await send();
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.commandId).toBe(first.body.commandId);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('uploaded by the publishable key can be sent with the token of the thread it began', async () => {
    const key = 'pk_acme_testtest';
    const { body: begun } = await t.post('/v1/threads', key, { text: 'Hi' });
    const attachment = await t.attachment(key, 'later.txt', 'later');
    const more = { text: 'see file', attachments: [attachment] };
    expect((await t.post(`/v1/threads/${begun.threadId}/messages`, begun.token, more)).status).toBe(200);
  });

  it('asked for twice under one key are one', async () => {
    const ask = (bytes: number) =>
      t.call('POST', '/v1/attachments', {
        token: customer,
        body: { name: 'a', type: 'text/plain', bytes },
        headers: { 'idempotency-key': 'up' },
      });
    const [first, again, other] = [await ask(1), await ask(1), await ask(2)];
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(other.status).toBe(422);
  });

  it('go along when their message moves to another thread', async () => {
    const id = await t.thread();
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'solved' });
    await t.advance(10 * DAY);
    const attachment = await t.attachment(customer, 'late.txt', 'late');
    const heard = await t.post(`/v1/threads/${id}/messages`, customer, { text: 'x', attachments: [attachment] });
    expect(heard.body.threadId).not.toBe(id);
    expect((await t.get(`/v1/threads/${heard.body.threadId}/attachments/${attachment}`, customer)).status).toBe(302);
  });

  it('that nothing refers to vanish after a day, the others stay', async () => {
    const [kept, dropped] = [await t.attachment(customer, 'kept', 'k'), await t.attachment(customer, 'dropped', 'd')];
    const id = await t.thread('c1', { attachments: [kept] });
    await t.advance(26 * HOUR);
    expect((await t.post('/v1/threads', customer, { text: 'x', attachments: [dropped] })).status).toBe(422);
    expect((await t.get(`/v1/threads/${id}/attachments/${kept}`, customer)).status).toBe(302);
  });

  it('of a kind that the business takes from nobody are not taken', async () => {
    const strict = new TestProduct({ policies: [aPolicy({ refusedFiles: ['.exe', 'video/*'] }).source] });
    const token = await strict.customer();
    const ask = async (name: string, type: string) => {
      const heard = await strict.call('POST', '/v1/attachments', { token, body: { name, type, bytes: 1 } });
      return [heard.status, heard.body.errors?.[0].pointer];
    };
    expect(await ask('a.exe', 'text/plain')).toEqual([422, '/type']);
    expect(await ask('a', 'video/mp4')).toEqual([422, '/type']);
    expect(await ask('a.txt', 'text/plain')).toEqual([201, undefined]);
    await strict.stop();
  });
});
