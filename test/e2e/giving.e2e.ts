import { describe, expect, it } from 'vitest';
import { HOUR } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent } from './caller.ts';

const [gus, mia] = [anAgent('gus'), anAgent('mia')];

async function start(text: string) {
  const customer = await aCustomer('giving', {}, 'giver');
  const { body } = await customer.decided('/v1/threads', { text });
  const path = `/v1/agent/threads/${body.threadId}`;
  const message = (await gus.entries(path)).find(({ type }) => type === 'message');
  return { path, promisedMs: Date.parse(body.expectedReplyAt) - Date.parse(message.at) };
}

async function isOwnedBy(path: string, owner: string | null): Promise<void> {
  await eventually(async () => expect((await gus.get(path)).body.assignee).toBe(owner), 300);
}

/** One after the other: each counts on what the one before left. */
describe.sequential('a business that gives its threads out', () => {
  let first: string;
  let second: string;

  it('routes by the language of what is written, to whom speaks it', async () => {
    const { path } = await start('Guten Tag, meine Bestellung ist leider noch nicht angekommen.');
    await isOwnedBy(path, 'mia');
    expect((await mia.get(path)).body.team).toBe('german');
  });

  it('promises by a pattern at once, as it is decided afterwards', async () => {
    const { path, promisedMs } = await start('Where is my order 123456?');
    first = path;
    expect(promisedMs).toBe(HOUR);
    await isOwnedBy(first, 'gus');
    expect((await gus.get(first)).body).toMatchObject({ priority: 'high', team: 'desk' });
  });

  it('keeps waiting who came when nobody had room, and serves them when somebody has', async () => {
    second = (await start('Another question, please.')).path;
    await eventually(async () => expect((await gus.get('/v1/agent/agents')).body.queued.desk).toBe(1), 300);
    expect((await gus.get(second)).body.assignee).toBeNull();
    await gus.decided(`${first}/replies`, { text: 'It comes today.', status: 'solved' });
    await isOwnedBy(second, 'gus');
  });

  it('takes back what somebody has who goes away, until somebody is there', async () => {
    const said = await gus.post('/v1/agent/availability', { availability: 'away-reassign' });
    expect(said.status).toBe(202);
    await isOwnedBy(second, null);
    await gus.post('/v1/agent/availability', { availability: 'online' });
    await isOwnedBy(second, 'gus');
  });

  it('acts by a rule on time, when its instant comes', async () => {
    const { path } = await start('And my order 654321?');
    await eventually(async () => expect((await gus.get(path)).body.tags).toContain('late'), 600);
  });
});
