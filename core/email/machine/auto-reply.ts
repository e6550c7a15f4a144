/** Answers that programs write by themselves, by what they declare (RFC 3834), by their makers' marks, and by words. */
import { fieldOf } from '../received/header.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import { AUTO_REPLY_SUBJECT, AUTO_REPLY_WORDS } from './auto-reply-words.ts';
import { hasNullReturnPath } from './sender.ts';

/** A field, and what of its values tells a machine; any value where nothing is said. */
const FIELDS: [name: string, tells: RegExp][] = [
  ['auto-submitted', /^(?!\s*no\b)/i],
  ['x-autoreply', /^(?!\s*no\b)/i],
  ['x-autorespond', /^(?!\s*no\b)/i],
  ['x-autoresponder', /^(?!\s*no\b)/i],
  ['x-auto-response', /^(?!\s*no\b)/i],
  ['x-auto-reply', /^(?!\s*no\b)/i],
  ['x-autoreply-from', /./],
  ['x-mail-autoreply', /./],
  ['x-auto-response-suppress', /\b(?:all|oof|autoreply)\b/i],
  ['x-ms-exchange-inbox-rules-loop', /./],
  ['x-ms-exchange-generated-message-source', /./],
  ['precedence', /\bauto[-_ ]?reply\b/i],
  ['x-precedence', /\bauto[-_ ]?reply\b/i],
  ['delivered-to', /^autoresponder$/i],
  ['x-fc-machinegenerated', /true/i],
  ['x-post-messageclass', /autoresponder/i],
  ['x-mailer', /autorespon|auto-?reply|vacation/i],
  ['x-vacation', /./],
  ['x-apple-action', /vacation/i],
];

export function isAutoReplySubject(subject: string | null): boolean {
  return AUTO_REPLY_SUBJECT.test(subject ?? '');
}

/** What tells that no person wrote this; null where nothing does. */
export function autoReplyEvidence(mail: ReceivedMail): string | null {
  for (const [name, tells] of FIELDS) {
    const value = fieldOf(mail.headers, name);
    if (value !== null && tells.test(value)) return `${name}: ${value.slice(0, 40)}`;
  }
  const subject = mail.subject ?? '';
  if (isAutoReplySubject(subject)) return 'subject of an automatic answer';
  if (!hasNullReturnPath(mail)) return null;
  return AUTO_REPLY_WORDS.test(subject) ? 'words of an automatic answer, no return path' : 'no return path';
}
