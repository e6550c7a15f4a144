/**
 * Who wrote a mail: a person or a machine, and what the machine says. What standards define is asked first, what
 * programs have in common afterwards; words come last, and only in mails that no person can have sent.
 */
import { fieldOf } from '../received/header.ts';
import { readMail } from '../received/read-mail.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import { autoReplyEvidence } from './auto-reply.ts';
import { bounceWords, failureByOriginal, failuresInWords } from './bounce.ts';
import { feedback } from './complaint.ts';
import type { Failure } from './failure.ts';
import { originalOf } from './original.ts';
import { providerNotice } from './provider-notice.ts';
import { deliveryReports, isReceipt, outcomeOf } from './report.ts';

/**
 * `auto_reply` is every answer, notice or receipt that a program wrote by itself; `bounce` a mail of ours that failed
 * for good; `delay` one that is still being tried; `complaint` a recipient who calls our mail unwanted; `list` what
 * went to many at once.
 */
export type MailLabel = 'human' | 'auto_reply' | 'bounce' | 'delay' | 'complaint' | 'list';

export interface Classified {
  label: MailLabel;
  /** What told it, in words for a log. Null where nothing speaks against a person. */
  evidence: string | null;
  /** Of a bounce: whom the mail did not reach. May be empty: some do not say. */
  failed: Failure[];
  /** Of a bounce, a delay, a complaint or a receipt: the mail of ours that it is about, where it says so. */
  originalMessageId: string | null;
}

export function classify(mail: ReceivedMail): Classified {
  return (
    providerNotice(mail) ??
    complaint(mail) ??
    report(mail) ??
    receipt(mail) ??
    bounceInWords(mail) ??
    automatic(mail) ??
    listed(mail)
  );
}

/** RFC 5965. */
function complaint(mail: ReceivedMail): Classified | null {
  const found = feedback(mail);
  return found === null ? null : { ...found, failed: [], originalMessageId: originalOf(mail).messageId };
}

/** RFC 3464, in a part of its own or among the words. */
function report(mail: ReceivedMail): Classified | null {
  const reports = deliveryReports(mail);
  const label = outcomeOf(reports);
  if (label === null) return null;
  const evidence = `delivery report: ${reports[0]?.action}`;
  const failed = reports.flatMap(({ action, failure }) =>
    action === 'failed' && failure.address !== '' ? [failure] : [],
  );
  return { label, evidence, failed, originalMessageId: originalOf(mail).messageId };
}

/** RFC 8098: it was displayed, or deleted. */
function receipt(mail: ReceivedMail): Classified | null {
  if (!isReceipt(mail)) return null;
  return {
    ...{ label: 'auto_reply', evidence: 'disposition notification', failed: [] },
    originalMessageId: originalOf(mail).messageId,
  };
}

function bounceInWords(mail: ReceivedMail): Classified | null {
  const found = bounceWords(mail);
  if (found === null) return null;
  const original = originalOf(mail);
  const failed = found.label === 'bounce' ? failuresInWords(mail, original) : [];
  if (found.label === 'delay' || failed.length > 0) return { ...found, failed, originalMessageId: original.messageId };
  return (
    wrapped(mail) ?? { ...found, failed: failureByOriginal(mail, original), originalMessageId: original.messageId }
  );
}

/** Gateways wrap bounces into their own and name nobody: it is the inner one that does. */
function wrapped({ attachments }: ReceivedMail): Classified | null {
  const returned = attachments.find(({ mediaType }) => mediaType === 'message/rfc822');
  const mail = returned === undefined ? null : readMail(returned.bytes);
  const inner = mail === null || 'unreadable' in mail ? null : report(mail);
  return inner?.label === 'bounce' ? inner : null;
}

function automatic(mail: ReceivedMail): Classified | null {
  // A postmaster may be a person; the daemon is none.
  const daemon = /mailer-?daemon/i.test(fieldOf(mail.headers, 'from') ?? '') ? 'from a mail system' : null;
  const evidence = autoReplyEvidence(mail) ?? daemon;
  return evidence === null ? null : { label: 'auto_reply', evidence, failed: [], originalMessageId: null };
}

/** RFC 2369 and RFC 2919; and what came before them. */
const LIST_FIELDS = ['list-id', 'list-post', 'list-unsubscribe', 'mailing-list', 'x-mailing-list', 'x-mlserver'];

function listed({ headers }: ReceivedMail): Classified {
  const field = LIST_FIELDS.find((name) => fieldOf(headers, name) !== null);
  const precedence = /^\s*(bulk|list|junk)\b/i.exec(fieldOf(headers, 'precedence') ?? '')?.[1]?.toLowerCase();
  const evidence = field ?? (precedence === undefined ? null : `precedence: ${precedence}`);
  return { label: evidence === null ? 'human' : 'list', evidence, failed: [], originalMessageId: null };
}
