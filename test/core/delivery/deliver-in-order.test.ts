import { describe, expect, it } from 'vitest';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import { deliverInOrder } from '../../../core/delivery/deliver-in-order.ts';
import type { MailResult } from '../../../core/delivery/send.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { Sends } from '../../../core/ports.ts';
import { aCommand, aReply, aStart, aThreadId } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';

/** Three replies to one customer, and a provider that answers so, one after the other. */
async function setUp(answers: MailResult[], sends: Sends = new SqliteSends(aDatabase())) {
  const lane = new TestLane();
  const thread = aThreadId();
  await lane.run(aCommand(thread, aStart()), ...[1, 2, 3].map(() => aCommand(thread, aReply())));
  const jobs = lane.performed.flatMap(({ mails }) => mails).filter(({ kind }) => kind === 'reply');
  const handed: string[] = [];
  const { threads, policies, blobs, clock, log, metrics } = lane.deps;
  const mailOut = {
    afterCrash: 'harmless' as const,
    send: async ({ id }: { id: string }): Promise<MailResult> => {
      handed.push(id);
      return answers.shift() ?? { result: 'sent', providerId: 'p' };
    },
  };
  const lanes = { send: async () => {} };
  const known = { secrets: knownSecrets, mailIndex: new MapMailIndex(), baseUrl };
  const deps = { threads, policies, blobs, clock, log, metrics, mailOut, sends, lanes, ...known };
  return { jobs, deps, handed };
}

describe('mails of one recipient', () => {
  it('go out in order', async () => {
    const { jobs, deps, handed } = await setUp([]);
    expect(await deliverInOrder(jobs, deps)).toEqual({ done: 3 });
    expect(handed).toEqual(jobs.map(({ sendId }) => sendId));
  });

  it('wait behind one that has to wait', async () => {
    const busy = { result: 'deferred', detail: 'busy', isThrottled: true } as const;
    const { jobs, deps, handed } = await setUp([{ result: 'sent', providerId: 'p' }, busy]);
    expect(await deliverInOrder(jobs, deps)).toEqual({ done: 1, retryInMs: expect.any(Number) });
    expect(handed).toHaveLength(2);
  });

  it('wait behind one that could not even be tried', async () => {
    const failure = new TransientFailure('Throttled');
    const throttled = Object.assign(new SqliteSends(aDatabase()), { claim: () => Promise.reject(failure) });
    const { jobs, deps, handed } = await setUp([], throttled);
    expect(await deliverInOrder(jobs, deps)).toEqual({ done: 0, failure });
    expect(handed).toEqual([]);
  });
});
