import { describe, expect, it } from 'vitest';
import { SqlitePolicies } from '../../../adapters/embedded/policies.ts';
import { saidBefore, saidLast } from '../../../core/delivery/conversation.ts';
import { letterOf } from '../../../core/delivery/letter-of.ts';
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
} from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { knownSecrets } from '../../support/secrets.ts';

const thread = aThreadId();
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
  return letterOf(job, { ...lane.deps, secrets: knownSecrets });
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
