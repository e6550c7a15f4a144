/** A mail that came in, as it was handed over; and what of it every use of it wants to know. */

import { sha256Hex } from '../digest.ts';
import { addressSchema } from '../email/address.ts';
import type { MailAddress } from '../email/mail.ts';
import { readMail } from '../email/received/read-mail.ts';
import type { ReceivedMail, Unreadable } from '../email/received/received-mail.ts';
import type { Verdicts } from '../thread/mail-facts.ts';
import { type Nature, natureOf } from './nature.ts';
import { isAuthenticated, isPlain, NO_VERDICTS, verdictsFrom } from './sender-proof.ts';

export interface IncomingMail {
  /** The blob where the raw mail lies, durably. */
  rawKey: string;
  bytes: Uint8Array;
  /** Of the envelope; the sender is empty where it names none. */
  sender: string;
  recipients: string[];
  /** What the receiving server says beside the mail; null where it says it in a header alone. */
  verdicts: Verdicts | null;
  /** The server whose topmost Authentication-Results is believed, in lower case; null for none. */
  authority: string | null;
}

export interface ReadMail {
  /** Of an unreadable mail nothing but its envelope. */
  mail: ReceivedMail;
  unreadable: Unreadable | null;
  nature: Nature;
  /** Who says to have written it; null for nobody that could be answered. */
  from: MailAddress | null;
  verdicts: Verdicts;
  isAuthenticated: boolean;
  /** Of all that tells this mail from every other, however it travelled. */
  hash: string;
}

const NAME_CHARS_MAX = 100;
const NOTHING: ReceivedMail = {
  ...{ messageId: null, inReplyTo: [], references: [], sentAt: null, from: [], sender: null, replyTo: [], to: [] },
  ...{ cc: [], subject: null, text: null, html: null, attachments: [], headers: [], authentication: null, cutAt: [] },
};

export function readIncoming(incoming: IncomingMail): ReadMail {
  const { bytes, sender, authority } = incoming;
  const read = readMail(bytes);
  const unreadable = 'unreadable' in read ? read.unreadable : null;
  const mail = 'unreadable' in read ? NOTHING : read;
  const believed = mail.authentication?.server === authority && isPlain(sender) ? mail.authentication : null;
  const verdicts = {
    ...NO_VERDICTS,
    ...(believed === null ? {} : verdictsFrom(believed)),
    ...(incoming.verdicts === null ? {} : incoming.verdicts),
  };
  const from = authorOf(mail, sender);
  // More than one author is lawful, and no one of them is whom a server has looked at.
  const isOne = mail.from.length === 1 && isPlain(sender);
  const proved = isOne && isAuthenticated(from?.address ?? null, verdicts, believed);
  const nature = natureOf(mail, sender);
  const hash = unreadable === null ? contentHash(mail) : sha256Hex(bytes);
  return { mail, unreadable, nature, from, verdicts, isAuthenticated: proved, hash };
}

function authorOf(mail: ReceivedMail, sender: string): MailAddress | null {
  const [first = mail.sender ?? { name: '', address: sender }] = mail.from;
  const address = addressSchema.safeParse(first.address);
  return address.success ? { name: first.name.slice(0, NAME_CHARS_MAX).toWellFormed(), address: address.data } : null;
}

/** Servers add and change headers on the way: none of those counts. */
function contentHash({ messageId, from, sentAt, subject, text, html, attachments }: ReceivedMail): string {
  const files = attachments.map(({ name, bytes }) => [name, sha256Hex(bytes)]);
  return sha256Hex(JSON.stringify([messageId, from, sentAt, subject, text, html, files]));
}
