import { describe, expect, it } from 'vitest';
import { SqlitePolicies } from '../../../adapters/embedded/policies.ts';
import { saidBefore, saidLast, saidSince } from '../../../core/delivery/conversation.ts';
import { letterOf } from '../../../core/delivery/letter-of.ts';
import { timerCommandIdOf } from '../../../core/ids.ts';
import {
  aCommand,
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  aText,
  aThreadId,
  CUSTOMER,
  defaultPolicy,
  MINUTE,
  MONDAY,
} from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';

const thread = aThreadId();
const EVE = { kind: 'agent', id: 'eve', name: 'Eve' } as const;
const note = { type: 'note', messageId: 'set below', channel: 'api', content: aText('SECRET') } as const;
const LONG = 'long '.repeat(5_000);

/** A question, a note, an answer, a long question and an answer to that. */
async function aConversation(policy = defaultPolicy): Promise<TestLane> {
  const lane = new TestLane({ policies: new SqlitePolicies(aDatabase(), [policy.source]) });
  const author = { ...CUSTOMER, name: null };
  await lane.run(aCommand(thread, aStart({ content: aText('First question') }), { author }));
  await lane.run(aCommand(thread, note));
  await lane.run(aCommand(thread, aReply({ content: aText('First answer') })));
  await lane.run(aCommand(thread, aCustomerMessage({ content: aText(LONG) })));
  await lane.run(aCommand(thread, aReply({ content: aText('Second answer') })));
  return lane;
}

async function lastMailOf(lane: TestLane) {
  const job = lane.performed.flatMap(({ mails }) => mails).at(-1);
  if (job === undefined) throw new Error('There are mails.');
  return letterOf(job, { ...lane.deps, secrets: knownSecrets, baseUrl });
}

describe('what an answer has below it', () => {
  const withHistory = (history: 'none' | 'last' | 'full') => aPolicy({ letters: { history } });

  it('is nothing, the message it answers, or all of it from the latest on, and never a note', async () => {
    const textWith = async (history: 'none' | 'last' | 'full') =>
      (await lastMailOf(await aConversation(withHistory(history)))).text;
    expect(await textWith('none')).toBe('Second answer\n\n-- \nAna, Acme');
    const last = await textWith('last');
    expect(last).toContain('Second answer\n\nEarlier in this conversation\n\nCleo wrote, ');
    expect(last).not.toContain('First');
    const full = await textWith('full');
    const places = ['> long long', 'Ana wrote', '> First answer', '> First question'].map((text) => full.indexOf(text));
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(places).not.toContain(-1);
    expect(full).not.toContain('SECRET');
    expect(full.endsWith('\n\n-- \nAna, Acme')).toBe(true);
  });
});

describe('a notice of what came since the last', () => {
  it('has every message of the customer, whole and in order, with what is to be known, and never a note', async () => {
    const lane = new TestLane();
    const at = (seconds: number) => ({ acceptedAt: MONDAY + seconds * 1_000 });
    await lane.run(aCommand(thread, aStart({ content: aText('At once') })));
    await lane.run(aCommand(thread, aCustomerMessage({ content: aText('Then this') }), at(10)));
    await lane.run(aCommand(thread, note, { ...at(20), author: EVE }));
    await lane.run(aCommand(thread, aCustomerMessage({ content: aText(LONG) }), at(30)));
    const now = MONDAY + MINUTE;
    await lane.clock.advanceTo(now, async () => {});
    const { generation } = (await lane.deps.threads.load(thread)) ?? { generation: 0 };
    await lane.run(aCommand(thread, { type: 'fire-timers', generation }, { id: timerCommandIdOf(thread, generation) }));
    const mail = await lastMailOf(lane);
    expect(mail.subject).toBe('[Acme] My order');
    expect(mail.text).toMatch(
      /^2 messages have come since the last notice:\n\nCleo wrote, .*:\n\nThen this\n\nCleo wrote, .*:\n\nlong long/,
    );
    expect(mail.text).toContain(LONG.trim());
    expect(mail.text).toContain('Customer: Cleo · c1@example.com\nReply expected: by ');
    expect(`${mail.text}${mail.html}`).not.toMatch(/SECRET|At once/);
    expect(mail.headers).toMatchObject({ 'Auto-Submitted': 'auto-generated', References: expect.any(String) });
  });

  it('has the last fifty of very many, and says so', async () => {
    const lane = new TestLane();
    await lane.run(aCommand(thread, aStart()));
    for (let n = 1; n <= 60; n += 1) await lane.run(aCommand(thread, aCustomerMessage({ content: aText(`No ${n}.`) })));
    const { said, isWhole } = await saidSince(thread, { since: 3, seq: 1_000 }, 'nobody', lane.deps);
    expect([said.length, said[0]?.body.text, said.at(-1)?.body.text, isWhole]).toEqual([50, 'No 11.', 'No 60.', false]);
  });
});

describe('reading what was said', () => {
  it('stops at so many messages, or when they are long enough, and says so', async () => {
    const { deps } = await aConversation();
    const read = async (wanted: Partial<Parameters<typeof saidBefore>[2]>) => {
      const all = { messages: 9, chars: 99_999, isWhole: true, nameless: 'c1@example.com', ...wanted };
      const { said, isWhole } = await saidBefore(thread, 1_000, all, deps);
      return { lines: said.map(({ name, body }) => `${name}: ${body.text.slice(0, 14)}`), isWhole };
    };
    const lines = ['c1@example.com: First question', 'Ana: First answer', 'Cleo: long long long', 'Ana: Second answer'];
    const cut = lines.map((line) => line.slice(0, line.indexOf(':') + 16));
    expect(await read({})).toEqual({ lines: cut, isWhole: true });
    expect(await read({ messages: 2 })).toEqual({ lines: cut.slice(2), isWhole: false });
    expect(await read({ chars: 20 })).toEqual({ lines: cut.slice(3), isWhole: false });
  });

  it('finds no question where the customer has asked none', async () => {
    const { deps } = await aConversation();
    expect(await saidLast(thread, 2, 'nobody', deps)).toEqual([]);
  });
});
