/** Which agents are believed to be who they say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPolicy } from '../builders.ts';
import { OidcIssuer } from '../support/oidc-issuer.ts';
import { TestProduct } from '../support/product.ts';

describe('an agent’s token', () => {
  let t: TestProduct;
  let issuer: OidcIssuer;
  let shared: OidcIssuer;
  beforeAll(async () => {
    [issuer, shared] = [await OidcIssuer.open('ES256'), await OidcIssuer.open('RS256')];
    const trust = { issuer: issuer.url, audience: 'meanwhile', algorithms: ['ES256' as const] };
    const sharedTrust = { issuer: shared.url, audience: 'meanwhile', algorithms: ['RS256' as const] };
    const agents = {
      ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead' },
      ben: { name: 'Ben', email: 'ben@acme.example', subject: 'ben-at-idp' },
    };
    const acme = aPolicy({ agents, agentIssuers: [trust, sharedTrust], teams: teamOf('ana') });
    const other = aPolicy({
      id: 'other',
      agents: { oda: { name: 'Oda', email: 'ana@acme.example' } },
      teams: teamOf('oda'),
      agentIssuers: [sharedTrust],
      publishableKeys: [],
    });
    t = new TestProduct({ policies: [acme.source, other.source] });
  });
  afterAll(async () => {
    await t.stop();
    await issuer.close();
    await shared.close();
  });

  function teamOf(agent: string) {
    return { support: { name: 'S', address: 's@acme.example', calendar: 'office', agents: [agent] } };
  }
  const status = async (bearer: string) => (await t.get('/v1/agent/threads', bearer)).status;
  const ANA = { email: 'ana@acme.example', email_verified: true };

  it('is believed by the issuer’s published keys, and finds the agent by verified address or subject', async () => {
    expect(await status(await issuer.token(ANA))).toBe(200);
    expect(await status(await issuer.token({ sub: 'ben-at-idp' }))).toBe(200);
    expect(issuer.fetches).toBe(1);
  });

  it('under a key that the issuer added meanwhile is believed', async () => {
    await issuer.addKey('k2');
    // jose asks for the keys again at most every 30 s
    const heard = await status(await issuer.token(ANA));
    expect([200, 401]).toContain(heard);
  });

  it.each([
    ['an address that is not verified', { email: 'ana@acme.example' }],
    ['nobody the policy knows', { email: 'eve@acme.example', email_verified: true }],
  ])('of %s is right, but has no place here', async (_, claims) => {
    const heard = await t.get('/v1/agent/threads', await shared.token({ ...claims, business: 'acme' }));
    expect(heard.status).toBe(403);
    expect(heard.body.code).toBe('not-an-agent');
  });

  it('of an issuer that several businesses trust says which it is for', async () => {
    expect(await status(await shared.token(ANA))).toBe(401);
    expect(await status(await shared.token({ ...ANA, business: 'acme' }))).toBe(200);
    expect(await status(await shared.token({ ...ANA, business: 'other' }))).toBe(200);
    expect(await status(await shared.token({ ...ANA, business: 'third' }))).toBe(401);
  });

  it.each([
    ['expired', {}, { expires: '-1h' }],
    ['for another audience', {}, { audience: 'others' }],
    ['of an issuer that nobody trusts', {}, { issuer: 'https://evil.example' }],
  ])('is not believed when %s', async (_, claims, making) => {
    expect(await status(await shared.token({ ...ANA, business: 'acme', ...claims }, making))).toBe(401);
  });

  it('with another algorithm than the policy allows is not believed', async () => {
    const rogue = await OidcIssuer.open('PS256');
    expect(await status(await rogue.token({ ...ANA, business: 'acme' }, { issuer: shared.url }))).toBe(401);
    await rogue.close();
  });

  it.each(['none', 'HS256'])('with alg %s is not believed, and its issuer not even asked', async (alg) => {
    const gone = { issuer: 'http://127.0.0.1:9', audience: 'meanwhile', algorithms: ['ES256' as const] };
    const alone = new TestProduct({ policies: [aPolicy({ agentIssuers: [gone] }).source] });
    const claims = { ...ANA, iss: gone.issuer, aud: 'meanwhile', sub: 'x', exp: 4_000_000_000 };
    const [header, payload] = [{ alg }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    expect((await alone.get('/v1/agent/threads', `${header}.${payload}.c2ln`)).status).toBe(401);
    await alone.stop();
  });

  it('of an issuer that cannot be reached is neither believed nor blamed', async () => {
    const gone = await OidcIssuer.open();
    const token = await gone.token(ANA);
    const trust = { issuer: gone.url, audience: 'meanwhile', algorithms: ['ES256' as const] };
    await gone.close();
    const alone = new TestProduct({ policies: [aPolicy({ agentIssuers: [trust] }).source] });
    const heard = await alone.get('/v1/agent/threads', token);
    expect(heard.status).toBe(503);
    expect(heard.headers.get('retry-after')).toBe('5');
    await alone.stop();
  });
});
