/** A mail's way out: the job on the mail lane, the record of who is sending it, and what the provider said. */
import type { MailKind, MailRecipient } from '../effect/effect.ts';
import type { MailAddress } from '../email/mail.ts';
import type { Thread } from '../thread/thread.ts';

/** What a letter says of its thread, beside the entry it is about. */
export type LetterFacts = Pick<
  Thread,
  'customer' | 'subject' | 'topic' | 'urgency' | 'team' | 'assignee' | 'expectedReplyAt' | 'advice'
> &
  // Not in jobs that an earlier version put on the lane.
  Partial<Pick<Thread, 'followUpOf' | 'participants' | 'mailIds'>>;

/**
 * A mail on its lane: which letter, about which entry, to whom. It is written when it is sent, from the log, which
 * never changes, and from what the thread was when the entry was made: the same letter, however often and late.
 */
export interface MailJob {
  sendId: string;
  business: string;
  thread: string;
  kind: MailKind;
  /** The entry it is about, and the log item that holds it. */
  seq: number;
  logSeq: number;
  /** Hash of the policy version under which the entry was decided. */
  policy: string;
  recipient: MailRecipient;
  to: MailAddress;
  facts: LetterFacts;
}

/** Mails of one thread to one recipient go out in order; one who cannot be reached holds nobody else up. */
export function mailLaneOf({ thread, recipient }: MailJob): string {
  return `${thread}~${recipient}`;
}

/** What may become of a mail after the provider took it. A later one of these is never taken back by an earlier. */
export const FATES = ['delayed', 'delivered', 'rejected', 'bounced', 'complained'] as const;
export type Fate = (typeof FATES)[number];

export interface SendRecord {
  /** `released`: a try failed for certain before anything was sent. `abandoned`: nobody knows, and it is left so. */
  state: 'claimed' | 'released' | 'sent' | 'failed' | 'abandoned';
  /** How often it was claimed. It only rises: an attempt's number is nobody else's. */
  attempts: number;
  /** Attempts that ended without the mail being sent, as far as anybody knows; throttling does not count. */
  tries: number;
  /** When it was claimed first. */
  since: number;
  leaseUntil: number;
  providerId: string | null;
  /** What became of it then, as far as anybody told. */
  fate: { is: Fate; at: number } | null;
}

/** A claim that was granted. */
export interface Claim {
  attempt: number;
  tries: number;
  since: number;
}

export type Settlement =
  | { state: 'sent'; providerId: string }
  /** Throttling is no try. */
  | { state: 'released'; isTry: boolean }
  | { state: 'failed'; detail: string }
  | { state: 'abandoned' };

/** `detail` goes into logs: it names codes, and nothing of the mail or of what a server says to it. */
export type MailResult =
  | { result: 'sent'; providerId: string }
  /** Not sent, and never will be: the provider refuses it. */
  | { result: 'refused'; detail: string }
  /** Not sent now; may be sent later. */
  | { result: 'deferred'; detail: string; isThrottled: boolean };
