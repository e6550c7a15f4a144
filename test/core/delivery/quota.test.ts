/** Ten thousand mails at a provider's quota of fourteen a second, in virtual time. */
import { describe, expect, it } from 'vitest';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import type { DeliverDeps } from '../../../core/delivery/deliver.ts';
import { deliverInOrder } from '../../../core/delivery/deliver-in-order.ts';
import { type MailJob, type MailResult, mailLaneOf } from '../../../core/delivery/send.ts';
import { aCommand, aReply, aStart, aText, aThreadId } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { TestLane } from '../../support/lane.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';

const MAILS = 10_000;
const THREADS = 500;
const A_SECOND = 14;
/** As the stack sizes its workers: one for each mail that may be under way, of which one takes a fifth of a second. */
const WORKERS = 3;
const SEND_MS = 190;

/** Answers of threads, as delivery gets them. */
async function answers(lane: TestLane): Promise<MailJob[]> {
  for (let thread = 0; thread < THREADS; thread += 1) {
    const id = aThreadId();
    const replies = Array.from({ length: MAILS / THREADS }, (_, n) => aReply({ content: aText(`answer ${n}`) }));
    await lane.run(...[aStart(), ...replies].map((body) => aCommand(id, body)));
  }
  return lane.performed.flatMap(({ mails }) => mails).filter(({ kind }) => kind === 'reply');
}

describe('at a quota', () => {
  it('all mails go out, each once, those of a thread in order, and the quota is used', {
    timeout: 120_000,
  }, async () => {
    const lane = new TestLane();
    const { threads, policies, blobs } = lane.deps;
    const jobs = await answers(lane);
    expect(jobs).toHaveLength(MAILS);
    let now = lane.clock.now();
    const startedAt = now;
    const taken: { id: string; at: number }[] = [];
    let turnedAway = 0;
    const send = async ({ id }: { id: string }): Promise<MailResult> => {
      const lately = taken.slice(-A_SECOND);
      if (lately.length === A_SECOND && (lately[0]?.at ?? 0) > now - 1_000) {
        turnedAway += 1;
        return { result: 'deferred', detail: 'Throttling', isThrottled: true };
      }
      taken.push({ id, at: now });
      return { result: 'sent', providerId: id };
    };
    const deps: DeliverDeps = {
      ...{ threads, policies, blobs, clock: { now: () => now }, mailOut: { afterCrash: 'await-events', send } },
      ...{ sends: new SqliteSends(aDatabase()), lanes: { send: async () => {} }, log: () => {}, metrics: () => {} },
      ...{ secrets: knownSecrets, mailIndex: new MapMailIndex(), baseUrl },
    };
    const lanes = new Map<string, { jobs: MailJob[]; visibleAt: number }>();
    for (const job of jobs) {
      const waiting = lanes.get(mailLaneOf(job)) ?? { jobs: [], visibleAt: now };
      waiting.jobs.push(job);
      lanes.set(mailLaneOf(job), waiting);
    }
    const freeAt = Array.from({ length: WORKERS }, (_, worker) => now + worker);
    while (lanes.size > 0) {
      const worker = freeAt.indexOf(Math.min(...freeAt));
      const [name, next] = [...lanes].reduce((a, b) => (b[1].visibleAt < a[1].visibleAt ? b : a));
      now = Math.max(freeAt[worker] ?? 0, next.visibleAt);
      const { done, retryInMs } = await deliverInOrder(next.jobs.slice(0, 1), deps);
      next.jobs.splice(0, done);
      next.visibleAt = now + (retryInMs ?? 0);
      freeAt[worker] = now + SEND_MS;
      lanes.delete(name);
      if (next.jobs.length > 0) lanes.set(name, next);
    }
    expect(new Set(taken.map(({ id }) => id)).size).toBe(MAILS);
    expect(taken).toHaveLength(MAILS);
    const places = new Map(taken.map(({ id }, place) => [id, place]));
    const inOrder = jobs.every((job, index) => {
      const before = jobs[index - 1];
      return before?.thread !== job.thread || (places.get(before.sendId) ?? 0) < (places.get(job.sendId) ?? 0);
    });
    expect(inOrder).toBe(true);
    const most = Math.max(...taken.map(({ at }, index) => taken.slice(index).findIndex((one) => one.at >= at + 1_000)));
    expect(most).toBeLessThanOrEqual(A_SECOND);
    expect((now - startedAt) / 1_000).toBeLessThan((MAILS / A_SECOND) * 1.2);
    expect(turnedAway).toBeLessThan(MAILS / 3);
  });
});
