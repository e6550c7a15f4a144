import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent, Caller } from './caller.ts';

describe('customers and their threads', () => {
  const ana = anAgent('ana');
  const put = (path: string, body: object) => ana.call('PUT', `/v1/agent/${path}`, body);
  const customerOf = async (thread: string) => (await ana.get(`/v1/agent/threads/${thread}`)).body.customer;

  it('a back office says what is true of a customer: their next thread knows it, and those there are', async () => {
    const customer = await aCustomer('known');
    const before = (await customer.decided('/v1/threads', { text: 'Before' })).body.threadId;
    const organisation = { name: 'Known', domains: ['known.example'], segments: ['enterprise'] };
    expect((await put('organisations/known-org', organisation)).body).toMatchObject({ status: 'created', version: 1 });
    const told = { plan: 'gold', organisation: 'known-org', emails: ['known@known.example'] };
    expect(await put('customers/known', told)).toMatchObject({ status: 200, body: { status: 'updated' } });
    expect((await put('customers/known', told)).body.status).toBe('unchanged');
    const facts = { id: 'known', organisation: 'known-org', segments: ['enterprise'], attributes: { plan: 'gold' } };
    await eventually(async () => expect(await customerOf(before)).toMatchObject(facts), 200);
    const after = (await customer.decided('/v1/threads', { text: 'After' })).body.threadId;
    expect(await customerOf(after)).toMatchObject({ ...facts, email: 'known@known.example' });
    const taken = await put('customers/unknown', { emails: ['Known@known.example'] });
    expect(taken).toMatchObject({ status: 409, body: { code: 'address-taken' } });
    expect((await ana.get('/v1/agent/customers/unknown')).status).toBe(404);
  });

  it('a visitor who logs in shows the token of their thread: it is theirs, the token worth nothing', async () => {
    const visitor = new Caller('pk_acme_deployed');
    const { threadId, token } = (await visitor.post('/v1/threads', { text: 'Who am I?' })).body;
    const customer = await aCustomer('logged-in');
    const linked = await customer.decided('/v1/identities', { token });
    expect(linked.body, JSON.stringify(linked.body)).toMatchObject({ status: 'done', threadId });
    expect((await customer.get(`/v1/threads/${threadId}/entries`)).status).toBe(200);
    expect((await new Caller(token).get(`/v1/threads/${threadId}`)).status).toBe(404);
    const other = await (await aCustomer('somebody-else')).post('/v1/identities', { token });
    expect(other).toMatchObject({ status: 409, body: { code: 'identity-taken' } });
    await eventually(async () => {
      const { items } = (await customer.get('/v1/threads')).body;
      expect(items.map(({ id }: { id: string }) => id)).toEqual([threadId]);
    }, 200);
  });
});
