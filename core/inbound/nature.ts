/** Whether a person wrote a mail to us, or what else it is; and of a report, about which mails and addresses. */
import { classify, type MailLabel } from '../email/machine/classify.ts';
import { readMail } from '../email/received/read-mail.ts';
import type { ReceivedMail } from '../email/received/received-mail.ts';
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

const REPORT_BYTES_MAX = 256 * 1024;
const KINDS: Record<MailLabel, Nature['kind']> = {
  ...{ human: 'person', auto_reply: 'auto-reply', bounce: 'bounce', delay: 'delay', complaint: 'complaint' },
  list: 'list',
};

/** @param sender of the envelope; empty where it names none, as automatic mail does (RFC 5321 §4.5.5) */
export function natureOf(mail: ReceivedMail, sender: string): Nature {
  const { label, failed, originalMessageId } = classify(mail);
  const kind = label === 'human' && sender === '' ? 'auto-reply' : KINDS[label];
  const hard = failed.filter((failure) => failure.kind === 'hard' && failure.address !== '');
  return {
    kind,
    isFinal: hard.length > 0,
    failedRecipients: (hard.length > 0 ? hard : failed).map(({ address }) => address),
    originalIds: isAboutAnother(kind) ? [...new Set(originalIdsOf(mail, originalMessageId))] : [],
  };
}

function isAboutAnother(kind: Nature['kind']): boolean {
  return kind === 'bounce' || kind === 'delay' || kind === 'complaint';
}

/** Of the mail that came back, whole or its header alone, and what that referred to; else what the report answers. */
function originalIdsOf(mail: ReceivedMail, told: string | null): string[] {
  const original = mail.attachments.find(({ mediaType }) => /^(message\/rfc822|text\/rfc822-headers)/.test(mediaType));
  const inner = original === undefined ? undefined : readMail(original.bytes.subarray(0, REPORT_BYTES_MAX));
  const found =
    inner === undefined || 'unreadable' in inner
      ? []
      : [...(inner.messageId === null ? [] : [inner.messageId]), ...inner.references];
  const id = told?.replace(/^<|>$/g, '');
  return [...(id === undefined ? [] : [id]), ...found, ...mail.inReplyTo, ...mail.references];
}
