/**
 * Delivery: sends each mail once, as far as the provider lets anybody know that it did. The claim keeps two
 * deliveries from sending the same mail; its lease outlives the function, so that a claim whose lease is over belongs
 * to one that died. What happened then is a matter of what the provider can tell (`MailOut.afterCrash`).
 */

import type { Clock, Lanes, Log, MailOut, Policies, Sends } from '../ports.ts';
import type { Command } from '../thread/command.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { MailJob, MailResult, SendRecord } from './send.ts';

/** Longer than any delivery may run: a claim older than this has nobody behind it. */
const LEASE_MS = 120_000;
/** How long after the lease the provider's own event may still settle a claim. */
const EVENTS_COME_WITHIN_MS = 600_000;
/** A reply whose sending nobody can vouch for is sent again at most so often. */
const UNSURE_TRIES_MAX = 3;
/** A mail that is put off again and again is given up after so many tries: about a day. */
const DEFERRED_TRIES_MAX = 50;
const DEFER_FIRST_MS = 30_000;
const DEFER_MAX_MS = 1_800_000;
const THROTTLED_MS = 2_000;

export interface DeliverDeps {
  sends: Sends;
  mailOut: MailOut;
  lanes: Lanes;
  policies: Policies;
  clock: Clock;
  log: Log;
}

/** Whether the mail lane may forget the mail, or when it should bring it again. */
export type Delivered = 'done' | { retryInMs: number };

export async function deliver(job: MailJob, deps: DeliverDeps): Promise<Delivered> {
  const claim = await deps.sends.claim(job.sendId, deps.clock.now(), LEASE_MS);
  if ('attempt' in claim) return send(job, claim.attempt, deps);
  if (claim.state !== 'claimed') return 'done'; // sent, failed or abandoned before
  return takeOver(job, claim, deps);
}

/** Somebody else has claimed the mail: they are at it, or they died at it. */
async function takeOver(job: MailJob, claim: SendRecord, deps: DeliverDeps): Promise<Delivered> {
  const { sends, mailOut, clock, log } = deps;
  const isSendAgain = mailOut.afterCrash === 'send-again';
  const settledBy = claim.leaseUntil + (isSendAgain ? 0 : EVENTS_COME_WITHIN_MS);
  const now = clock.now();
  if (now < settledBy) return { retryInMs: settledBy - now };
  if (isSendAgain || (job.isPersonal && claim.attempts < UNSURE_TRIES_MAX)) {
    const retaken = await sends.claim(job.sendId, now, LEASE_MS, claim.attempts);
    return 'attempt' in retaken ? send(job, retaken.attempt, deps) : { retryInMs: LEASE_MS };
  }
  await sends.settle(job.sendId, claim.attempts, { state: 'abandoned' });
  log('error', 'mail.abandoned', { send: job.sendId, attempts: claim.attempts });
  return 'done';
}

async function send(job: MailJob, attempt: number, deps: DeliverDeps): Promise<Delivered> {
  const { sends, mailOut, log } = deps;
  let result: MailResult;
  try {
    result = await mailOut.send(job.sendId, job.mail);
  } catch (failure) {
    // Sent or not: nobody knows. The claim stays, and is looked at again when its lease is over.
    log('warn', 'mail.unsure', { send: job.sendId, attempt, failure: failure instanceof Error ? failure.name : '' });
    return { retryInMs: LEASE_MS };
  }
  if (result.result === 'sent') {
    await sends.settle(job.sendId, attempt, { state: 'sent', providerId: result.providerId });
    return 'done';
  }
  if (result.result === 'refused') return giveUp(job, attempt, result.detail, deps);
  if (!result.isThrottled && attempt >= DEFERRED_TRIES_MAX) return giveUp(job, attempt, result.detail, deps);
  await sends.settle(job.sendId, attempt, { state: 'released', isTry: !result.isThrottled });
  if (result.isThrottled) return { retryInMs: THROTTLED_MS };
  log('warn', 'mail.deferred', { send: job.sendId, attempt });
  return { retryInMs: Math.min(DEFER_FIRST_MS * 2 ** (attempt - 1), DEFER_MAX_MS) };
}

/** The mail will never be sent: its thread is told first, so that a crash in between tells it again. */
async function giveUp(job: MailJob, attempt: number, detail: string, deps: DeliverDeps): Promise<Delivered> {
  const policy = deps.policies.current(job.business);
  const command: Command = {
    schema: 1,
    id: `dlv${job.sendId.slice(3)}`,
    business: job.business,
    thread: job.thread,
    acceptedAt: deps.clock.now(),
    policy: policy?.hash ?? '',
    author: SYSTEM,
    control: 'agent',
    body: { type: 'record-delivery', send: job.sendId, state: 'rejected', detail },
  };
  await deps.lanes.send([{ lane: job.thread, id: command.id, body: command }]);
  await deps.sends.settle(job.sendId, attempt, { state: 'failed', detail });
  deps.log('error', 'mail.rejected', { send: job.sendId, attempt });
  return 'done';
}
