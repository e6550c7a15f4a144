/**
 * Identifiers: prefixed, time-ordered, and self-certifying.
 *
 *   thr_acme_ 01k9…(26: time and entropy) + owner tag (8) + MAC (10)
 *   cmd_acme_ <the thread's 44 characters> _ 26 + author tag (8) + MAC (10)
 *   msg_…      the id of the command that brought the message, under another prefix
 *   att_acme_  26 + owner tag (8) + MAC (10)
 *
 * The MAC lets an id that was handed out, but whose command is still on its lane, be told from one that somebody made
 * up: no lookup, no shared state. The owner tag is a keyed hash of the customer (or the command's author), so that
 * the same holds for one customer against another. The key never rotates: ids outlive everything.
 */
import { hmacSha256, isSameText, sha256Hex } from './digest.ts';

/** A business id: short, so that the longest command id stays within the 128 characters that SQS allows. */
export const BUSINESS_ID = /^[a-z][a-z0-9-]{1,23}$/;
export const ENTROPY_BYTES = 10;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32, lower case
const TIME_CHARS = 10;
const UNIQUE_CHARS = 26;
const TAG_CHARS = 8;
const MAC_CHARS = 10;
const BODY = new RegExp(`^[${ALPHABET}]{${UNIQUE_CHARS + TAG_CHARS + MAC_CHARS}}$`);
/** What a thread's id has beside its business and its MAC: who knows these can make it whole. */
export const THREAD_CHARS = UNIQUE_CHARS + TAG_CHARS;
const TAGS_CACHED_MAX = 10_000;

type IdKind = 'thr' | 'cmd' | 'att';

/** What an id says of itself, once its MAC has been found right. */
export interface VerifiedId {
  kind: IdKind;
  business: string;
  /** The thread's id: of a thread itself, of a command its lane's thread, of an attachment null. */
  threadId: string | null;
  /** Epoch ms at which it was minted. */
  at: number;
  ownerTag: string;
}

/** The owner of a thread or attachment, or the author of a command, as text for the tag. */
export type Owner = `customer:${string}` | `agent:${string}` | `visitor:${string}` | `system:${string}`;

/** Mints and verifies the ids of one business. Pure: instants and entropy are arguments. */
export class Ids {
  readonly business: string;
  readonly #key: string;
  readonly #tags = new Map<Owner, string>();

  /** @param key the business's id key (secret, never rotated) */
  constructor(business: string, key: string) {
    this.business = business;
    this.#key = key;
  }

  thread(customerId: string, at: number, entropy: Uint8Array): string {
    return this.#sealed(`thr_${this.business}_`, at, entropy, `customer:${customerId}`);
  }

  /** The id of a thread of which only the first `THREAD_CHARS` are known; whether there is one, a store tells. */
  wholeThread(known: string): string {
    const payload = `thr_${this.business}_${known}`;
    return payload + this.#mac(payload);
  }

  command(threadId: string, author: Owner, at: number, entropy: Uint8Array): string {
    return this.#sealed(`cmd_${this.business}_${bodyOf(threadId)}_`, at, entropy, author);
  }

  attachment(owner: Owner, at: number, entropy: Uint8Array): string {
    return this.#sealed(`att_${this.business}_`, at, entropy, owner);
  }

  /** Entropy for an id that must come out the same whenever the same command is decided again. */
  static derivedEntropy(commandId: string, purpose: string): Uint8Array {
    return Buffer.from(sha256Hex(`${commandId}\n${purpose}`).slice(0, ENTROPY_BYTES * 2), 'hex');
  }

  /** What the id says, or undefined where this business did not mint it. */
  verify(id: string): VerifiedId | undefined {
    const [kind, business, first, second, ...more] = id.split('_');
    if (business !== this.business || first === undefined || more.length > 0) return undefined;
    const isCommand = kind === 'cmd';
    const sealed = isCommand ? second : first;
    if (sealed === undefined || !BODY.test(sealed) || !BODY.test(first)) return undefined;
    if (!isCommand && (second !== undefined || (kind !== 'thr' && kind !== 'att'))) return undefined;
    const payload = id.slice(0, -MAC_CHARS);
    if (!isSameText(this.#mac(payload), id.slice(-MAC_CHARS))) return undefined;
    return {
      kind,
      business,
      threadId: kind === 'att' ? null : `thr_${business}_${first}`,
      at: timeOf(sealed),
      ownerTag: sealed.slice(UNIQUE_CHARS, UNIQUE_CHARS + TAG_CHARS),
    };
  }

  /** Whether the verified id was minted for this owner (author). */
  isOwnedBy(id: VerifiedId, owner: Owner): boolean {
    return isSameText(id.ownerTag, this.#tag(owner));
  }

  /** A MAC over any text, for tokens that are not ids. 16 characters, 80 bits. */
  seal(text: string): string {
    return base32(hmacSha256(this.#key, `seal\n${text}`), 16);
  }

  #sealed(prefix: string, at: number, entropy: Uint8Array, owner: Owner): string {
    const payload = prefix + timeText(at) + base32(entropy, UNIQUE_CHARS - TIME_CHARS) + this.#tag(owner);
    return payload + this.#mac(payload);
  }

  #mac(payload: string): string {
    return base32(hmacSha256(this.#key, `id\n${payload}`), MAC_CHARS);
  }

  #tag(owner: Owner): string {
    const known = this.#tags.get(owner);
    if (known !== undefined) return known;
    const tag = base32(hmacSha256(this.#key, `owner\n${this.business}\n${owner}`), TAG_CHARS);
    if (this.#tags.size >= TAGS_CACHED_MAX) this.#tags.clear();
    this.#tags.set(owner, tag);
    return tag;
  }
}

/** The business that an id, a key or a capability token claims to belong to; nothing is verified. */
export function claimedBusinessOf(id: string): string {
  return id.split('_', 2)[1] ?? '';
}

/** The part of a thread id that its commands, entries, sends and events carry on. */
export function bodyOf(threadId: string): string {
  return threadId.slice(threadId.lastIndexOf('_') + 1);
}

/**
 * Whether a command is the one that its thread was made for: both were minted at one instant, of one entropy. A thread
 * has one such command, and exists from when that is decided, if nothing was set aside there before.
 */
export function isFounding(threadId: string, commandId: string): boolean {
  const prefix = `cmd${threadId.slice('thr'.length)}_`;
  const own = bodyOf(threadId).slice(0, UNIQUE_CHARS);
  return commandId.startsWith(prefix) && commandId.slice(prefix.length, prefix.length + UNIQUE_CHARS) === own;
}

/** The id of the message that a command brings: said to its author before the command is decided. */
export function messageIdOf(commandId: string): string {
  return `msg${commandId.slice(3)}`;
}

/** The id of an entry that is neither message nor note. */
export function entryIdOf(threadId: string, seq: number): string {
  return `ent${threadId.slice(3)}_${seq}`;
}

/** The id of a mail: one per entry and kind, whoever computes it. Fits an SES tag. */
export function sendIdOf(threadId: string, seq: number, kind: string): string {
  return `snd${threadId.slice(3)}_${seq}_${kind}`;
}

/** What ids of timers' commands begin with. */
export const TIMER_PREFIX = 'fire_';

/** The id of the command that fires the timers of one generation, of a thread or a pool. */
export function timerCommandIdOf(threadId: string, generation: number): string {
  return `${TIMER_PREFIX}${threadId.replace(/^thr_/, '')}_${generation}`;
}

/** The id of a public event: one per entry, whoever computes it. */
export function eventIdOf(threadId: string, seq: number): string {
  return `evt${threadId.slice(3)}_${seq}`;
}

/** When an id says that it was minted, as epoch ms; nothing is verified. */
export function mintedAt(id: string): number {
  return timeOf(bodyOf(id));
}

/** Whether thread `a` was started before thread `b`: ids are time-ordered, ties are broken by their text. */
export function isOlderThread(a: string, b: string): boolean {
  return bodyOf(a) < bodyOf(b);
}

function timeText(at: number): string {
  return base32Text(at, TIME_CHARS);
}

function timeOf(sealed: string): number {
  return base32Value(sealed.slice(0, TIME_CHARS));
}

/** A whole number in base 32, the last so many digits. */
export function base32Text(value: number, chars: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < chars; i += 1) {
    text = (ALPHABET[rest % 32] ?? '') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

export function base32Value(text: string): number {
  let value = 0;
  for (const char of text) value = value * 32 + ALPHABET.indexOf(char);
  return value;
}

/** The first bits of these bytes in base 32, five a character. */
export function base32(bytes: Uint8Array, chars: number): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (let i = 0; text.length < chars; i += 1) {
    value = (value << 8) | (bytes[i] ?? 0);
    bits += 8;
    while (bits >= 5 && text.length < chars) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31] ?? '';
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
