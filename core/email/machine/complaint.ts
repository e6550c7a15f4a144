/** Reports of recipients who call a mail unwanted (RFC 5965). */
import type { ReceivedMail } from '../received/received-mail.ts';

/** Kinds that say that somebody minds; `auth-failure` and `not-spam` do not (RFC 5965 §7.3, RFC 6591). */
const MINDS = /^(?:abuse|fraud|virus|opt-out(?:-list)?|other|miscategorized)$/i;

/** Providers that send the mail back with a subject only, and who of them does. */
const SUBJECT = /^(?:complaint about (?:message|mail)|(?:abuse|spam|email feedback) (?:report|complaint))/i;
const REPORT_BYTES_MAX = 64 * 1024;
const REPORTER = /^(?:staff|feedback|feedback-?loop|fbl|abuse|complaints?|scomp|postmaster|no-?reply)/i;

export function feedback(mail: ReceivedMail): { label: 'complaint' | 'auto_reply'; evidence: string } | null {
  const report = mail.attachments.find(({ mediaType }) => mediaType === 'message/feedback-report');
  if (report !== undefined) {
    const kind = (kindIn(report.bytes) ?? 'abuse').toLowerCase();
    return { label: MINDS.test(kind) ? 'complaint' : 'auto_reply', evidence: `feedback report: ${kind}` };
  }
  const isReturned = mail.attachments.some(({ mediaType }) => mediaType === 'message/rfc822');
  const isReporter = REPORTER.test(mail.from[0]?.address ?? '');
  if (!isReturned || !isReporter || !SUBJECT.test(mail.subject ?? '')) return null;
  return { label: 'complaint', evidence: 'subject of a complaint' };
}

function kindIn({ buffer, byteOffset, byteLength }: Uint8Array): string | null {
  const start = Buffer.from(buffer, byteOffset, Math.min(byteLength, REPORT_BYTES_MAX));
  return /^feedback-type\s*:\s*([a-z-]{1,40})/im.exec(start.toString('latin1'))?.[1] ?? null;
}
