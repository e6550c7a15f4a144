/** By what a mail, or the address that it went to, is found again. Keys are hashes: what people wrote is in none. */
import { sha256Hex } from '../digest.ts';

const HASH_CHARS = 40;

/** What a key stands for. */
export interface MailRecord {
  thread: string;
  /** Of a mail that came in: the command that it was made into. */
  command?: string;
  /** Of a mail that went out, and of an address that takes none any more: the send. */
  send?: string;
  /** When the record was put; of a mail that came in, when it was accepted. */
  at: number;
}

/** A port: by what mails are found again, under keys as they are made below. */
export interface MailIndex {
  /**
   * Puts what a key stands for, unless something does already: that is answered. Kept for 400 days at least. Where two
   * claim at the same time, one of them is answered what the other has put.
   */
  claim(key: string, record: MailRecord): Promise<MailRecord | undefined>;
  /** Sees every claim that answered before. */
  find(key: string): Promise<MailRecord | undefined>;
  remove(key: string): Promise<void>;
}

/** A Message-ID, without its angle brackets, of a mail that went out or came in. */
export function messageKey(business: string, messageId: string): string {
  return keyOf(business, `message\n${providerPartOf(messageId)}`);
}

/** A mail that came in, by all that tells it from every other. */
export function contentKey(business: string, hash: string): string {
  return keyOf(business, `content\n${hash}`);
}

/** An address that mail bounced from for good. */
export function bouncedKey(business: string, address: string): string {
  return keyOf(business, `bounced\n${address.toLowerCase()}`);
}

function keyOf(business: string, text: string): string {
  return `${business} ${sha256Hex(text).slice(0, HASH_CHARS)}`;
}

/** SES tells ids of its mails without the domain that it puts behind them. */
function providerPartOf(messageId: string): string {
  return messageId.replace(/@([a-z0-9-]+\.)*amazonses\.com$/i, '');
}
