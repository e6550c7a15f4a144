/** A mail's way out: the job on the mail lane, the record of who is sending it, and what the provider said. */
import type { OutgoingMail } from '../email/mail.ts';

/** A mail on the mail lane of its thread. */
export interface MailJob {
  sendId: string;
  business: string;
  thread: string;
  /** The command that caused it, for the record. */
  command: string;
  /** Whether it is written by a person; an automatic mail is never sent a second time to be on the safe side. */
  isPersonal: boolean;
  mail: OutgoingMail;
}

export interface SendRecord {
  /** `released`: a try failed for certain before anything was sent. `abandoned`: nobody knows, and it is left so. */
  state: 'claimed' | 'released' | 'sent' | 'failed' | 'abandoned';
  attempts: number;
  leaseUntil: number;
  providerId: string | null;
}

export type Settlement =
  | { state: 'sent'; providerId: string }
  /** Throttling is no try: it does not count as an attempt. */
  | { state: 'released'; isTry: boolean }
  | { state: 'failed'; detail: string }
  | { state: 'abandoned' };

export type MailResult =
  | { result: 'sent'; providerId: string }
  /** Not sent, and never will be: the provider refuses it. */
  | { result: 'refused'; detail: string }
  /** Not sent now; may be sent later. */
  | { result: 'deferred'; detail: string; isThrottled: boolean };
