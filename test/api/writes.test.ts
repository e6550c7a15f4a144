/** Keys, preconditions and preferences of writes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

describe('a write', () => {
  let t: TestProduct;
  let customer: string;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct();
    [customer, ana] = [await t.customer(), await t.agent()];
  });
  afterAll(() => t.stop());

  const messagesOf = async (id: string) =>
    (await t.get(`/v1/threads/${id}/entries`, customer)).body.items.filter(
      ({ type }: { type: string }) => type === 'message',
    );

  it('with a key is the same write however often it is sent', async () => {
    const send = (key: string) =>
      t.call('POST', '/v1/threads', { token: customer, body: { text: 'once' }, headers: { 'idempotency-key': key } });
    const first = await send('k1');
    t.clock.advanceTo(t.clock.now() + 1000, () => t.idle());
    const again = await send('"k1"');
    expect(again.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await t.idle();
    expect(await messagesOf(first.body.threadId)).toHaveLength(1);
    expect((await send('k2')).body.threadId).not.toBe(first.body.threadId);
  });

  it('with one key at once is one write', async () => {
    const id = await t.thread();
    const send = () =>
      t.call('POST', `/v1/threads/${id}/messages`, {
        token: customer,
        body: { text: 'x' },
        headers: { 'idempotency-key': 'b' },
      });
    const heard = await Promise.all([send(), send(), send()]);
    expect(new Set(heard.map(({ body }) => body.commandId)).size).toBe(1);
    await t.idle();
    expect(await messagesOf(id)).toHaveLength(2);
  });

  it('without a key is a new write each time', async () => {
    const id = await t.thread();
    for (const _ of [1, 2]) await t.post(`/v1/threads/${id}/messages`, customer, { text: 'same' });
    expect(await messagesOf(id)).toHaveLength(3);
  });

  it('keys are the caller’s and the path’s own', async () => {
    const headers = { 'idempotency-key': 'shared' };
    const a = await t.post('/v1/threads', customer, { text: 'x' }, headers);
    const b = await t.post('/v1/threads', await t.customer('c2'), { text: 'x' }, headers);
    const c = await t.post(`/v1/threads/${a.body.threadId}/messages`, customer, { text: 'x' }, headers);
    expect(new Set([a, b, c].map(({ body }) => body.commandId)).size).toBe(3);
  });

  it('a key is new again after 24 hours', async () => {
    const headers = { 'idempotency-key': 'old' };
    const first = await t.post('/v1/threads', customer, { text: 'x' }, headers);
    await t.advance(DAY);
    const second = await t.post('/v1/threads', customer, { text: 'x' }, headers);
    expect(second.body.threadId).not.toBe(first.body.threadId);
  });

  it('a first try that died between record and lane is carried out by the replay', async () => {
    const { lanes } = t.deps;
    const send = lanes.send;
    lanes.send = async () => {
      throw new Error('died here');
    };
    const told = { token: customer, body: { text: 'not lost' }, headers: { 'idempotency-key': 'died' } };
    expect((await t.call('POST', '/v1/threads', told)).status).toBe(500);
    lanes.send = send;
    const heard = await t.call('POST', '/v1/threads', told);
    expect(heard.status).toBe(202);
    expect(heard.headers.get('idempotent-replayed')).toBe('true');
    await t.idle();
    expect(await messagesOf(heard.body.threadId)).toMatchObject([{ text: 'not lost' }]);
  });

  it('waits for its outcome where that is preferred', async () => {
    const id = await t.thread();
    const done = await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'pending' });
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ status: 'done', threadId: id });
    expect(done.headers.get('preference-applied')).toBe('wait=10');
    const rejected = await t.post(`/v1/agent/threads/${id}/merge`, ana, { into: await t.thread('c2') });
    expect(rejected.status).toBe(409);
    expect(rejected.body).toMatchObject({ code: 'merge-same-customer', commandId: expect.any(String) });
    const read = await t.get(`/v1/commands/${rejected.body.commandId}`, ana);
    expect(read.body).toMatchObject({ status: 'rejected', reason: { code: 'merge-same-customer' } });
  });

  it('that was rejected says so again to a replay, and that it is one', async () => {
    const id = await t.thread();
    const path = `/v1/agent/threads/${id}/snooze`;
    const send = () => t.post(path, ana, { until: '2020-01-01T00:00:00Z' }, { 'idempotency-key': 'no' });
    const [first, again] = [await send(), await send()];
    expect([first.status, again.status]).toEqual([409, 409]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(`/v1/agent/threads/${id}`);
  });

  it('names the thread it landed in, in the body and by Location', async () => {
    const id = await t.thread('c5');
    await t.post(`/v1/agent/threads/${id}/status`, ana, { status: 'solved' });
    await t.advance(10 * DAY);
    const heard = await t.post(`/v1/threads/${id}/messages`, await t.customer('c5'), { text: 'again' });
    expect(heard.body.threadId).not.toBe(id);
    expect(heard.headers.get('location')).toBe(`/v1/threads/${heard.body.threadId}`);
  });

  it('waits no longer than ten seconds, and then says accepted', async () => {
    const id = await t.thread();
    const waited = await t.call('POST', `/v1/threads/${id}/solve`, {
      token: customer,
      body: {},
      headers: { prefer: 'respond-async, wait=99' },
    });
    expect(waited.headers.get('preference-applied')).toBe('wait=10');
    const plain = await t.call('POST', `/v1/threads/${id}/messages`, { token: customer, body: { text: 'x' } });
    expect(plain.status).toBe(202);
    expect(plain.headers.get('preference-applied')).toBeNull();
  });

  it('with If-Match is refused once the thread has moved, and deliveries do not move it', async () => {
    const id = await t.thread();
    await t.idle();
    const { version } = (await t.get(`/v1/agent/threads/${id}`, ana)).body;
    const set = (priority: string, ifMatch: string) =>
      t.post(`/v1/agent/threads/${id}/priority`, ana, { priority }, { 'if-match': ifMatch });
    expect((await set('high', `"${version}"`)).status).toBe(200);
    const lost = await set('low', `"${version}"`);
    expect(lost.status).toBe(412);
    expect(lost.body.code).toBe('version-mismatch');
    expect((await set('low', '*')).status).toBe(200);
  });

  it('that merges is judged by the version of the thread it names, whichever is the newer', async () => {
    const older = await t.thread('c6');
    await t.advance(1);
    const newer = await t.thread('c6');
    await t.post(`/v1/agent/threads/${older}/priority`, ana, { priority: 'high' });
    const { version } = (await t.get(`/v1/agent/threads/${older}`, ana)).body;
    const merge = (ifMatch: number) =>
      t.post(`/v1/agent/threads/${older}/merge`, ana, { into: newer }, { 'if-match': `"${ifMatch}"` });
    expect((await merge(version - 1)).status).toBe(412);
    expect((await merge(version)).status).toBe(200);
    expect((await t.get(`/v1/agent/threads/${newer}`, ana)).body.mergedInto).toBe(older);
  });

  it('without a body needs none where nothing is asked', async () => {
    const heard = await t.call('POST', `/v1/threads/${await t.thread()}/solve`, { token: customer });
    expect(heard.status).toBe(202);
  });
});

describe('rates', () => {
  it('refill as the policy says, and reads are free', async () => {
    const t = new TestProduct();
    const token = await t.customer();
    const post = () => t.call('POST', '/v1/threads', { token, body: { text: 'x' } });
    for (let n = 0; n < 30; n += 1) await post();
    expect((await post()).status).toBe(429);
    for (let n = 0; n < 50; n += 1) expect((await t.get('/v1/threads', token)).status).toBe(200);
    await t.advance(2_000);
    expect((await post()).status).toBe(202);
    expect((await post()).status).toBe(429);
    expect((await t.get('/v1/threads', await t.customer('c2'))).headers.get('ratelimit')).toBe('"writes";r=30;t=0');
    await t.stop();
  });
});
