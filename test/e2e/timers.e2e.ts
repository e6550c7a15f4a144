import { describe, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent, upload } from './caller.ts';
import { mailsTo } from './mails.ts';

/** Beyond what a commit itself puts on the wait queue (180 s): only the sweep can bring it. */
const FAR_MS = 210_000;
const NEAR_MS = 5_000;

/** Those that wait for long wait together. */
describe.concurrent('timers', () => {
  /** Snoozes a new thread for so long, and waits until it wakes. @returns the entry */
  async function wokenAfter(customerId: string, ms: number) {
    const ana = anAgent('ana');
    const { threadId } = (await (await aCustomer(customerId)).decided('/v1/threads', { text: 'later' })).body;
    const path = `/v1/agent/threads/${threadId}`;
    const until = new Date(Date.now() + ms).toISOString();
    const snoozed = await ana.decided(`${path}/snooze`, { until });
    const thread = await ana.get(path);
    await new Promise((resolve) => setTimeout(resolve, ms));
    const woken = async () => (await ana.entries(path)).find(({ cause }) => cause.rule === 'snooze-over');
    await eventually(async () => {
      if ((await woken()) === undefined) throw new Error('It still sleeps.');
    }, 500);
    return { until, snoozed, thread, entry: await woken(), after: await ana.get(path) };
  }

  it('a snooze of seconds ends by the wait queue, not before its time', async ({ expect }) => {
    const { until, snoozed, thread, entry, after } = await wokenAfter('near', NEAR_MS);
    expect(snoozed.body.status).toBe('done');
    expect(thread.body.snoozedUntil).toBe(until);
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(Date.parse(until));
    expect(entry).toMatchObject({ author: { kind: 'system' }, field: 'snooze', to: null });
    expect(after.body.snoozedUntil).toBeNull();
  });

  it('a snooze too far for it is found by the sweep, and ends not before its time', async ({ expect }) => {
    const { until, entry, after } = await wokenAfter('far', FAR_MS);
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(Date.parse(until));
    expect(after.body.snoozedUntil).toBeNull();
  });

  it('what follows a notice within the minute is one mail at its end', async ({ expect }) => {
    const customer = await aCustomer('hasty', {}, 'brisk');
    const { threadId } = (await customer.decided('/v1/threads', { text: 'Eins' })).body;
    for (const text of ['Zwei', 'Drei']) await customer.decided(`/v1/threads/${threadId}/messages`, { text });
    const told = async () => (await mailsTo('help@brisk.example')).filter(({ text }) => text.includes(threadId));
    await eventually(async () => expect(await told()).toHaveLength(2), 1_000);
    const [first, second] = (await told()).map(({ text }) => text);
    expect(first).toMatch(/^Eins/);
    expect(second).toMatch(/2 Nachrichten.*Zwei.*Drei/s);
  });

  it('a solved thread closes by itself after its time; a later message, with its file, founds a linked one', async ({
    expect,
  }) => {
    const customer = await aCustomer('closing', {}, 'brisk');
    const { threadId } = (await customer.decided('/v1/threads', { text: 'kurz' })).body;
    await anAgent('uli').decided(`/v1/agent/threads/${threadId}/replies`, { text: 'Bitte.', status: 'solved' });
    await eventually(async () => {
      expect((await customer.get(`/v1/threads/${threadId}`)).body.status).toBe('closed');
    }, 1_000);
    const attachments = [await upload(customer, 'bild.png', Buffer.from('png'))];
    const heard = await customer.decided(`/v1/threads/${threadId}/messages`, { text: 'noch etwas', attachments });
    expect(heard.body.status).toBe('done');
    expect(heard.body.threadId).not.toBe(threadId);
    const next = await customer.get(`/v1/threads/${heard.body.threadId}`);
    expect(next.body).toMatchObject({ followUpOf: threadId, status: 'new' });
    const file = await customer.get(`/v1/threads/${heard.body.threadId}/attachments/${attachments[0]}`);
    expect(await (await fetch(file.headers.get('location') ?? '')).text()).toBe('png');
  });
});
