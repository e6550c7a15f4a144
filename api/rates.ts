/** How often somebody may call, and what every answer says of it. */
import type { Policy, Rate } from '../core/policy/policy.ts';
import type { RateVerdict } from '../core/ports.ts';
import { type Principal, scopeOf } from './auth/principal.ts';
import { Problem } from './problem.ts';
import type { ApiDeps } from './route.ts';

/** For those who do not say who they are, or say it wrongly: by address, wide enough for an office behind one. */
const STRANGER_RATE: Rate = { perMinute: 1200, burst: 1200 };

/** @throws {Problem} 429 */
export async function strangerHeaders(address: string, deps: ApiDeps, cost: 0 | 1): Promise<Record<string, string>> {
  const verdict = await deps.rates.take(`stranger ${address}`, STRANGER_RATE, cost, deps.clock.now());
  if (!verdict.isAllowed) throw tooManyRequests(verdict);
  return rateLimitHeaders('stranger', STRANGER_RATE, verdict);
}

/** Writes take from the caller's bucket; reads only tell how much is left. @throws {Problem} 429 */
export async function takeRate(
  principal: Principal,
  rates: Policy['rates'],
  isTaking: boolean,
  deps: ApiDeps,
  rateHeaders: Record<string, string>,
): Promise<void> {
  const rate = rates[principal.kind === 'capability' || principal.kind === 'link' ? 'customer' : principal.kind];
  const verdict = await deps.rates.take(scopeOf(principal), rate, isTaking ? 1 : 0, deps.clock.now());
  Object.assign(rateHeaders, rateLimitHeaders('writes', rate, verdict));
  if (!verdict.isAllowed) throw tooManyRequests(verdict);
}

/** The headers of the IETF draft on rate limits (draft-ietf-httpapi-ratelimit-headers-10). */
function rateLimitHeaders(name: string, { perMinute, burst }: Rate, { remaining, resetSeconds }: RateVerdict) {
  const windowSeconds = Math.ceil((burst / perMinute) * 60);
  return {
    'RateLimit-Policy': `"${name}";q=${burst};w=${windowSeconds}`,
    RateLimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  };
}

function tooManyRequests({ resetSeconds }: RateVerdict): Problem {
  const detail = `Too many requests: the next one is welcome in ${resetSeconds} s.`;
  return new Problem(429, 'rate-limited', { detail, headers: { 'Retry-After': String(resetSeconds) } });
}
