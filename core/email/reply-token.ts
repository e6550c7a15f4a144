/**
 * Reply tokens: the address that an answer comes back to says which thread it is for, and works for one sender.
 *
 *   reply+ bbb kk tttttttttttttttttttttttttttttttttt ddd mmmmmmmmmmmmmmmm @in.acme.example
 *          │   │  │ thread: time, entropy, owner tag  │   MAC, 80 bits
 *          │   │  └ 34 characters of its id           └ the last day on which it holds
 *          │   └ hash of the key's id
 *          └ hash of the business
 *
 * 64 octets, the most that a local part may have (RFC 5321 §4.5.3.1.1), all of them base 32 in lower case. The MAC is
 * over all of it and whoever the mail was for: nobody else's address makes it right. Of the thread's id only its own
 * MAC is left out, which `Ids` makes anew. Pure.
 */
import { hmacSha256, isSameText, sha256Hex } from '../digest.ts';
import { base32, base32Text, base32Value, bodyOf, claimedBusinessOf, THREAD_CHARS } from '../ids.ts';
import type { BusinessSecrets } from '../policy/business-secrets.ts';

/** Whom a mail was for: a customer by their address, somebody of the business by what they are there. */
export type Correspondent = `customer:${string}` | `agent:${string}` | `team:${string}`;

type Keys = NonNullable<BusinessSecrets['mailKeys']>;

/** What a local part says, if it is a token; nothing is verified. */
export interface ReplyToken {
  businessTag: string;
  keyTag: string;
  /** The thread's id without its business and its MAC. */
  thread: string;
  lastDay: number;
  mac: string;
}

/** How long an answer may take. */
export const VALID_DAYS = 400;

const PREFIX = 'reply+';
const [BUSINESS_CHARS, KEY_CHARS, DAY_CHARS, MAC_CHARS] = [3, 2, 3, 16];
const TOKEN = new RegExp(
  `^([0-9a-z]{${BUSINESS_CHARS}})([0-9a-z]{${KEY_CHARS}})([0-9a-z]{${THREAD_CHARS}})([0-9a-z]{${DAY_CHARS}})` +
    `([0-9a-z]{${MAC_CHARS}})$`,
);
const DAY_MS = 86_400_000;
/** Days are counted from here, so that three characters last until the year 2115. */
const DAY_ZERO = Date.UTC(2026, 0) / DAY_MS;

/** The local part for an answer to a mail of that instant; undefined where the business has no key yet. */
export function replyLocalPart(
  keys: Keys | undefined,
  mail: { threadId: string; to: Correspondent; at: number },
): string | undefined {
  const key = keys?.[0];
  if (key === undefined) return undefined;
  const business = claimedBusinessOf(mail.threadId);
  const lastDay = Math.floor(mail.at / DAY_MS) - DAY_ZERO + VALID_DAYS;
  const payload =
    businessTag(business) +
    tag(`key\n${key.kid}`, KEY_CHARS) +
    bodyOf(mail.threadId).slice(0, THREAD_CHARS) +
    base32Text(lastDay, DAY_CHARS);
  return PREFIX + payload + macOf(key.secret, business, mail.to, payload);
}

/** The token in a local part, in whatever case it came back. */
export function readReplyToken(localPart: string): ReplyToken | undefined {
  const lower = localPart.toLowerCase();
  if (!lower.startsWith(PREFIX)) return undefined;
  const [, business, keyTag, thread, day, mac] = TOKEN.exec(lower.slice(PREFIX.length)) ?? [];
  if (business === undefined || keyTag === undefined || thread === undefined || mac === undefined) return undefined;
  return { businessTag: business, keyTag, thread, lastDay: base32Value(day ?? ''), mac };
}

/** Whether a token claims to be of a business; cheap, and no proof. */
export function isTokenOf(token: ReplyToken, business: string): boolean {
  return token.businessTag === businessTag(business);
}

/** For whom of these the token was made; undefined where it was made for none of them, or not by us. */
export function bearerOf(
  token: ReplyToken,
  business: string,
  keys: Keys | undefined,
  candidates: Iterable<Correspondent>,
): Correspondent | undefined {
  const payload = token.businessTag + token.keyTag + token.thread + base32Text(token.lastDay, DAY_CHARS);
  const fitting = (keys ?? []).filter(({ kid }) => tag(`key\n${kid}`, KEY_CHARS) === token.keyTag);
  for (const candidate of candidates) {
    if (fitting.some(({ secret }) => isSameText(macOf(secret, business, candidate, payload), token.mac))) {
      return candidate;
    }
  }
  return undefined;
}

export function isExpired({ lastDay }: ReplyToken, now: number): boolean {
  return Math.floor(now / DAY_MS) - DAY_ZERO > lastDay;
}

function businessTag(business: string): string {
  return tag(`business\n${business}`, BUSINESS_CHARS);
}

function tag(text: string, chars: number): string {
  return base32(Buffer.from(sha256Hex(text), 'hex'), chars);
}

/** Mail programs keep addresses in any case, and no two people have one that differs in nothing else. */
function macOf(secret: string, business: string, to: Correspondent, payload: string): string {
  return base32(hmacSha256(secret, `reply\n${business}\n${to.toLowerCase()}\n${payload}`), MAC_CHARS);
}
