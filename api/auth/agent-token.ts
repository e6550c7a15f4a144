/** Agents' tokens: JWTs of an OIDC issuer that a policy names, verified by that issuer's published keys. */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Agent, CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Policies } from '../../core/ports.ts';
import { Problem } from '../problem.ts';
import { InvalidToken } from './customer-token.ts';

const CLOCK_TOLERANCE_SECONDS = 5;
const DISCOVERY_TIMEOUT_MS = 5_000;
/** An issuer that cannot be reached is left alone for so long. */
const DISCOVERY_AGAIN_MS = 5_000;

/** An issuer that a policy trusts to say who an agent is. */
export type AgentIssuer = Policy['agentIssuers'][number];

/** The keys of an issuer. */
export type IssuerKeys = (issuer: string) => Promise<JWTVerifyGetKey>;

/**
 * Finds the agent of a token.
 * @param local an issuer of this machine's own, which every business trusts; on AWS there is none
 * @throws {InvalidToken} {Problem} 403 for somebody whom the issuer knows and the policy does not
 */
export async function verifyAgentToken(
  { token, alg, claims }: { token: string; alg: string | undefined; claims: JWTPayload },
  policies: Policies,
  keysOf: IssuerKeys,
  now: Date,
  local?: AgentIssuer,
): Promise<{ business: string; agent: Agent; expiresAt: number }> {
  const trust = trustFor(claims, policies, local);
  // Before anything is fetched for it: whoever makes tokens up must not make us call an issuer.
  if (!trust.issuer.algorithms.some((allowed) => allowed === alg)) {
    throw new InvalidToken('The token is signed in a way that its issuer does not use.');
  }
  let payload: JWTPayload;
  try {
    const keys = await keysOf(trust.issuer.issuer);
    const verified = await jwtVerify(token, keys, {
      algorithms: trust.issuer.algorithms,
      issuer: trust.issuer.issuer,
      audience: trust.issuer.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    payload = verified.payload;
  } catch (failure) {
    // What is not jose's own judgement is trouble on the way to the issuer, and no fault of the token.
    const isJudged = failure instanceof errors.JOSEError && !(failure instanceof errors.JWKSTimeout);
    if (isJudged || failure instanceof InvalidToken) {
      throw new InvalidToken('The token is forged, expired, or for somebody else.');
    }
    const headers = { 'Retry-After': '5' };
    throw new Problem(503, 'issuer-unreachable', {
      detail: 'The keys of the token’s issuer cannot be had now.',
      headers,
    });
  }
  const email = payload['email_verified'] === true ? text(payload['email']) : undefined;
  const agent = trust.policy.agentOf({ email, subject: payload.sub });
  if (agent === undefined) {
    throw new Problem(403, 'not-an-agent', { detail: 'You are not an agent in the policy of this business.' });
  }
  return { business: trust.policy.business, agent, expiresAt: (payload.exp ?? 0) * 1000 };
}

/** Whose agent the token could be: by its issuer and, where several businesses share one, its claim `business`. */
function trustFor(claims: JWTPayload, policies: Policies, local: AgentIssuer | undefined) {
  const wanted = text(claims['business']);
  const businesses = claims.iss === local?.issuer ? policies.businesses() : policies.trusting(claims.iss ?? '');
  const trusted = businesses.flatMap((business): { policy: CompiledPolicy; issuer: AgentIssuer }[] => {
    const policy = policies.current(business);
    if (policy === undefined || (wanted !== undefined && wanted !== business)) return [];
    const issuers = local === undefined ? policy.source.agentIssuers : [...policy.source.agentIssuers, local];
    const issuer = issuers.find((candidate) => candidate.issuer === claims.iss);
    return issuer === undefined ? [] : [{ policy, issuer }];
  });
  const [only] = trusted;
  if (only === undefined) throw new InvalidToken('No business trusts the issuer of the token.');
  if (trusted.length > 1) throw new InvalidToken('Several businesses trust the issuer: the claim business is needed.');
  return only;
}

/** The keys that issuers publish, found by OpenID Connect Discovery 1.0 and kept by jose with its own limits. */
export function remoteIssuerKeys(): IssuerKeys {
  const known = new Map<string, Promise<JWTVerifyGetKey>>();
  return (issuer) => {
    const keys = known.get(issuer) ?? discover(issuer);
    known.set(issuer, keys);
    keys.catch(() => setTimeout(() => known.delete(issuer), DISCOVERY_AGAIN_MS).unref());
    return keys;
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS), redirect: 'error' });
  const document = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') {
    throw new InvalidToken('The discovery document is not the issuer’s own.');
  }
  return createRemoteJWKSet(new URL(document.jwks_uri), { timeoutDuration: DISCOVERY_TIMEOUT_MS });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
