/**
 * Delivery: sends each mail once, as far as the provider lets anybody know that it did. The claim keeps two
 * deliveries from sending the same mail; its lease outlives the function, so that a claim whose lease is over belongs
 * to one that died. What happened then is a matter of what the provider can tell (`MailOut.afterCrash`).
 */

import type { OutgoingMail } from '../email/mail.ts';
import { TransientFailure } from '../failures.ts';
import { bouncedKey, messageKey } from '../inbound/mail-index.ts';
import type {
  Blobs,
  Clock,
  Lanes,
  Log,
  MailIndex,
  MailOut,
  Metrics,
  Policies,
  Secrets,
  Sends,
  ThreadStore,
} from '../ports.ts';
import type { Command } from '../thread/command.ts';
import { SYSTEM } from '../thread/entry.ts';
import { letterOf } from './letter-of.ts';
import type { Claim, MailJob, MailResult, SendRecord } from './send.ts';

/** Longer than any delivery may run: a claim older than this has nobody behind it. */
const LEASE_MS = 120_000;
/** How long after the lease the provider's own event may still settle a claim. */
const EVENTS_COME_WITHIN_MS = 600_000;
/** A mail of which the provider does not say whether it took it is tried at most so often. */
const UNSURE_TRIES_MAX = 3;
/** A mail that is put off again and again is given up after so long. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const UNSURE = { state: 'unsure', detail: 'Nobody can say whether the mail was sent.' } as const;
const DEFER_FIRST_MS = 30_000;
const DEFER_MAX_MS = 1_800_000;
const THROTTLED_FIRST_MS = 2_000;
/** A day of it is fewer than the 1,000 receives that SQS allows a message (API reference, `maxReceiveCount`). */
const THROTTLED_MAX_MS = 120_000;

export interface DeliverDeps {
  threads: ThreadStore;
  blobs: Blobs;
  sends: Sends;
  mailOut: MailOut;
  lanes: Lanes;
  policies: Policies;
  secrets: Secrets;
  mailIndex: MailIndex;
  /** Where the API is reached by everybody: links in mails lead there. */
  baseUrl: () => string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** Whether the mail lane may forget the mail, or when it should bring it again. */
export type Delivered = 'done' | { retryInMs: number };

export async function deliver(job: MailJob, deps: DeliverDeps): Promise<Delivered> {
  const claim = await deps.sends.claim(job.sendId, deps.clock.now(), LEASE_MS);
  if ('attempt' in claim) return send(job, claim, deps);
  if (claim.state !== 'claimed') return 'done'; // sent, failed or abandoned before
  return takeOver(job, claim, deps);
}

/** An automatic mail is sent at most once where nothing keeps it from going out twice: so its claim is all there is. */
function isAtMostOnce(job: MailJob, { mailOut }: DeliverDeps): boolean {
  return job.kind !== 'reply' && mailOut.afterCrash === 'await-events';
}

/** Somebody else has claimed the mail: they are at it, or they died at it. */
async function takeOver(job: MailJob, claim: SendRecord, deps: DeliverDeps): Promise<Delivered> {
  const { sends, mailOut, clock } = deps;
  const now = clock.now();
  const settledBy = claim.leaseUntil + (mailOut.afterCrash === 'await-events' ? EVENTS_COME_WITHIN_MS : 0);
  if (isAtMostOnce(job, deps)) return now < claim.leaseUntil ? { retryInMs: claim.leaseUntil - now } : 'done';
  if (now < settledBy) return { retryInMs: settledBy - now };
  if (mailOut.afterCrash === 'await-events' && claim.tries + 1 >= UNSURE_TRIES_MAX) {
    return giveUp(job, claim.attempts, UNSURE, deps);
  }
  const retaken = await sends.claim(job.sendId, now, LEASE_MS, claim.attempts);
  return 'attempt' in retaken ? send(job, retaken, deps) : { retryInMs: LEASE_MS };
}

async function send(job: MailJob, claim: Claim, deps: DeliverDeps): Promise<Delivered> {
  const { sends, log } = deps;
  const { attempt } = claim;
  const result = await trySending(job, attempt, deps);
  if (result === 'unsure') return leaveUnsure(job, claim, deps);
  if (result.result === 'sent') {
    const { providerId } = result;
    deps.metrics('MailsSent', 1);
    // An answer may come back before it is said of the send that it went out.
    if (deps.mailOut.renames === true) await remember(job, providerId, deps);
    if (!isAtMostOnce(job, deps)) await sends.settle(job.sendId, attempt, { state: 'sent', providerId });
    return 'done';
  }
  const { detail } = result;
  const elapsedMs = deps.clock.now() - claim.since;
  if (result.result === 'refused' || elapsedMs > GIVE_UP_AFTER_MS) {
    return giveUp(job, attempt, { state: 'rejected', detail }, deps);
  }
  await sends.settle(job.sendId, attempt, { state: 'released', isTry: false });
  log('warn', 'mail.deferred', { send: job.sendId, attempt, detail });
  if (result.isThrottled) return { retryInMs: between(THROTTLED_FIRST_MS, elapsedMs / 10, THROTTLED_MAX_MS) };
  return { retryInMs: between(DEFER_FIRST_MS, elapsedMs / 2, DEFER_MAX_MS) };
}

/** By the id that the provider gave the mail, an answer finds its thread. */
async function remember({ sendId, business, thread }: MailJob, id: string, deps: DeliverDeps): Promise<void> {
  await deps.mailIndex.claim(messageKey(business, id), { thread, send: sendId, at: deps.clock.now() });
}

/** Where the provider tells by events what it has sent, the claim stays until its lease is over, and waits for them. */
async function leaveUnsure(job: MailJob, { attempt, tries }: Claim, deps: DeliverDeps): Promise<Delivered> {
  deps.log('warn', 'mail.unsure', { send: job.sendId, attempt });
  if (deps.mailOut.afterCrash !== 'await-events') {
    if (tries + 1 >= UNSURE_TRIES_MAX) return giveUp(job, attempt, UNSURE, deps);
    await deps.sends.settle(job.sendId, attempt, { state: 'released', isTry: true });
  }
  return { retryInMs: LEASE_MS };
}

/** `unsure`: it was begun, and nobody knows how it ended. */
async function trySending(job: MailJob, attempt: number, deps: DeliverDeps): Promise<MailResult | 'unsure'> {
  let mail: OutgoingMail;
  try {
    const bounced = await deps.mailIndex.find(bouncedKey(job.business, job.to.address));
    if (bounced !== undefined)
      return { result: 'refused', detail: 'An earlier mail to this address bounced for good.' };
    mail = await withoutBounced(await letterOf(job, deps), job.business, deps);
  } catch (failure) {
    // Nothing was begun. What passes is tried again soon; what does not will never be written.
    if (failure instanceof TransientFailure) return { result: 'deferred', detail: failure.name, isThrottled: true };
    deps.log('error', 'mail.unwritten', { send: job.sendId, defect: nameOf(failure) });
    return { result: 'refused', detail: 'The mail could not be written.' };
  }
  try {
    return await deps.mailOut.send({ id: job.sendId, attempt }, mail);
  } catch {
    return 'unsure';
  }
}

/** Of those who get a copy, nobody whose address takes no mail. */
async function withoutBounced(mail: OutgoingMail, business: string, { mailIndex }: DeliverDeps): Promise<OutgoingMail> {
  const { cc = [], ...rest } = mail;
  if (cc.length === 0) return mail;
  const bounced = await Promise.all(cc.map(({ address }) => mailIndex.find(bouncedKey(business, address))));
  const left = cc.filter((_, index) => bounced[index] === undefined);
  return left.length === 0 ? rest : { ...rest, cc: left };
}

/** Nothing more will be sent: the thread is told first, so that a crash in between tells it again. */
async function giveUp(
  job: MailJob,
  attempt: number,
  told: { state: 'rejected' | 'unsure'; detail: string },
  deps: DeliverDeps,
): Promise<Delivered> {
  const { state, detail } = told;
  const command: Command = {
    schema: 1,
    id: `dlv${job.sendId.slice(3)}`,
    business: job.business,
    thread: job.thread,
    acceptedAt: deps.clock.now(),
    policy: job.policy,
    author: SYSTEM,
    control: 'agent',
    body: { type: 'record-delivery', send: job.sendId, state, detail },
  };
  await deps.lanes.send([{ lane: job.thread, id: command.id, body: command }]);
  const settlement = state === 'unsure' ? { state: 'abandoned' as const } : { state: 'failed' as const, detail };
  await deps.sends.settle(job.sendId, attempt, settlement);
  deps.metrics('MailsUndelivered', 1);
  deps.log('error', `mail.${state}`, { send: job.sendId, attempt });
  return 'done';
}

function between(min: number, value: number, max: number): number {
  return Math.round(Math.min(Math.max(value, min), max));
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : typeof failure;
}
