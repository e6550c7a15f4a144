/** Threads that are given out, as callers of the API meet them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../builders.ts';
import { aGivingPolicy } from '../support/office.ts';
import { TestProduct } from '../support/product.ts';

const AGENTS = {
  ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead', skills: ['german'] },
  ben: { name: 'Ben', email: 'ben@acme.example', capacity: { total: 5, email: 1 } },
};
let product: TestProduct;
beforeAll(() => {
  product = new TestProduct({ policies: [aGivingPolicy({ calendar: 'office' }, { agents: AGENTS }).source] });
});
afterAll(() => product.stop());

async function say(agent: string, body: object, headers: Record<string, string> = {}) {
  const said = await product.call('POST', '/v1/agent/availability', {
    token: await product.agent(agent),
    body,
    headers,
  });
  await product.idle();
  return said;
}

async function agents() {
  return (await product.get('/v1/agent/agents', await product.agent('ben'))).body;
}

async function ownerOf(threadId: string): Promise<string | null> {
  return (await product.get(`/v1/agent/threads/${threadId}`, await product.agent())).body.assignee;
}

async function start(): Promise<string> {
  const { body } = await product.post('/v1/threads', await product.customer(), { text: 'Hello' });
  await product.idle();
  return body.threadId;
}

describe('agents', () => {
  it('say that they are there, are given what waits, and everybody sees it', async () => {
    const id = await start(); // at lunch
    expect(await ownerOf(id)).toBeNull();
    expect((await agents()).queued).toEqual({ support: 1 });
    const said = await say('ben', { availability: 'online' });
    expect(said).toMatchObject({ status: 202, body: { status: 'accepted', agent: 'ben', availability: 'online' } });
    expect(await ownerOf(id)).toBe('ben');
    expect(await agents()).toEqual({
      items: [
        {
          ...{ id: 'ana', name: 'Ana', teams: ['support'], skills: ['german'], availability: 'by-hours' },
          ...{ load: {}, capacity: { support: 2 } },
        },
        {
          ...{ id: 'ben', name: 'Ben', teams: ['support'], skills: [], availability: 'online' },
          ...{ load: { api: 1 }, capacity: { support: 5 } },
        },
      ],
      queued: { support: 0 },
    });
  });

  it('are there by their team’s hours, and what waited is given out when it opens', async () => {
    await say('ben', { availability: 'away' });
    const id = await start();
    expect(await ownerOf(id)).toBeNull();
    await product.advance(HOUR);
    expect(await ownerOf(id)).toBe('ana');
  });

  it('say it of others only with the right to', async () => {
    expect(await say('ben', { availability: 'away', agent: 'ana' })).toMatchObject({
      status: 403,
      body: { code: 'missing-right', detail: expect.stringContaining('take-over') },
    });
    expect(await say('ana', { availability: 'away-reassign', agent: 'ben' })).toMatchObject({ status: 202 });
    expect((await agents()).items[1].availability).toBe('away-reassign');
  });

  it.each([
    [{ availability: 'asleep' }, '/availability'],
    [{ availability: 'online', agent: 'nobody' }, '/agent'],
    [{}, '/availability'],
    [{ availability: 'online', until: 'noon' }, '/until'],
  ])('are told what is wrong with %j', async (body, pointer) => {
    expect(await say('ana', body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('say it once under one key', async () => {
    const key = { 'idempotency-key': 'away-1' };
    const first = await say('ben', { availability: 'away' }, key);
    await product.advance(1);
    await say('ben', { availability: 'online' });
    const again = await say('ben', { availability: 'away' }, key);
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 202, 'true']);
    expect((await agents()).items[1].availability).toBe('online');
    expect(await say('ben', { availability: 'online' }, key)).toMatchObject({ status: 422 });
  });
});

it('an explanation tells how an agent was chosen', async () => {
  await product.advance(DAY);
  await say('ben', { availability: 'online' });
  const id = await start();
  const { body } = await product.get(`/v1/agent/threads/${id}/explanation`, await product.agent());
  const texts = body.entries.map(({ text }: { text: string }) => text);
  expect(texts).toContainEqual(
    expect.stringMatching(/^Given to ben \(balanced\), who had \d of 5; 1 could have had it.$/),
  );
});
