import { describe, expect, it } from 'vitest';
import * as builders from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent } from './caller.ts';
import { putOnLane } from './queues.ts';

/** Too long for an entry: it is kept beside the thread. */
const ASTRAY = 'gone astray, '.repeat(2_000);

describe('what cannot be decided', () => {
  let id: string;
  const setAsides = async () =>
    (await anAgent('ana').entries(`/v1/agent/threads/${id}`)).filter(({ type }) => type === 'set-aside');

  it('garbage on a lane is set aside with its reason, and its thread goes on', async () => {
    const customer = await aCustomer('poison');
    id = (await customer.decided('/v1/threads', { text: 'before' })).body.threadId;
    await putOnLane(id, 'garbage-1', 'this is no command {');
    const after = await customer.decided(`/v1/threads/${id}/messages`, { text: 'after' });
    expect(after.body.status).toBe('done');
    await eventually(async () => expect(await setAsides()).toHaveLength(1), 200);
    expect(await setAsides()).toMatchObject([{ reason: { code: 'unreadable' }, author: { kind: 'system' } }]);
    const entries = await anAgent('ana').entries(`/v1/agent/threads/${id}`);
    expect(entries.filter(({ type }) => type === 'message').map(({ text }) => text)).toEqual(['before', 'after']);
  });

  it('more garbage is set aside too, and the customer sees none of it', async () => {
    await putOnLane(id, 'garbage-2', '{"schema":1}');
    const customer = await aCustomer('poison');
    await eventually(async () => expect(await setAsides()).toHaveLength(2), 200);
    const entries = await customer.entries(`/v1/threads/${id}`);
    expect(entries.map(({ type }) => type)).not.toContain('set-aside');
  });

  it('an agent with the right dismisses it; one without is told which right is missing', async () => {
    const [first] = await setAsides();
    const path = `/v1/agent/threads/${id}/set-asides/${first.seq}/dismiss`;
    expect(await anAgent('ben').post(path, {})).toMatchObject({ status: 403, body: { code: 'missing-right' } });
    expect((await anAgent('ana').decided(path, {})).body.status).toBe('done');
    const thread = await anAgent('ana').get(`/v1/agent/threads/${id}`);
    expect(thread.body.setAsides).toEqual([(await setAsides())[1]?.seq]);
  });

  it('a message that came onto a wrong lane is set aside whole, and redriven where it lies', async () => {
    const customer = await aCustomer('stray');
    const { threadId: home } = (await customer.decided('/v1/threads', { text: 'mine' })).body;
    await putOnLane(id, 'stray-1', strayCommand(home));
    await eventually(async () => expect(await setAsides()).toHaveLength(3), 200);
    const { seq } = (await setAsides())[2];
    const heard = await anAgent('ana').decided(`/v1/agent/threads/${id}/set-asides/${seq}/redrive`, {});
    expect(heard.body.status).toBe('done');
    const entries = await anAgent('ana').entries(`/v1/agent/threads/${id}`);
    expect(entries.filter(({ type }) => type === 'message').at(-1).text).toBe(ASTRAY);
    expect(entries.map(({ type }) => type)).toContain('redriven');
  });
});

/** A command as intake sends it, of another thread than the lane it is put on. */
function strayCommand(thread: string): string {
  const customer = builders.aCustomer({ id: 'stray' });
  const body = builders.aCustomerMessage({ content: builders.aText(ASTRAY), customer });
  const author = { kind: 'customer', id: 'stray', name: null } as const;
  return JSON.stringify(builders.aCommand(thread, body, { author, acceptedAt: Date.now() }));
}
