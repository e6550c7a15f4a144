/**
 * The headers by which mail programs show the mails of a thread as one.
 *
 * All mails of a thread name one root, an id that no mail has: it follows from the thread's, so that no mail need be
 * remembered, and holds though a provider gives each mail an id of its own. After it come the latest ids that mails to
 * us had, the one that is answered last (RFC 5322 §3.6.4); a reader who has those has the root's mails beside them.
 */
import { sha256Hex } from '../digest.ts';
import { mintedAt } from '../ids.ts';
import { asciiDomain } from './address.ts';

/** Of one header: what SES takes (API reference, MessageHeader), less than a line may have (RFC 5322 §2.1.1). */
export const HEADER_CHARS_MAX = 870;
/** `msg-id` in ASCII, without its brackets; looser inside, for programs write all kinds. */
const MESSAGE_ID = /^[\x21-\x3b\x3d\x3f-\x7e]{1,250}$/;

/** @param known ids of the mails that came in last, without brackets, the latest last */
export function threadingHeaders(threadId: string, domain: string, known: string[]): Record<string, string> {
  const root = messageId(threadId, domain);
  const references = referencesOf(root, known);
  return {
    'In-Reply-To': references.at(-1) ?? root,
    References: references.join(' '),
    'Thread-Index': threadIndex(threadId),
  };
}

/** In ASCII, whatever the domain is written in (RFC 5322 knows no other; RFC 6532 has to be understood by all). */
export function messageId(left: string, domain: string): string {
  return `<${left}@${asciiDomain(domain)}>`;
}

/** The root, and as many of the latest as fit. What is no id in ASCII cannot be named. */
function referencesOf(root: string, known: string[]): string[] {
  const latest = known.filter((id) => MESSAGE_ID.test(id));
  const named: string[] = [];
  let chars = root.length;
  for (const id of latest.toReversed()) {
    chars += id.length + ' <>'.length;
    if (chars > HEADER_CHARS_MAX) break;
    named.unshift(`<${id}>`);
  }
  return [root, ...named];
}

const FILETIME_EPOCH_MS = 11_644_473_600_000n;
const TICKS_PER_MS = 10_000n;

/**
 * Outlook groups by the GUID of a conversation, not by references ([MS-OXOMSG] §2.2.1.3): one byte 0x01 and five of
 * the time, which are the upper six of a FILETIME of our days, then the GUID. The same for all mails of a thread.
 */
function threadIndex(threadId: string): string {
  const ticks = (BigInt(mintedAt(threadId)) + FILETIME_EPOCH_MS) * TICKS_PER_MS;
  const time = BigInt.asUintN(64, ticks).toString(16).padStart(16, '0').slice(0, 12);
  return Buffer.from(time + sha256Hex(`conversation\n${threadId}`).slice(0, 32), 'hex').toString('base64');
}
