import { describe, expect, inject, it } from 'vitest';
import { dynamoClient } from '../../adapters/aws/clients.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { entriesOf } from '../../core/thread/entry.ts';
import { HOUR } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent, type Caller, type Heard } from './caller.ts';
import { deploy } from './deployment.ts';
import { keptPolicy } from './kept-policy.ts';
import { allMails } from './mails.ts';
import { numbers, sideBySide } from './side-by-side.ts';

const { endpoint, issuer, outputs } = inject('deployment');
const WRITERS = 4;
const PAUSE_MS = 250;
const TRIES_MAX = 100;

/** What a writer was told was accepted. */
interface Accepted {
  text: string;
  commandId: string;
  threadId: string;
  expectedReplyAt: string;
}

describe('a second deployment with a changed policy, in the middle of traffic', () => {
  /** By writer; each writes one after the other. */
  const accepted = new Map<number, Accepted[]>();
  const all = () => [...accepted.values()].flat();
  let isOver = false;
  let again = 0;

  it('takes the place of the first while customers go on writing', async () => {
    const writers = Promise.all(numbers(WRITERS).map(write));
    await eventually(async () => expect(all().length).toBeGreaterThan(WRITERS * 5), 100);
    const before = all().length;
    await deploy(endpoint, { issuer, firstReply: '1h' });
    await eventually(async () => {
      const late = await (await aCustomer('late')).decided('/v1/threads', { text: 'late' });
      expect(promisedIn(late)).toBeLessThan(2 * HOUR);
    }, 500);
    isOver = true;
    await writers;
    expect(all().length).toBeGreaterThan(before);
  });

  it('loses nothing: whatever was accepted is decided, once, in order, without a gap', async () => {
    const ana = anAgent('ana');
    await sideBySide([...accepted], WRITERS, async ([writer, own]) => {
      const customer = await aCustomer(`writer-${writer}`);
      for (const { commandId } of own) {
        await eventually(async () =>
          expect((await customer.get(`/v1/commands/${commandId}`)).body.status).toBe('done'),
        );
      }
      for (const thread of new Set(own.map(({ threadId }) => threadId))) {
        const entries = await ana.entries(`/v1/agent/threads/${thread}`);
        expect(entries.map(({ seq }) => seq)).toEqual(numbers(entries.length));
        const texts = entries.filter(({ type }) => type === 'message').map(({ text }) => text);
        expect(texts).toEqual(own.filter(({ threadId }) => threadId === thread).map(({ text }) => text));
      }
    });
  });

  it('tells the team of each once', async () => {
    const texts = all().map(({ text }) => text);
    const told = async () => (await allMails()).map(({ text }) => text.split('\n')[0] ?? '');
    await eventually(async () => {
      const notices = (await told()).filter((text) => texts.includes(text));
      expect(notices.sort()).toEqual([...texts].sort());
    }, 500);
  });

  it('each promise is the one of the policy that it was given under, the old ones too', async () => {
    const threads = new DynamoThreadStore(dynamoClient(), outputs['ThreadTable'] ?? '');
    const hashes = new Set<string>();
    for (const { threadId, expectedReplyAt: told } of all().filter(({ text }) => text.startsWith('start'))) {
      const [item] = await threads.log(threadId, 0, 1);
      const { policy: hash, at } = item?.decisions[0] ?? expect.fail();
      const policy = await keptPolicy('acme', hash);
      const { hours } = policy.teamOrDefault('support');
      expect(told).toBe(new Date(hours.add(at, policy.source.replyTarget.first) ?? 0).toISOString());
      expect(entriesOf(item ?? expect.fail())).toContainEqual(
        expect.objectContaining({ type: 'promise', expectedReplyAt: Date.parse(told) }),
      );
      hashes.add(hash);
    }
    expect(hashes.size, 'both policies have decided').toBe(2);
  });

  /** Starts a thread, goes on in it, starts another: until it is over. What fails is sent again under its key. */
  async function write(writer: number): Promise<void> {
    const customer = await aCustomer(`writer-${writer}`);
    const own: Accepted[] = [];
    accepted.set(writer, own);
    // One more is begun when it is over, so that each policy has begun some.
    for (let number = 1, thread = '', isLast = false; !isLast; number += 1) {
      isLast = isOver;
      const isStart = isLast || number % 3 === 1;
      const text = `${isStart ? 'start' : 'more'} ${number} of ${writer}`;
      const path = isStart ? '/v1/threads' : `/v1/threads/${thread}/messages`;
      const { body } = await persistently(customer, path, text);
      thread = body.threadId;
      const { commandId, threadId, expectedReplyAt: promised } = body;
      own.push({ text, commandId, threadId, expectedReplyAt: promised });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async function persistently(customer: Caller, path: string, text: string): Promise<Heard> {
    for (let tries = 1; tries < TRIES_MAX; tries += 1) {
      const heard = await customer.post(path, { text }, { 'idempotency-key': text }).catch(() => undefined);
      if (heard?.status === 202) return heard;
      if (heard !== undefined && heard.status < 500) throw new Error(JSON.stringify(heard.body));
      again += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`Not accepted, however often it was tried (${again} in all).`);
  }
});

function promisedIn({ body }: Heard): number {
  return Date.parse(body.expectedReplyAt) - Date.now();
}
