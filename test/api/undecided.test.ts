/** What is on its way, and what had to be set aside: neither is lost, neither is anybody else's to see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTROPY_BYTES } from '../../core/ids.ts';
import { TestProduct } from '../support/product.ts';

const ENTROPY = new Uint8Array(ENTROPY_BYTES).fill(1);

describe('a command that is not decided yet', () => {
  let t: TestProduct;
  let thread: string;
  let command: string;
  beforeAll(async () => {
    t = new TestProduct();
    const ids = await t.deps.idsOf('acme');
    thread = ids.thread('c1', t.clock.now(), ENTROPY);
    command = ids.command(thread, 'customer:c1', t.clock.now(), ENTROPY);
  });
  afterAll(() => t.stop());

  it('reads accepted to its author and the agents of its business, and does not exist for others', async () => {
    const expected = { status: 'accepted', commandId: command, threadId: thread };
    const forged = command.slice(0, -1) + (command.endsWith('x') ? 'y' : 'x');
    expect((await t.get(`/v1/commands/${command}`, await t.customer())).body).toEqual(expected);
    expect((await t.get(`/v1/commands/${command}`, await t.agent())).body).toEqual(expected);
    expect((await t.get(`/v1/commands/${command}`, await t.customer('c2'))).status).toBe(404);
    expect((await t.get(`/v1/commands/${forged}`, await t.customer())).status).toBe(404);
  });

  it('has a thread that is on its way too', async () => {
    for (const [path, token] of [
      ['/v1', await t.customer()],
      ['/v1/agent', await t.agent()],
    ] as const) {
      const heard = await t.get(`${path}/threads/${thread}`, token);
      expect([heard.status, heard.headers.get('retry-after')]).toEqual([202, '1']);
      expect((await t.get(`${path}/threads/${thread}/entries`, token)).body).toEqual({ items: [], next: null });
    }
    expect((await t.get(`/v1/threads/${thread}`, await t.customer('c2'))).status).toBe(404);
  });

  it('whose thread was never started takes no message', async () => {
    const heard = await t.post(`/v1/threads/${thread}/messages`, await t.customer(), { text: 'x' });
    expect(heard.status).toBe(409);
    expect(heard.body.code).toBe('unknown-thread');
  });
});

describe('a command that had to be set aside', () => {
  let t: TestProduct;
  let ana: string;
  beforeAll(async () => {
    t = new TestProduct();
    ana = await t.agent();
  });
  afterAll(() => t.stop());

  /** A message that cannot be stored, once. */
  async function setAsideMessage(thread: string, text: string): Promise<void> {
    const { threads } = t.product.stores;
    const commit = threads.commit.bind(threads);
    threads.commit = async (wanted) => {
      const entries = wanted.change?.logItem.decisions.flatMap((decision) => decision.entries) ?? [];
      if (entries.some(({ type }) => type === 'message')) throw new RangeError('too big');
      return commit(wanted);
    };
    await t.post(`/v1/threads/${thread}/messages`, await t.customer(), { text }, { prefer: 'wait=0' });
    await t.idle();
    threads.commit = commit;
  }

  it('shows in the thread, waits, and is decided when an agent redrives it', async () => {
    const thread = await t.thread();
    await t.post(`/v1/agent/threads/${thread}/replies`, ana, { text: 'answered' });
    await setAsideMessage(thread, 'not lost');
    const before = (await t.get(`/v1/agent/threads/${thread}`, ana)).body;
    expect(before).toMatchObject({ waitingSince: expect.any(String), setAsides: [expect.any(Number)] });
    expect(t.log.map(({ event }) => event)).toContain('command.set-aside');
    const path = `/v1/agent/threads/${thread}/set-asides/${before.setAsides[0]}/redrive`;
    expect((await t.post(path, ana, {})).body.status).toBe('done');
    const { items } = (await t.get(`/v1/threads/${thread}/entries`, await t.customer())).body;
    expect(items.filter(({ text }: { text?: string }) => text === 'not lost')).toHaveLength(1);
    expect((await t.get(`/v1/agent/threads/${thread}`, ana)).body.setAsides).toEqual([]);
    expect((await t.post(path, ana, {})).body.code).toBe('not-set-aside');
  });

  it('and cannot even be read is kept, told to its author as accepted, and not redriven blindly', async () => {
    const thread = await t.thread();
    const ids = await t.deps.idsOf('acme');
    const id = ids.command(thread, 'customer:c1', t.clock.now(), ENTROPY);
    await t.deps.lanes.send([{ lane: thread, id, body: { id, from: 'the future' } }]);
    await t.idle();
    const read = await t.get(`/v1/commands/${id}`, await t.customer());
    expect(read.body).toMatchObject({ status: 'accepted', reason: { code: 'unreadable' } });
    const { setAsides } = (await t.get(`/v1/agent/threads/${thread}`, ana)).body;
    const heard = await t.post(`/v1/agent/threads/${thread}/set-asides/${setAsides[0]}/redrive`, ana, {});
    expect([heard.status, heard.body.code]).toEqual([409, 'unreadable']);
  });
});
