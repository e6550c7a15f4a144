/**
 * Rating tokens: whoever has one may say how content the customer of one thread was, for so many days, and nothing
 * else. They stand in links that mails carry, so they are short, and worth little to whom a mail is passed on.
 *
 *   acme . k1 . <the thread's 44 characters> . 01x7 . mmmmmmmmmmmmmmmmmmmmmmmmmm
 *          └ id of the key                     │      └ MAC over all before it, 130 bits
 *                                              └ the last day on which it holds
 */
import { hmacSha256, isSameText } from '../digest.ts';
import { base32, base32Text, base32Value, bodyOf, claimedBusinessOf } from '../ids.ts';
import type { BusinessSecrets } from '../policy/business-secrets.ts';

/** Longer than most threads stay open after they are solved. */
export const RATING_DAYS = 60;

const DAY_MS = 86_400_000;
const [DAY_CHARS, MAC_CHARS] = [4, 26];

type Keys = BusinessSecrets['capabilityKeys'];

/** @param at when the mail with it is written. @throws {RangeError} for a business without a key */
export function mintRatingToken(keys: Keys, threadId: string, at: number): string {
  const [key] = keys;
  if (key === undefined) throw new RangeError('The business has no key for rating tokens.');
  const lastDay = base32Text(Math.floor(at / DAY_MS) + RATING_DAYS, DAY_CHARS);
  const payload = [claimedBusinessOf(threadId), key.kid, bodyOf(threadId), lastDay].join('.');
  return `${payload}.${macOf(key.secret, payload)}`;
}

/** The thread of a token; undefined for one that was not minted by a key that is still valid, or is too old. */
export function threadOfRatingToken(keys: Keys, token: string, now: number): string | undefined {
  const [business = '', kid, thread = '', lastDay = '', mac = '', ...more] = token.split('.');
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined || more.length > 0) return undefined;
  if (!isSameText(macOf(key.secret, token.slice(0, token.lastIndexOf('.'))), mac)) return undefined;
  return Math.floor(now / DAY_MS) > base32Value(lastDay) ? undefined : `thr_${business}_${thread}`;
}

/** The business that a token claims; nothing is verified. */
export function claimedBusinessOfRatingToken(token: string): string {
  return token.split('.', 1)[0] ?? '';
}

/** Keys are those of capability tokens: what is signed tells the two apart. */
function macOf(secret: string, payload: string): string {
  return base32(hmacSha256(secret, `rating\n${payload}`), MAC_CHARS);
}
