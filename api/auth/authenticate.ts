/** Authentication: from the Authorization header to a principal. A verified token is remembered for a while. */
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { claimedBusinessOfCapability, verifyCapability } from '../../core/capability.ts';
import { claimedBusinessOf } from '../../core/ids.ts';
import type { Policies, Secrets } from '../../core/ports.ts';
import { aNobody } from '../../core/thread/thread.ts';
import { Problem } from '../problem.ts';
import { type AgentIssuer, type IssuerKeys, verifyAgentToken } from './agent-token.ts';
import { InvalidToken, verifyCustomerToken } from './customer-token.ts';
import type { Principal } from './principal.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;
const TOKEN_CHARS_MAX = 8_192;
const REMEMBERED_MAX = 10_000;
/** Not for all of a token's life: its key may be withdrawn. */
const REMEMBERED_MS = 600_000;

export interface AuthDeps {
  policies: Policies;
  secrets: Secrets;
  issuerKeys: IssuerKeys;
  localIssuer?: AgentIssuer;
  /** Tokens are judged by real time, whatever clock the product runs on. */
  realNow: () => number;
}

export class Authenticator {
  readonly #deps: AuthDeps;
  readonly #remembered = new Map<string, { principal: Principal; until: number }>();

  constructor(deps: AuthDeps) {
    this.#deps = deps;
  }

  /**
   * @param address where the call comes from
   * @throws {Problem} 401, or 403 where the token is right but its bearer has no place here
   */
  async authenticate(header: string | undefined, address: string): Promise<Principal> {
    if (header === undefined) throw unauthenticated('An Authorization header with a Bearer token is needed.', 'Bearer');
    const token = BEARER.exec(header)?.[1];
    if (token === undefined || token.length > TOKEN_CHARS_MAX) throw invalidToken('The token cannot be read.');
    if (token.startsWith('pk_')) return this.#visitor(token, address);
    const known = this.#remembered.get(token);
    if (known !== undefined && known.until > this.#deps.realNow()) return known.principal;
    try {
      const { principal, until } = token.startsWith('ct_') ? await this.#capability(token) : await this.#jwt(token);
      this.#remember(token, principal, Math.min(until, this.#deps.realNow() + REMEMBERED_MS));
      return principal;
    } catch (failure) {
      if (failure instanceof InvalidToken) throw invalidToken(failure.message);
      throw failure;
    }
  }

  #visitor(key: string, address: string): Principal {
    const business = claimedBusinessOf(key);
    if (this.#deps.policies.current(business)?.source.publishableKeys.includes(key)) {
      return { kind: 'visitor', business, key, address };
    }
    throw invalidToken('The publishable key is not valid.');
  }

  async #capability(token: string): Promise<{ principal: Principal; until: number }> {
    const business = claimedBusinessOfCapability(token);
    const isServed = this.#deps.policies.current(business) !== undefined;
    const secrets = isServed ? await this.#deps.secrets.of(business) : undefined;
    const granted = secrets && verifyCapability(secrets.capabilityKeys, token);
    if (granted === undefined) throw new InvalidToken('The capability token is not valid.');
    return {
      principal: { kind: 'capability', business, customer: aNobody(granted.customerId), threadId: granted.threadId },
      until: Number.POSITIVE_INFINITY,
    };
  }

  async #jwt(token: string): Promise<{ principal: Principal; until: number }> {
    const { policies, secrets, issuerKeys, localIssuer, realNow } = this.#deps;
    const { kid, alg, claims } = decoded(token);
    const now = new Date(realNow());
    if (typeof claims.iss === 'string' && policies.current(claims.iss) !== undefined) {
      const { expiresAt, ...who } = await verifyCustomerToken(token, claims.iss, kid, secrets, now);
      return { principal: { kind: 'customer', business: claims.iss, ...who }, until: expiresAt };
    }
    const found = await verifyAgentToken({ token, alg, claims }, policies, issuerKeys, now, localIssuer);
    const { business, agent, expiresAt } = found;
    return { principal: { kind: 'agent', business, agent }, until: expiresAt };
  }

  #remember(token: string, principal: Principal, until: number): void {
    if (this.#remembered.size >= REMEMBERED_MAX) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(token, { principal, until });
  }
}

/** What an unverified token says, to find the key by which to verify it. */
function decoded(token: string): { kid: string | undefined; alg: string | undefined; claims: JWTPayload } {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    return { kid, alg, claims: decodeJwt(token) };
  } catch {
    throw new InvalidToken('The token is not a JWT.');
  }
}

function invalidToken(detail: string): Problem {
  return unauthenticated(detail, 'Bearer error="invalid_token"');
}

/** RFC 6750 §3: a 401 says which scheme is wanted. */
export function unauthenticated(detail: string, challenge: string): Problem {
  return new Problem(401, 'unauthenticated', { detail, headers: { 'WWW-Authenticate': challenge } });
}
