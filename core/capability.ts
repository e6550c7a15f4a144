/**
 * Capability tokens: `ct_<business>.<key id>.<thread>.<customer>.<MAC>`. Whoever has one is that thread's customer,
 * and nothing else. Nothing is stored; a token lasts as long as its key.
 */
import { hmacSha256, isSameText } from './digest.ts';
import { bodyOf, claimedBusinessOf } from './ids.ts';
import type { BusinessSecrets } from './policy/business-secrets.ts';

const PREFIX = 'ct_';

type Keys = BusinessSecrets['capabilityKeys'];

/** @throws {RangeError} for a business without a key */
export function mintCapability(keys: Keys, threadId: string, customerId: string): string {
  const key = keys[0];
  if (key === undefined) throw new RangeError('The business has no key for capability tokens.');
  const customer = Buffer.from(customerId).toString('base64url');
  const payload = `${PREFIX}${claimedBusinessOf(threadId)}.${key.kid}.${bodyOf(threadId)}.${customer}`;
  return `${payload}.${macOf(key.secret, payload)}`;
}

/** What a token grants; undefined for one that was not minted with a key that is still valid. */
export function verifyCapability(keys: Keys, token: string): { threadId: string; customerId: string } | undefined {
  const [head = '', kid, thread = '', customer = '', mac = '', ...more] = token.split('.');
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined || more.length > 0) return undefined;
  if (!isSameText(macOf(key.secret, token.slice(0, token.lastIndexOf('.'))), mac)) return undefined;
  const customerId = Buffer.from(customer, 'base64url').toString('utf8');
  return { threadId: `thr_${head.slice(PREFIX.length)}_${thread}`, customerId };
}

/** The business a token claims; nothing is verified. */
export function claimedBusinessOfCapability(token: string): string {
  return token.slice(PREFIX.length).split('.', 1)[0] ?? '';
}

function macOf(secret: string, payload: string): string {
  return Buffer.from(hmacSha256(secret, payload)).toString('base64url');
}
