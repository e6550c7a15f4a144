/**
 * Reads a mail as mail programs do: whatever is broken is read as well as it can be, and whatever is too much is left
 * out and named. Time and memory grow with the length of the mail, whatever is in it.
 */
import { authenticationOf } from './authentication.ts';
import { bodyHtml, bodyText, leavesOf } from './body.ts';
import { addressesOf, idsOf, instantOf, messageIdOf, wordsOf } from './field-values.ts';
import { contentIdsIn, fileOf } from './file.ts';
import { fieldOf, fieldsOf } from './header.ts';
import { partsOf } from './part.ts';
import { type Bound, LIMITS, type ReceivedMail, type Unreadable } from './received-mail.ts';

/** Never throws. Attachments may share memory with `mail`. */
export function readMail(mail: Uint8Array): ReceivedMail | { unreadable: Unreadable } {
  if (mail.length === 0) return { unreadable: 'empty' };
  if (mail.length > LIMITS.mailBytes) return { unreadable: 'too-large' };
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
  const bounds = new Set<Bound>();
  const cut = (bound: Bound): void => void bounds.add(bound);
  const root = partsOf(bytes, cut);
  const leaves = leavesOf(root);
  const text = bodyText(bytes, leaves.text, cut);
  const html = bodyHtml(bytes, leaves.html, cut);
  const shown = contentIdsIn(html);
  const attachments = leaves.files.map((part) => fileOf(bytes, part, shown));
  const field = (name: string) => fieldOf(root.fields, name);
  const addresses = (name: string) => addressesOf(field(name), cut);
  return {
    messageId: messageIdOf(field('message-id')),
    inReplyTo: idsOf(field('in-reply-to'), cut),
    references: idsOf(field('references'), cut),
    sentAt: instantOf(field('date')),
    // Of all fields of the name: a server's verdict may be about any of them, and none must hide behind another.
    from: addressesOf(fieldsOf(root.fields, 'from').join(', '), cut),
    sender: addresses('sender')[0] ?? null,
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    subject: wordsOf(field('subject'), cut),
    ...{ text, html, attachments },
    headers: root.fields,
    authentication: authenticationOf(field('authentication-results')),
    cutAt: [...bounds],
  };
}
