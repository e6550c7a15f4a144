import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, addressOf, anAgent } from './caller.ts';
import { mailsTo } from './mails.ts';
import { numbers, sideBySide } from './side-by-side.ts';

describe('idempotency', () => {
  const key = (name: string) => ({ 'idempotency-key': `e2e ${name}` });
  const body = { subject: 'Once', text: 'Only once, please.' };

  it('a write that is sent again under its key is answered as before, and done once', async () => {
    const customer = await aCustomer('again');
    const first = await customer.decided('/v1/threads', body, key('again'));
    expect(first.body.status).toBe('done');
    const second = await customer.post('/v1/threads', body, key('again'));
    expect(second.status).toBe(202);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toMatchObject({ commandId: first.body.commandId, threadId: first.body.threadId });
    expect((await customer.get('/v1/threads')).body.items).toHaveLength(1);
  });

  it('six at the same moment under one key are one message, one acknowledgement', async () => {
    const customer = await aCustomer('six');
    const heard = await sideBySide(numbers(6), 6, () => customer.post('/v1/threads', body, key('six')));
    expect(new Set(heard.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(heard.map((one) => one.body.commandId)).size).toBe(1);
    const { body: outcome } = await customer.outcome(heard[0] ?? expect.fail());
    const entries = await anAgent('ana').entries(`/v1/agent/threads/${outcome.threadId}`);
    expect(entries.filter(({ type }) => type === 'message')).toHaveLength(1);
    await eventually(async () => expect(await mailsTo(addressOf('six'))).toHaveLength(1), 200);
    expect((await customer.get('/v1/threads')).body.items).toHaveLength(1);
  });

  it('a used key with another body is refused, by name; another customer’s key is their own', async () => {
    const customer = await aCustomer('again');
    const other = await customer.post('/v1/threads', { ...body, text: 'Something else.' }, key('again'));
    expect(other.status).toBe(422);
    expect(other.body.errors[0].pointer).toBe('Idempotency-Key');
    const stranger = await (await aCustomer('another')).decided('/v1/threads', body, key('again'));
    expect(stranger.body.status).toBe('done');
    expect(stranger.headers.get('idempotent-replayed')).toBeNull();
  });
});
