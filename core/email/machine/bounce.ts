/**
 * Bounces that are no report for machines: told by who sends them and by what all of them say, and read by their
 * shape, which is much the same everywhere: some words, whom it did not reach and why, then the mail that it was.
 */

import { textOfHtml } from '../html.ts';
import { fieldOf } from '../received/header.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import { addressesInWords } from './addresses-in-words.ts';
import { isAutoReplySubject } from './auto-reply.ts';
import { BOUNCE_SUBJECT, BOUNCE_WORDS, DELAY_SUBJECT, DELAY_WORDS, GIVEN_UP, RETURNED_MAIL } from './bounce-words.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Original } from './original.ts';
import { hasNullReturnPath, isFromMailSystem } from './sender.ts';

const NOTICE_CHARS_MAX = 32 * 1024;
/** RFC 3463: what a mail server says in whatever language, it says with such a code. */
const PERMANENT_CODE = /(?<![\d.])5\.[1-7]\.\d{1,3}(?![\d.]*\d)/;

/**
 * Whether a mail says that another did not arrive. Words count only of a mail that a person does not send: from a mail
 * server, without a return path, or with the field that only bounces have.
 */
export function bounceWords(mail: ReceivedMail): { label: 'bounce' | 'delay'; evidence: string } | null {
  const subject = mail.subject ?? '';
  const isReturned = fieldOf(mail.headers, 'x-failed-recipients') !== null;
  const sender = senderOf(mail);
  if (sender === null && !isReturned) return null;
  const notice = noticeOf(mail);
  if (DELAY_SUBJECT.test(subject) || (DELAY_WORDS.test(notice) && !GIVEN_UP.test(notice))) {
    return { label: 'delay', evidence: `words of a delay, ${sender}` };
  }
  if (isReturned) return { label: 'bounce', evidence: 'x-failed-recipients' };
  const says = BOUNCE_SUBJECT.test(subject)
    ? 'subject'
    : BOUNCE_WORDS.test(notice)
      ? 'words'
      : isFromMailSystem(mail) && PERMANENT_CODE.test(notice)
        ? 'code'
        : null;
  return says === null ? null : { label: 'bounce', evidence: `${says} of a bounce, ${sender}` };
}

function senderOf(mail: ReceivedMail): string | null {
  if (isFromMailSystem(mail)) return 'from a mail system';
  if (isAutoReplySubject(mail.subject)) return null;
  if (hasNullReturnPath(mail)) return 'no return path';
  return fieldOf(mail.headers, 'from') === null ? 'from nobody' : null;
}

/** The words before the returned mail. */
function noticeOf(mail: ReceivedMail): string {
  const text = mail.text ?? (mail.html === null ? '' : textOfHtml(mail.html.slice(0, 2 * NOTICE_CHARS_MAX)));
  const start = text.slice(0, NOTICE_CHARS_MAX);
  const returned = RETURNED_MAIL.exec(start);
  return returned === null || returned.index === 0 ? start : start.slice(0, returned.index);
}

/** By the field that some servers write, or by the words. */
export function failuresInWords(mail: ReceivedMail, original: Original): Failure[] {
  const notice = noticeOf(mail);
  const listed = (fieldOf(mail.headers, 'x-failed-recipients') ?? '').match(/[^\s,;<>]+@[^\s,;<>]+/g) ?? [];
  const found = addressesInWords(notice, { own: ownAddresses(mail), original });
  const wordsOf = (address: string) => found.find((one) => one.address === address.toLowerCase())?.words ?? notice;
  const named = listed.length > 0 ? listed : found.map(({ address }) => address);
  return [...new Set(named)].map((address) => failureOf(address, null, wordsOf(address)));
}

/** Where nobody is named, and the returned mail was for one only, it is that one. */
export function failureByOriginal(mail: ReceivedMail, { recipients }: Original): Failure[] {
  const own = ownAddresses(mail);
  const others = [...recipients].filter((address) => !own.has(address));
  return others.length === 1 ? others.map((address) => failureOf(address, null, noticeOf(mail))) : [];
}

function ownAddresses({ to, from }: ReceivedMail): Set<string> {
  return new Set([...to, ...from].map(({ address }) => address.toLowerCase()));
}
