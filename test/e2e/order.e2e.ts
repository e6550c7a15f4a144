import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent } from './caller.ts';
import { allMails } from './mails.ts';
import { numbers, sideBySide } from './side-by-side.ts';

const MESSAGES = 50;
const OTHERS = 20;
const AT_ONCE = 4;

describe('order', () => {
  const others: string[] = [];
  let long = '';

  it(`${MESSAGES} messages on one thread and ${OTHERS} other threads are accepted, all at the same time`, async () => {
    const customer = await aCustomer('long');
    const writeLong = async () => {
      long = (await customer.post('/v1/threads', { subject: 'Long', text: 'number 1' })).body.threadId;
      for (const number of numbers(MESSAGES).slice(1)) {
        const heard = await customer.post(`/v1/threads/${long}/messages`, { text: `number ${number}` });
        expect(heard.status, JSON.stringify(heard.body)).toBe(202);
      }
    };
    const writeOther = async (number: number) => {
      const one = await aCustomer(`other-${number}`);
      const started = await one.post('/v1/threads', { subject: 'Short', text: 'number 1' });
      others.push(started.body.threadId);
      for (const text of ['number 2', 'number 3']) {
        const heard = await one.post(`/v1/threads/${started.body.threadId}/messages`, { text });
        expect(heard.status, JSON.stringify(heard.body)).toBe(202);
      }
    };
    await Promise.all([writeLong(), sideBySide(numbers(OTHERS), AT_ONCE, writeOther)]);
    expect(others).toHaveLength(OTHERS);
  });

  it('all stand in their threads in the order of their acceptance, each once, without a gap', async () => {
    const ana = anAgent('ana');
    const inOrder = async (thread: string, count: number) => {
      await eventually(async () => {
        const entries = await ana.entries(`/v1/agent/threads/${thread}`);
        const texts = entries.filter(({ type }) => type === 'message').map(({ text }) => text);
        expect(texts).toEqual(numbers(count).map((number) => `number ${number}`));
        expect(entries.map(({ seq }) => seq)).toEqual(numbers(entries.length));
      }, 500);
    };
    await inOrder(long, MESSAGES);
    await sideBySide(others, AT_ONCE, (thread) => inOrder(thread, 3));
  });

  it('the team hears of each message once, in order', async () => {
    const told = async (thread: string) => {
      const notices = (await allMails()).filter(({ text, tags }) => tags['kind'] === 'notice' && text.includes(thread));
      return notices.map(({ text }) => text.split('\n')[0]);
    };
    const expected = numbers(MESSAGES).map((number) => `number ${number}`);
    await eventually(async () => expect(await told(long)).toEqual(expected), 500);
    for (const thread of others) await eventually(async () => expect(await told(thread)).toHaveLength(3), 500);
  });
});
