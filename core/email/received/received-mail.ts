/**
 * A mail as it came in, read: what its header says, what its body says, and its files. All of it is a stranger's word:
 * nothing here is checked, and only what the receiving server itself wrote (`authentication`) can be relied on.
 */
import type { MailAddress } from '../mail.ts';
import type { Authentication } from './authentication.ts';

export interface ReceivedMail {
  /** Without angle brackets, as all ids here. */
  messageId: string | null;
  inReplyTo: string[];
  /** Oldest first. */
  references: string[];
  /** When its author's program says that it was sent. */
  sentAt: number | null;
  /** None where the mail names nobody; more than one is lawful (RFC 5322 §3.6.2), also where the field comes twice. */
  from: MailAddress[];
  sender: MailAddress | null;
  replyTo: MailAddress[];
  to: MailAddress[];
  cc: MailAddress[];
  /** On one line. */
  subject: string | null;
  /** What a mail program would show as text, its parts one under the other; null where there is only HTML. */
  text: string | null;
  /** Not sanitised. Null where there is only text. */
  html: string | null;
  attachments: ReceivedFile[];
  /** All fields in their order: name in lower case, value unfolded, encoded words as they came. */
  headers: [name: string, value: string][];
  /** The topmost Authentication-Results: the receiving server's own, if that server writes any. */
  authentication: Authentication | null;
  /** The bounds at which something was left out. The raw mail has it. */
  cutAt: Bound[];
}

export interface ReceivedFile {
  /** Fit to be a file's name anywhere; never empty. */
  name: string;
  /** The mail names it, if perhaps not like this. */
  isNamed: boolean;
  /** In lower case, without parameters. */
  mediaType: string;
  bytes: Uint8Array;
  /** As it is compared: without angle brackets, in lower case. */
  contentId: string | null;
  disposition: 'attachment' | 'inline' | null;
  /** The HTML shows it in its place. */
  isInline: boolean;
}

/** Why there is nothing to be read from what came. */
export type Unreadable = 'empty' | 'too-large';

/** The most that is read of a mail. What is more is left out and named in `cutAt`. */
export const LIMITS = {
  /** SES takes 40 MB; an SMTP server of one's own may take more. */
  mailBytes: 64 * 1024 * 1024,
  /** Of the header of the mail, and of that of each part. */
  headerBytes: 512 * 1024,
  headerFields: 1_000,
  fieldBytes: 64 * 1024,
  /** Multiparts in multiparts. A deeper one becomes a file. */
  depth: 50,
  parts: 1_000,
  textChars: 1024 * 1024,
  htmlChars: 1024 * 1024,
  addresses: 500,
  references: 200,
  subjectChars: 1_000,
};
export type Bound = Exclude<keyof typeof LIMITS, 'mailBytes'>;
