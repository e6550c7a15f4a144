/**
 * Links: paths that open for a while to whoever has them, for what can send no header, such as an image in a page. They
 * are given only to who may open the path. A link stays the same for a quarter of an hour, and so do answers that hold
 * one: what does not change is 304.
 */
import { hmacSha256, isSameText } from '../../core/digest.ts';
import { claimedBusinessOf } from '../../core/ids.ts';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import type { Clock, Policies, Secrets } from '../../core/ports.ts';
import { aNobody } from '../../core/thread/thread.ts';
import type { Principal } from './principal.ts';

const STABLE_MS = 900_000;

type Keys = BusinessSecrets['capabilityKeys'];

/** A path with its ticket. @throws {RangeError} for a business without a key */
export function linkTo(path: string, keys: Keys, now: number): string {
  const [key] = keys;
  if (key === undefined) throw new RangeError('The business has no key for links.');
  const until = (Math.floor(now / STABLE_MS) + 2) * STABLE_MS;
  return `${path}?ticket=${key.kid}.${until}.${macOf(key.secret, path, until)}`;
}

/** @param threadId of the path. @returns undefined for a ticket that does not open the path, or not any more */
export async function principalOfLink(
  ticket: string,
  path: string,
  threadId: string,
  { policies, secrets, clock }: { policies: Policies; secrets: Secrets; clock: Clock },
): Promise<Principal | undefined> {
  const business = claimedBusinessOf(threadId);
  const known = policies.current(business) === undefined ? undefined : await secrets.of(business);
  const isOpen = known !== undefined && opens(ticket, path, known.capabilityKeys, clock.now());
  return isOpen ? { kind: 'link', business, customer: aNobody('') } : undefined;
}

/** Whether a ticket was made for a path, by a key that is still valid, and is not over. */
function opens(ticket: string, path: string, keys: Keys, now: number): boolean {
  const [kid, until = '', mac = '', ...more] = ticket.split('.');
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined || more.length > 0 || !isSameText(macOf(key.secret, path, Number(until)), mac)) return false;
  return Number(until) > now;
}

/** Keys are those of capability tokens, which begin otherwise. */
function macOf(secret: string, path: string, until: number): string {
  return Buffer.from(hmacSha256(secret, `link ${until} ${path}`)).toString('base64url');
}
