/** An OIDC issuer, for tests: discovery and keys over HTTP, tokens as asked for. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, SignJWT } from 'jose';

export class OidcIssuer {
  url = '';
  /** How often the keys were asked for. */
  fetches = 0;
  #keys: { kid: string; privateKey: GenerateKeyPairResult['privateKey']; publicJwk: JWK }[] = [];
  readonly #server: Server;
  readonly #algorithm: string;

  private constructor(algorithm: string) {
    this.#algorithm = algorithm;
    this.#server = createServer((request, response) => {
      const isDiscovery = request.url === '/.well-known/openid-configuration';
      if (!isDiscovery) this.fetches += 1;
      const document = isDiscovery
        ? { issuer: this.url, jwks_uri: `${this.url}/keys` }
        : { keys: this.#keys.map(({ publicJwk }) => publicJwk) };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
  }

  static async open(algorithm = 'ES256'): Promise<OidcIssuer> {
    const issuer = new OidcIssuer(algorithm);
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    await issuer.addKey('k1');
    return issuer;
  }

  async addKey(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(this.#algorithm);
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: this.#algorithm, use: 'sig' };
    this.#keys.unshift({ kid, privateKey, publicJwk });
  }

  async token(
    claims: Record<string, unknown>,
    { audience = 'meanwhile', expires = '1h', issuer = this.url } = {},
  ): Promise<string> {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('The issuer has no key.');
    return new SignJWT({ sub: 'someone', ...claims })
      .setProtectedHeader({ alg: this.#algorithm, kid: key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(key.privateKey);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
