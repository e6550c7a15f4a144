import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aCustomer, anAgent, Caller, customerToken } from './caller.ts';
import { secrets } from './deployment.ts';

const { customerKeys, endpoint } = inject('deployment');
const VISITORS = new Caller('pk_acme_deployed');

describe('tokens', () => {
  it('without one there is the document of the API, and nothing else', async () => {
    const nobody = new Caller();
    expect((await nobody.get('/v1/openapi.json')).body.openapi).toBe('3.1.1');
    for (const path of ['/v1/threads', '/v1/hours', '/v1/agent/threads']) {
      const heard = await nobody.get(path);
      expect(heard.status, path).toBe(401);
      expect(heard.headers.get('www-authenticate'), path).toBe('Bearer');
    }
    expect((await nobody.post('/v1/threads', { text: 'x' })).status).toBe(401);
  });

  it('a customer’s token counts only if it is whole, of a key that is valid, and not over', async () => {
    const key = customerKeys.acme;
    const claims = { name: 'Cleo' };
    const good = await customerToken('tokens', claims, { key });
    expect((await new Caller(good).get('/v1/threads')).status).toBe(200);
    const bad = {
      forged: await customerToken('tokens', claims, { key: { ...key, secret: 'made up, and quite long enough too' } }),
      expired: await customerToken('tokens', claims, { key, expires: '-1m' }),
      unknownKey: await customerToken('tokens', claims, { key: { ...key, kid: 'nobody' } }),
      ofAnotherBusiness: await customerToken('tokens', claims, { key, business: 'brisk' }),
      ofNoBusiness: await customerToken('tokens', claims, { key, business: 'nobody' }),
      unsigned: new UnsecuredJWT({ ...claims })
        .setIssuer('acme')
        .setAudience('meanwhile')
        .setSubject('tokens')
        .encode(),
      changed: `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`,
    };
    for (const [what, token] of Object.entries(bad)) {
      expect((await new Caller(token).get('/v1/threads')).status, what).toBe(401);
      expect((await new Caller(token).post('/v1/threads', { text: 'x' })).status, what).toBe(401);
    }
  });

  it('an agent’s token counts only if its issuer made it, for us and this business; then by role', async () => {
    expect((await anAgent('ana').get('/v1/agent/threads')).status).toBe(200);
    for (const name of ['expired', 'forSomebodyElse', 'ofNoBusiness']) {
      expect((await anAgent(name).get('/v1/agent/threads')).status, name).toBe(401);
    }
    const selfMade = await new SignJWT({ email: 'ana@acme.example', email_verified: true, business: 'acme' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(inject('deployment').issuer)
      .setAudience('meanwhile')
      .setSubject('ana')
      .setExpirationTime('1h')
      .sign(Buffer.from('a secret of my own, and long enough'));
    expect((await new Caller(selfMade).get('/v1/agent/threads')).status).toBe(401);
    const stranger = await anAgent('stranger').get('/v1/agent/threads');
    expect(stranger).toMatchObject({ status: 403, body: { code: 'not-an-agent' } });
    const { threadId } = (await (await aCustomer('tokens')).decided('/v1/threads', { text: 'x' })).body;
    const reply = await anAgent('eve').post(`/v1/agent/threads/${threadId}/replies`, { text: 'x' });
    expect(reply).toMatchObject({ status: 403, body: { code: 'missing-right' } });
  });

  it('a thread is nobody’s but its customer’s and its business’s: for others it does not exist', async () => {
    const { threadId, commandId } = (await (await aCustomer('owner')).decided('/v1/threads', { text: 'x' })).body;
    const other = await aCustomer('other');
    const foreign = await aCustomer('owner', {}, 'brisk');
    for (const [who, caller] of Object.entries({ other, foreign })) {
      expect((await caller.get(`/v1/threads/${threadId}`)).status, who).toBe(404);
      expect((await caller.get(`/v1/commands/${commandId}`)).status, who).toBe(404);
      expect((await caller.post(`/v1/threads/${threadId}/messages`, { text: 'x' })).status, who).toBe(404);
    }
    expect((await anAgent('uli').get(`/v1/agent/threads/${threadId}`)).status).toBe(404);
    expect((await other.get('/v1/agent/threads')).status).toBe(403);
  });

  it('a visitor starts a thread by the publishable key, and goes on by the token of that thread alone', async () => {
    const asked = { text: 'Who are you?', customer: { name: 'Vera', email: 'vera@customers.example' } };
    const started = await VISITORS.post('/v1/threads', asked);
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const visitor = new Caller(started.body.token);
    expect((await visitor.outcome(started)).body.status).toBe('done');
    expect((await visitor.get(`/v1/threads/${started.body.threadId}`)).status).toBe(200);
    expect((await visitor.get('/v1/threads')).status).toBe(403);
    expect((await VISITORS.get('/v1/threads')).status).toBe(403);
    const { threadId } = (await (await aCustomer('owner')).decided('/v1/threads', { text: 'x' })).body;
    expect((await visitor.get(`/v1/threads/${threadId}`)).status).toBe(404);
  });

  it('visitors at one address who write too much are told when to come again', async () => {
    let heard = await VISITORS.post('/v1/threads', { text: 'again' });
    for (let tries = 0; heard.status === 202 && tries < 60; tries += 1) {
      heard = await VISITORS.post('/v1/threads', { text: 'again' });
    }
    expect(heard.status).toBe(429);
    expect(Number(heard.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(heard.headers.get('ratelimit')).toMatch(/r=0/);
  });

  it('a new key counts as soon as it is made, and the one before goes on to', async () => {
    const key = JSON.parse(await secrets(endpoint, 'acme', 'rotate', 'customer'));
    const rotated = new Caller(await customerToken('tokens', {}, { key }));
    await eventually(async () => expect((await rotated.get('/v1/threads')).status).toBe(200), 500);
    expect((await (await aCustomer('tokens')).get('/v1/threads')).status).toBe(200);
  });
});
