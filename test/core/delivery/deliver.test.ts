import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../adapters/embedded/clocks.ts';
import { Database } from '../../../adapters/embedded/database.ts';
import { SqlitePolicies } from '../../../adapters/embedded/policies.ts';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import { type DeliverDeps, deliver } from '../../../core/delivery/deliver.ts';
import type { MailJob, MailResult } from '../../../core/delivery/send.ts';
import type { LaneMessage, MailOut } from '../../../core/ports.ts';
import { aThreadId, defaultPolicy, HOUR, MINUTE, MONDAY } from '../../builders.ts';
import { aMailJob } from '../../contracts/effects.ts';

const SENT: MailResult = { result: 'sent', providerId: 'p1' };
const LEASE = 2 * MINUTE;
const EVENTS_WITHIN = 10 * MINUTE;

/** A provider that answers as it is told, and otherwise sends. */
function provider(afterCrash: MailOut['afterCrash'], ...answers: (MailResult | Error)[]) {
  const taken: string[] = [];
  const send = async (sendId: string): Promise<MailResult> => {
    const answer = answers.shift() ?? SENT;
    if (answer instanceof Error) throw answer;
    if (answer.result === 'sent') taken.push(sendId);
    return answer;
  };
  return { afterCrash, send, taken };
}

function setUp(mailOut: ReturnType<typeof provider>, isPersonal = true) {
  const db = new Database(':memory:');
  const clock = new ManualClock(MONDAY);
  const told: LaneMessage[] = [];
  const deps: DeliverDeps = {
    sends: new SqliteSends(db),
    mailOut,
    lanes: { send: async (messages) => void told.push(...messages) },
    policies: new SqlitePolicies(db, [defaultPolicy.source]),
    clock,
    log: () => {},
  };
  const thread = aThreadId();
  const job: MailJob = { ...aMailJob(thread, `snd${thread.slice(3)}_2_reply`), isPersonal };
  const wait = (ms: number) => clock.advanceTo(clock.now() + ms, async () => {});
  return { deps, job, told, wait, db };
}

describe('a delivery', () => {
  it('sends a mail once, however often it comes', async () => {
    const mailOut = provider('await-events');
    const { deps, job } = setUp(mailOut);
    expect(await Promise.all([deliver(job, deps), deliver(job, deps)])).toEqual([
      'done',
      { retryInMs: expect.any(Number) },
    ]);
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toEqual([job.sendId]);
  });

  it('that the provider refuses is told to the thread, and ends', async () => {
    const { deps, job, told } = setUp(provider('send-again', { result: 'refused', detail: '550' }));
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

  it('that is put off comes again later and later; throttling is no attempt', async () => {
    const off: MailResult = { result: 'deferred', detail: 'greylisted', isThrottled: false };
    const busy: MailResult = { ...off, isThrottled: true };
    const mailOut = provider('await-events', off, off, busy, busy, off);
    const { deps, job } = setUp(mailOut);
    const delays = [];
    for (const _ of [1, 2, 3, 4, 5]) delays.push(await deliver(job, deps));
    expect(delays).toEqual([30_000, 60_000, 2_000, 2_000, 120_000].map((retryInMs) => ({ retryInMs })));
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toHaveLength(1);
  });

  it('that is put off for ever is given up, and told', async () => {
    const off: MailResult = { result: 'deferred', detail: 'full', isThrottled: false };
    const { deps, job, told } = setUp(provider('send-again', ...Array(60).fill(off)));
    let tries = 1;
    while ((await deliver(job, deps)) !== 'done') tries += 1;
    expect(tries).toBe(50);
    expect(told).toHaveLength(1);
  });
});

describe('a delivery that died between sending and recording it', () => {
  const LOST = new Error('the connection broke');

  it('is repeated after its lease where sending again is harmless', async () => {
    const mailOut = provider('send-again', LOST);
    const { deps, job, wait } = setUp(mailOut, false);
    expect(await deliver(job, deps)).toEqual({ retryInMs: LEASE });
    expect(await deliver(job, deps)).toEqual({ retryInMs: LEASE });
    await wait(LEASE);
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toHaveLength(1);
  });

  it('waits for the provider’s own event where there are such', async () => {
    const mailOut = provider('await-events', LOST);
    const { deps, job, wait } = setUp(mailOut);
    await deliver(job, deps);
    await wait(LEASE + MINUTE);
    expect(await deliver(job, deps)).toEqual({ retryInMs: EVENTS_WITHIN - MINUTE });
    await deps.sends.settle(job.sendId, 1, { state: 'sent', providerId: 'told by an event' });
    await wait(EVENTS_WITHIN);
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toEqual([]);
  });

  it('of a reply is repeated three times at most', async () => {
    const mailOut = provider('await-events', LOST, LOST, LOST, LOST);
    const { deps, job, wait } = setUp(mailOut);
    let tries = 0;
    for (let outcome = await deliver(job, deps); outcome !== 'done'; outcome = await deliver(job, deps)) {
      await wait(HOUR);
      tries += 1;
    }
    expect(tries).toBe(3);
    expect(mailOut.taken).toEqual([]);
  });

  it('of an acknowledgement is never repeated', async () => {
    const mailOut = provider('await-events', LOST);
    const { deps, job, wait } = setUp(mailOut, false);
    await deliver(job, deps);
    await wait(HOUR);
    expect(await deliver(job, deps)).toBe('done');
    expect(await deliver(job, deps)).toBe('done');
    expect(mailOut.taken).toEqual([]);
  });

  it('leaves a thread of a business that is not served any more its word', async () => {
    const { deps, job, told } = setUp(provider('send-again', { result: 'refused', detail: '550' }));
    await deliver({ ...job, business: 'gone' }, deps);
    expect(told).toMatchObject([{ body: { policy: '' } }]);
  });
});
