/** Whether a person wrote a mail to us, or what else it is; and of a report, about which mails and addresses. */
import { readMail } from '../email/received/read-mail.ts';
import type { ReceivedFile, ReceivedMail } from '../email/received/received-mail.ts';
import type { MachineKind } from '../thread/mail-facts.ts';

export interface Nature {
  kind: 'person' | MachineKind;
  /** Of a bounce: the address takes no mail, and will not. */
  isFinal: boolean;
  /** Addresses that a mail did not reach, in lower case. */
  failedRecipients: string[];
  /** Ids of the mails that it is about, without angle brackets. */
  originalIds: string[];
}

const PERSON: Nature = { kind: 'person', isFinal: false, failedRecipients: [], originalIds: [] };
const DAEMONS = /^(mailer-daemon|postmaster|mail-daemon)@/i;
const REPORT_BYTES_MAX = 256 * 1024;

/** @param sender of the envelope; empty where it names none, as automatic mail does (RFC 5321 §4.5.5) */
export function natureOf(mail: ReceivedMail, sender: string): Nature {
  const header = (name: string) => mail.headers.find(([other]) => other === name)?.[1].toLowerCase() ?? null;
  const contentType = header('content-type') ?? '';
  const report = /^multipart\/report\b/.test(contentType)
    ? /report-type\s*=\s*"?([\w-]+)/.exec(contentType)?.[1]
    : null;
  if (report === 'delivery-status') return deliveryReport(mail);
  if (report === 'feedback-report') return { ...PERSON, kind: 'complaint', originalIds: originalIdsOf(mail) };
  if (sender === '' && DAEMONS.test(mail.from[0]?.address ?? '')) {
    return { ...PERSON, kind: 'bounce', originalIds: originalIdsOf(mail) };
  }
  const submitted = header('auto-submitted'); // RFC 3834 §5
  if (submitted !== null && submitted.split(/[\s;]/, 1)[0] !== 'no') return { ...PERSON, kind: 'auto-reply' };
  const isListed = header('list-id') !== null || header('list-unsubscribe') !== null;
  const precedence = header('precedence');
  if (isListed || precedence === 'list' || precedence === 'bulk') return { ...PERSON, kind: 'list' };
  const isAuto = precedence === 'auto_reply' || header('x-autoreply') !== null || header('x-autorespond') !== null;
  return isAuto || sender === '' ? { ...PERSON, kind: 'auto-reply' } : PERSON;
}

/** RFC 3464: fields by the message and by each recipient. */
function deliveryReport(mail: ReceivedMail): Nature {
  const status = textOf(mail.attachments.find(({ mediaType }) => mediaType === 'message/delivery-status'));
  const fields = (name: string) =>
    [...status.matchAll(new RegExp(`^${name}:[ \\t]*(.*)$`, 'gim'))].map(([, value = '']) =>
      value.trim().toLowerCase(),
    );
  const recipients = fields('Final-Recipient').map((value) => value.replace(/^[\w-]+;\s*/, ''));
  const hasFailed = fields('Action').includes('failed') || fields('Status').some((code) => code.startsWith('5'));
  return {
    kind: hasFailed ? 'bounce' : 'delay',
    isFinal: hasFailed && fields('Status').some((code) => /^5\.1\./.test(code)),
    failedRecipients: hasFailed ? recipients : [],
    originalIds: originalIdsOf(mail),
  };
}

/** Of the mail that came back, whole or its header alone, and what that referred to; else what the report answers. */
function originalIdsOf(mail: ReceivedMail): string[] {
  const original = mail.attachments.find(({ mediaType }) => /^(message\/rfc822|text\/rfc822-headers)/.test(mediaType));
  const inner = original === undefined ? undefined : readMail(original.bytes.subarray(0, REPORT_BYTES_MAX));
  const found =
    inner === undefined || 'unreadable' in inner
      ? []
      : [...(inner.messageId === null ? [] : [inner.messageId]), ...inner.references];
  return [...found, ...mail.inReplyTo, ...mail.references];
}

function textOf(file: ReceivedFile | undefined): string {
  return Buffer.from(file?.bytes.subarray(0, REPORT_BYTES_MAX) ?? []).toString('utf8');
}
