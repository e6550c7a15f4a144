/** Which customers and visitors are believed to be who they say. */
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import { TestProduct } from '../support/product.ts';

interface Listed {
  type: string;
  author: { name: string | null };
}

const SECRET = 'a secret of thirty-two characters';

describe('a customer’s token', () => {
  let t: TestProduct;
  const ed25519 = generateKeyPairSync('ed25519');
  beforeAll(async () => {
    t = new TestProduct();
    const { x = '' } = ed25519.publicKey.export({ format: 'jwk' });
    const keys: BusinessSecrets['customerKeys'] = [
      { kid: 'old', alg: 'HS256', secret: SECRET },
      { kid: 'new', alg: 'EdDSA', publicKey: { kty: 'OKP', crv: 'Ed25519', x } },
    ];
    await t.setCustomerKeys(keys);
  });
  afterAll(() => t.stop());

  interface Making {
    claims?: Record<string, unknown>;
    header?: Record<string, unknown>;
    expires?: string | null;
    issuer?: string;
    audience?: string;
    subject?: string | null;
    key?: Parameters<SignJWT['sign']>[0];
  }

  async function token(making: Making = {}): Promise<string> {
    const {
      claims = {},
      header = {},
      expires = '1h',
      issuer = 'acme',
      audience = 'meanwhile',
      subject = 'c1',
    } = making;
    const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'old', ...header });
    jwt.setIssuer(issuer).setAudience(audience);
    if (subject !== null) jwt.setSubject(subject);
    if (expires !== null) jwt.setExpirationTime(expires);
    return jwt.sign(making.key ?? Buffer.from(SECRET));
  }

  const status = async (bearer: string) => (await t.get('/v1/threads', bearer)).status;

  it('is believed under either of two keys, HS256 and EdDSA', async () => {
    expect(await status(await token())).toBe(200);
    const signed = await token({ header: { alg: 'EdDSA', kid: 'new' }, key: ed25519.privateKey });
    expect(await status(signed)).toBe(200);
  });

  it.each([
    ['expired', { expires: '-1h' }],
    ['without an expiry', { expires: null }],
    ['without a subject', { subject: null }],
    ['with an empty subject', { subject: '' }],
    ['for another audience', { audience: 'others' }],
    ['of another issuer', { issuer: 'nobody' }],
    ['under an unknown key', { header: { kid: 'unknown' } }],
    ['naming no key', { header: { kid: undefined } }],
    ['signed with another secret', { key: Buffer.from('x'.repeat(33)) }],
    ['with an address that is none', { claims: { email: 'a b' } }],
    ['with a zone that is none', { claims: { zoneinfo: 'Mars/Olympus' } }],
  ] as [string, Making][])('is not believed when %s', async (_, making) => {
    const heard = await t.get('/v1/threads', await token(making));
    expect(heard.status).toBe(401);
    expect(heard.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('is not believed with alg none, or signed with a public key as if it were a secret', async () => {
    const claims = new UnsecuredJWT({})
      .setIssuer('acme')
      .setAudience('meanwhile')
      .setSubject('c1')
      .setExpirationTime('1h');
    expect(await status(claims.encode())).toBe(401);
    const x = ed25519.publicKey.export({ format: 'jwk' }).x ?? '';
    expect(await status(await token({ header: { kid: 'new' }, key: Buffer.from(x) }))).toBe(401);
  });

  it.each(['', 'x', 'a.b.c', 'pk_acme_wrongkey', 'pk_other_testtest', 'ct_acme.x', `x${'y'.repeat(9_000)}`])(
    'that is no token at all is not believed: %s',
    async (text) => expect(await status(text)).toBe(401),
  );

  it('is asked for where there is none', async () => {
    const heard = await t.call('GET', '/v1/threads');
    expect(heard.status).toBe(401);
    expect(heard.headers.get('www-authenticate')).toBe('Bearer');
    expect(heard.headers.get('ratelimit-policy')).toContain('"stranger"');
  });

  it('guessed at too often from one address is not even looked at', async () => {
    const guesses = await Promise.all(Array.from({ length: 1_250 }, () => t.get('/v1/threads', 'guess')));
    expect(guesses.at(-1)?.status).toBe(429);
    expect(await status(await token()), 'others at that address go on').toBe(200);
  });

  it('tells what the business knows of its customer, also where it is put oddly', async () => {
    const claims = {
      name: `Zoë\r\nBcc: x@y.z ${'z'.repeat(200)}`,
      email: null,
      attributes: { plan: 'gold', seats: 3 },
    };
    const bearer = await token({ claims, subject: 'c7' });
    const { body } = await t.post('/v1/threads', bearer, { text: 'Hi' });
    const { customer } = (await t.get(`/v1/agent/threads/${body.threadId}`, await t.agent())).body;
    expect(customer).toMatchObject({ id: 'c7', email: null, attributes: { plan: 'gold', seats: 3 } });
    expect(customer.name).toMatch(/^Zoë Bcc: x@y.z z{85}$/);
  });

  it('under a key that was just made is believed without a restart', async () => {
    await t.setCustomerKeys([{ kid: 'newest', alg: 'HS256', secret: `${SECRET}!` }]);
    expect(await status(await token({ header: { kid: 'newest' }, key: Buffer.from(`${SECRET}!`) }))).toBe(200);
  });
});

describe('a visitor with the publishable key', () => {
  let t: TestProduct;
  const KEY = 'pk_acme_testtest';
  beforeAll(() => {
    t = new TestProduct();
  });
  afterAll(() => t.stop());

  it('starts a thread, and gets the token by which to go on', async () => {
    const body = { text: 'Hi', customer: { email: 'v@example.com', name: 'Vi' } };
    const heard = await t.post('/v1/threads', KEY, body);
    expect(heard.status).toBe(200);
    const { token, threadId } = heard.body;
    expect(token).toMatch(/^ct_acme\./);
    expect((await t.get(`/v1/threads/${threadId}`, token)).body.id).toBe(threadId);
    expect((await t.post(`/v1/threads/${threadId}/messages`, token, { text: 'more' })).status).toBe(200);
    await t.idle();
    expect(t.mails('v@example.com').map(({ to }) => to.name)).toEqual(['Vi']);
    const { items } = (await t.get(`/v1/threads/${threadId}/entries`, token)).body;
    const authors = items.flatMap(({ type, author }: Listed) => (type === 'message' ? [author.name] : []));
    expect(authors).toEqual(['Vi', 'Vi']);
    expect((await t.get(`/v1/commands/${heard.body.commandId}`, token)).body.status).toBe('done');
  });

  it('cannot read what the token of another thread opens', async () => {
    const [a, b] = [await t.post('/v1/threads', KEY, { text: 'a' }), await t.post('/v1/threads', KEY, { text: 'b' })];
    expect((await t.get(`/v1/threads/${a.body.threadId}`, b.body.token)).status).toBe(404);
    expect((await t.get(`/v1/commands/${a.body.commandId}`, b.body.token)).status).toBe(404);
    expect((await t.get(`/v1/threads/${a.body.threadId}`, KEY)).status).toBe(403);
  });

  it('is limited by address', async () => {
    const other = new TestProduct();
    const heard = await Promise.all(
      Array.from({ length: 12 }, () => other.call('POST', '/v1/threads', { token: KEY, body: { text: 'x' } })),
    );
    expect(heard.filter(({ status }) => status === 429)).toHaveLength(2);
    await other.stop();
  });

  it('whose thread was closed gets the token of the follow-up', async () => {
    const other = new TestProduct();
    const started = await other.post('/v1/threads', KEY, { text: 'a' });
    const { token, threadId } = started.body;
    await other.post(`/v1/threads/${threadId}/solve`, token, {});
    await other.advance(10 * 24 * 3_600_000);
    const heard = await other.post(`/v1/threads/${threadId}/messages`, token, { text: 'again' });
    expect(heard.body.threadId).not.toBe(threadId);
    expect((await other.get(`/v1/threads/${heard.body.threadId}`, token)).status).toBe(404);
    expect((await other.get(`/v1/threads/${heard.body.threadId}`, heard.body.token)).body.followUpOf).toBe(threadId);
    await other.stop();
  });
});
