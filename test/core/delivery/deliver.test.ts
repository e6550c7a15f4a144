import { describe, expect, it } from 'vitest';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import { type DeliverDeps, type Delivered, deliver } from '../../../core/delivery/deliver.ts';
import type { MailJob, MailResult } from '../../../core/delivery/send.ts';
import type { MailKind } from '../../../core/effect/effect.ts';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { LaneMessage, MailOut } from '../../../core/ports.ts';
import { aCommand, aReply, aStart, aText, aThreadId, DAY, HOUR, MINUTE } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';

const SENT: MailResult = { result: 'sent', providerId: 'p1' };
const OFF: MailResult = { result: 'deferred', detail: 'greylisted', isThrottled: false };
const BUSY: MailResult = { ...OFF, isThrottled: true };
const LOST = new Error('the connection broke');
const LEASE = 2 * MINUTE;
const EVENTS_WITHIN = 10 * MINUTE;

/** A provider that answers as it is told, and otherwise sends. */
function provider(afterCrash: MailOut['afterCrash'], ...answers: (MailResult | Error)[]) {
  const taken: OutgoingMail[] = [];
  const asked = { times: 0 };
  const send = async (_send: object, mail: OutgoingMail): Promise<MailResult> => {
    asked.times += 1;
    const answer = answers.shift() ?? SENT;
    if (answer instanceof Error) throw answer;
    if (answer.result === 'sent') taken.push(mail);
    return answer;
  };
  return { afterCrash, send, taken, asked };
}

/** A thread with one mail of each kind, and a delivery for them. */
async function setUp(mailOut: ReturnType<typeof provider>, kind: MailKind = 'reply') {
  const lane = new TestLane();
  const { clock } = lane;
  const thread = aThreadId();
  await lane.run(aCommand(thread, aStart()), aCommand(thread, aReply({ content: aText('On its way.') })));
  const job = lane.performed.flatMap(({ mails }) => mails).find((mail) => mail.kind === kind);
  if (job === undefined) throw new Error(`There is no ${kind}.`);
  const told: LaneMessage[] = [];
  const { threads, policies, blobs } = lane.deps;
  const deps: DeliverDeps = {
    ...{ threads, policies, blobs, clock, mailOut, secrets: knownSecrets, mailIndex: new MapMailIndex(), baseUrl },
    sends: new SqliteSends(aDatabase()),
    lanes: { send: async (messages) => void told.push(...messages) },
    log: () => {},
    metrics: () => {},
  };
  const wait = (ms: number) => clock.advanceTo(clock.now() + ms, async () => {});
  return { lane, deps, job, told, wait };
}

/** Delivers again and again, as a queue would, for so long. */
async function keepTrying(job: MailJob, { deps, wait }: Awaited<ReturnType<typeof setUp>>, forMs: number) {
  const until = deps.clock.now() + forMs;
  let delivered: Delivered = await deliver(job, deps);
  while (delivered !== 'done' && deps.clock.now() < until) {
    await wait(delivered.retryInMs);
    delivered = await deliver(job, deps);
  }
  return delivered;
}

describe('a delivery', () => {
  it('sends a mail once, however often it comes', async () => {
    const mailOut = provider('await-events');
    const { deps, job } = await setUp(mailOut);
    expect(await Promise.all([deliver(job, deps), deliver(job, deps)])).toEqual([
      'done',
      { retryInMs: expect.any(Number) },
    ]);
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toMatchObject([{ text: expect.stringContaining('On its way.') }]);
  });

  it('writes the mail by what was true when its entry was made, however late it is sent', async () => {
    const mailOut = provider('harmless');
    const { lane, deps, job } = await setUp(mailOut, 'acknowledgement');
    await lane.run(
      aCommand(job.thread, { type: 'set-subject', subject: 'Other' }),
      aCommand(job.thread, { type: 'assign', team: 'billing', takeOver: true }),
    );
    await deliver(job, deps);
    expect(mailOut.taken).toMatchObject([
      {
        subject: 'Re: My order',
        from: { address: 'support@acme.example' },
        text: expect.stringContaining('today by'),
      },
    ]);
  });

  it('that the provider refuses is told to the thread, and ends', async () => {
    const { deps, job, told } = await setUp(provider('send-again', { result: 'refused', detail: '550' }));
    expect(await deliver(job, deps)).toBe('done');
    expect(told).toMatchObject([
      {
        lane: job.thread,
        body: { body: { type: 'record-delivery', send: job.sendId, state: 'rejected', detail: '550' } },
      },
    ]);
    expect(await deliver(job, deps)).toBe('done');
    expect(told).toHaveLength(1);
  });

  it.each([
    ['a busy provider', BUSY],
    ['a recipient who is not to be had', OFF],
  ])('that is put off by %s comes again later and later, and is given up after a day', async (_, answer) => {
    const mailOut = provider('await-events', ...Array(10_000).fill(answer));
    const t = await setUp(mailOut);
    const startedAt = t.deps.clock.now();
    const first = await deliver(t.job, t.deps);
    expect(first).toEqual({ retryInMs: answer.result === 'deferred' && answer.isThrottled ? 2_000 : 30_000 });
    expect(await keepTrying(t.job, t, 4 * DAY)).toBe('done');
    expect(mailOut.asked.times).toBeLessThan(answer.result === 'deferred' && answer.isThrottled ? 1_000 : 70);
    expect(t.deps.clock.now() - startedAt).toBeLessThan(DAY + HOUR);
    expect(t.told).toMatchObject([{ body: { body: { state: 'rejected' } } }]);
  });

  it('of a mail that cannot be written ends, and is told', async () => {
    const { deps, job, told } = await setUp(provider('harmless'));
    expect(await deliver({ ...job, seq: 999 }, deps)).toBe('done');
    expect(told).toMatchObject([{ body: { body: { state: 'rejected', detail: 'The mail could not be written.' } } }]);
  });

  it('waits where the log cannot be read just now', async () => {
    const mailOut = provider('await-events');
    const { deps, job } = await setUp(mailOut);
    const { threads } = deps;
    deps.threads = Object.assign(Object.create(threads), {
      logItem: async () => {
        throw new TransientFailure('down');
      },
    });
    expect(await deliver(job, deps)).toEqual({ retryInMs: 2_000 });
    expect(await deliver(job, { ...deps, threads })).toBe('done');
    expect(mailOut.taken).toHaveLength(1);
  });
});

describe('a delivery that died between sending and recording it', () => {
  it.each(['harmless', 'send-again'] as const)('is repeated after its lease where that is %s', async (afterCrash) => {
    const mailOut = provider(afterCrash);
    const { deps, job, wait } = await setUp(mailOut, 'acknowledgement');
    // It was claimed and begun, and then the process died, ten times over.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await deps.sends.claim(job.sendId, deps.clock.now(), LEASE, attempt);
      expect(await deliver(job, deps)).toEqual({ retryInMs: LEASE });
      await wait(LEASE);
    }
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toHaveLength(1);
  });

  it('waits for the provider’s own event where there are such', async () => {
    const mailOut = provider('await-events', LOST);
    const { deps, job, wait } = await setUp(mailOut);
    await deliver(job, deps);
    await wait(LEASE + MINUTE);
    expect(await deliver(job, deps)).toEqual({ retryInMs: EVENTS_WITHIN - MINUTE });
    await deps.sends.settle(job.sendId, 1, { state: 'sent', providerId: 'told by an event' });
    await wait(EVENTS_WITHIN);
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toEqual([]);
  });

  it.each([
    ['reply', 'await-events'],
    ['reply', 'send-again'],
    ['acknowledgement', 'send-again'],
  ] as const)('of a %s that never says how it ended makes three tries (%s), and is told', async (kind, afterCrash) => {
    const mailOut = provider(afterCrash, ...Array(100).fill(LOST));
    const t = await setUp(mailOut, kind);
    expect(await keepTrying(t.job, t, 3 * DAY)).toBe('done');
    expect(mailOut.asked.times).toBe(3);
    expect(t.told).toMatchObject([{ body: { body: { state: 'unsure' } } }]);
  });

  it.each(['acknowledgement', 'notice'] as const)(
    'of a %s is never repeated where it might go out twice',
    async (kind) => {
      const mailOut = provider('await-events', LOST);
      const { deps, job, wait } = await setUp(mailOut, kind);
      await deliver(job, deps);
      await wait(HOUR);
      expect(await deliver(job, deps)).toBe('done');
      expect(await deliver(job, deps)).toBe('done');
      expect(mailOut.taken).toEqual([]);
    },
  );
});
