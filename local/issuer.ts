/** Tokens for trying out: a key of every business to sign customers with, and an OIDC issuer of this machine's own. */
import { generateKeyPairSync } from 'node:crypto';
import { importJWK, type JWK, type JWTVerifyGetKey, SignJWT } from 'jose';
import type { SqliteSecrets } from '../adapters/embedded/secrets.ts';
import type { AgentIssuer, IssuerKeys } from '../api/auth/agent-token.ts';
import { AUDIENCE } from '../api/auth/customer-token.ts';
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import type { Attributes } from '../core/thread/thread.ts';

const TOKEN_LIFE = '24h';
const KEY_NAME = 'issuer';

/** What a customer's token says of them; by default `c1` has the address `c1@example.com`. */
export interface CustomerClaims {
  email?: string | undefined;
  email_verified?: boolean | undefined;
  name?: string | undefined;
  locale?: string | undefined;
  zoneinfo?: string | undefined;
  attributes?: Attributes | undefined;
}

export class LocalIssuer {
  readonly issuer: AgentIssuer = { issuer: 'urn:meanwhile:local', audience: AUDIENCE, algorithms: ['EdDSA'] };
  readonly #secrets: SqliteSecrets;
  readonly #key: JWK & { x: string };

  constructor(secrets: SqliteSecrets) {
    this.#secrets = secrets;
    const text = secrets.own(KEY_NAME, () =>
      JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
    );
    this.#key = JSON.parse(text) as JWK & { x: string };
  }

  /** Keys of this issuer from here, of all others from where they publish them. */
  keys(others: IssuerKeys): IssuerKeys {
    const { x } = this.#key;
    const own: JWTVerifyGetKey = () => importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
    return async (issuer) => (issuer === this.issuer.issuer ? own : others(issuer));
  }

  async agentToken(policy: CompiledPolicy, agentId: string): Promise<string | undefined> {
    const agent = policy.agent(agentId);
    if (agent === undefined) return undefined;
    const { business } = policy;
    return new SignJWT({ email: agent.email, email_verified: true, name: agent.name, business })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(this.issuer.issuer)
      .setAudience(AUDIENCE)
      .setSubject(agentId)
      .setIssuedAt()
      .setExpirationTime(TOKEN_LIFE)
      .sign(await importJWK(this.#key, 'EdDSA'));
  }

  async customerToken(policy: CompiledPolicy, customerId: string, claims: CustomerClaims): Promise<string | undefined> {
    const secrets = await this.#secrets.of(policy.business);
    const key = secrets?.customerKeys.find((candidate) => candidate.alg === 'HS256');
    if (key?.alg !== 'HS256') return undefined;
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .setIssuer(policy.business)
      .setAudience(AUDIENCE)
      .setSubject(customerId)
      .setIssuedAt()
      .setExpirationTime(TOKEN_LIFE)
      .sign(Buffer.from(key.secret));
  }
}
