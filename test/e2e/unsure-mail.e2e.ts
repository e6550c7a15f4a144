import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sesTells } from './bus.ts';
import { aCustomer, addressOf, anAgent } from './caller.ts';
import { mailsTo, troubleFor } from './mails.ts';

/** For so long a delivery that may still be at it keeps its claim. */
const LEASE_MS = 120_000;

describe('a mail of which SES did not say that it took it', () => {
  const address = addressOf('unsure');
  const replies = async () => (await mailsTo(address)).filter(({ tags }) => tags['kind'] === 'reply');

  it('is not sent again once its event says so, and the next one follows', async () => {
    const ana = anAgent('ana');
    const { threadId } = (await (await aCustomer('unsure')).decided('/v1/threads', { text: 'Hello' })).body;
    await eventually(async () => expect(await mailsTo(address)).toHaveLength(1), 200);
    await troubleFor(address, 'broken-off');
    const path = `/v1/agent/threads/${threadId}/replies`;
    await ana.decided(path, { text: 'The first answer' });
    await eventually(async () => expect(await replies()).toHaveLength(1), 200);
    await ana.decided(path, { text: 'The second answer' });
    const [first] = await replies();
    await sesTells('Email Sent', first ?? expect.fail());
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    await eventually(async () => expect((await replies()).length).toBeGreaterThan(1), 500);
    expect((await replies()).map(({ text }) => text.split('\n')[0])).toEqual(['The first answer', 'The second answer']);
  });
});
