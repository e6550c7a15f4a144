/** A mail's way out: the job on the mail lane, the record of who is sending it, and what the provider said. */
import type { MailKind, MailRecipient } from '../effect/effect.ts';
import type { MailAddress, OutgoingMail } from '../email/mail.ts';
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
  /** Attempts of which nobody knows whether they sent the mail: those that were put off do not count. */
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
  /** A try is one of which nobody knows how it ended; what was put off is none. */
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

/** Who is sending which mail: a claim with a lease, so that two deliveries do not both send it. */
export interface Sends {
  /**
   * Claims a send that nobody claimed, or whose claim was released. With `retake`, also one whose lease is over and
   * whose latest attempt has that number; the attempt that is given up so counts as a try.
   * @param sendId as `sendIdOf` makes it
   * @returns the attempt, numbered from 1, or the record that stands in the way
   */
  claim(sendId: string, now: number, leaseMs: number, retake?: number): Promise<Claim | SendRecord>;
  /** How a send stands; undefined where nobody ever claimed it. */
  record(sendId: string): Promise<SendRecord | undefined>;
  /** The records of those of them that anybody claimed, by their ids. */
  records(sendIds: string[]): Promise<Map<string, SendRecord>>;
  /** What became of a mail after it was handed over. Of what was told before, the later in `FATES` stands. */
  tell(sendId: string, fate: Fate, now: number): Promise<void>;
  /** Settles an attempt. `sent` always holds; the others only while the attempt is the latest and still claimed. */
  settle(sendId: string, attempt: number, settlement: Settlement): Promise<void>;
}

/** Hands mail to a provider. When it throws, nobody knows whether the mail was sent. */
export interface MailOut {
  /**
   * What a send is worth that was begun and never recorded. `harmless`: it may be made again, the mail goes out once.
   * `send-again`: it is made again, so many times, rather than not at all. `await-events`: the provider tells by events
   * what it has sent; only then are replies sent again, and automatic mails never.
   */
  readonly afterCrash: 'harmless' | 'send-again' | 'await-events';
  send(send: { id: string; attempt: number }, mail: OutgoingMail): Promise<MailResult>;
  /** The provider gives mails Message-IDs of its own, in the place of ours: they are its ids for them. */
  readonly renames?: boolean;
}
