/** Records of customers and organisations, as agents and back offices put and read them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordsProduct } from '../support/records.ts';

describe('records', () => {
  let t: RecordsProduct;
  let ana: string;
  beforeAll(async () => {
    t = new RecordsProduct();
    ana = await t.agent();
    await t.put('organisations/o1', { name: 'One', segments: ['enterprise'], domains: ['one.example'] });
  });
  afterAll(() => t.stop());

  describe('of customers', () => {
    it('are created, updated and unchanged', async () => {
      const id = `${t.aNewCustomer()} / é`;
      const created = await t.say(id, { name: 'Cleo', plan: 'gold', segments: ['vip'], attributes: { seats: 5 } });
      expect(created.status).toBe(200);
      expect(created.body).toMatchObject({
        ...{ status: 'created', id, name: 'Cleo', plan: 'gold', segments: ['vip'], attributes: { seats: 5 } },
        ...{ version: 1, told: null, emails: [], identities: [] },
        facts: { id, name: 'Cleo', segments: ['vip'], attributes: { seats: 5, plan: 'gold' } },
      });
      expect((await t.say(id, { plan: 'gold', attributes: { seats: 5 } })).body).toMatchObject({ status: 'unchanged' });
      const updated = (await t.say(id, { plan: null, attributes: { seats: null, floor: 2 } })).body;
      expect(updated).toMatchObject({ status: 'updated', plan: null, attributes: { floor: 2 }, version: 2 });
      const { status: _, ...record } = updated;
      expect(await t.known(id)).toEqual(record);
    });

    it('are judged by the version that was seen', async () => {
      const id = t.aNewCustomer();
      expect((await t.say(id, {}, { headers: { 'if-match': '"0"' } })).body.status).toBe('created');
      const lost = await t.say(id, { plan: 'gold' }, { headers: { 'if-match': '"3"' } });
      expect(lost).toMatchObject({ status: 412, body: { code: 'version-mismatch' } });
      expect((await t.say(id, { plan: 'gold' }, { headers: { 'if-match': '"1"' } })).body.version).toBe(2);
      const read = await t.get(`/v1/agent/customers/${id}`, ana);
      const etag = read.headers.get('etag') ?? '';
      expect((await t.get(`/v1/agent/customers/${id}`, ana, { 'if-none-match': etag })).status).toBe(304);
    });

    it.each<[object, string, string]>([
      [{ nmae: 'x' }, '/nmae', 'is not a known field'],
      [{ name: 'a\nb' }, '/name', 'has control characters'],
      [{ name: 'a'.repeat(101) }, '/name', '100'],
      [{ locale: 'x'.repeat(36) }, '/locale', 'over the limit of 35 characters'],
      [{ zoneinfo: 'Mars/Olympus' }, '/zoneinfo', 'is not an IANA time zone'],
      [{ emails: ['no address'] }, '/emails/0', 'is not an email address'],
      [{ emails: Array.from({ length: 11 }, (_, n) => `${n}@x.example`) }, '/emails', 'over the limit of 10'],
      [{ segments: Array.from({ length: 21 }, (_, n) => `${n}`) }, '/segments', 'over the limit of 20'],
      [{ attributes: { a: 'x'.repeat(501) } }, '/attributes/a', 'over the limit of 500 characters'],
      [{ attributes: { a: {} } }, '/attributes/a', ''],
      [
        { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, 1])) },
        '/attributes',
        'over the limit of 50',
      ],
      [{ organisation: 'nobody' }, '/organisation', 'is not an organisation of this business'],
      [{ identities: ['c1'] }, '/identities/0', 'is not the id of a visitor or a mail address'],
    ])('are refused where they are wrong: %j', async (body, pointer, detail) => {
      const heard = await t.say('wrong', body);
      expect(heard.status).toBe(422);
      expect(heard.body.errors).toContainEqual({ pointer, detail: expect.stringContaining(detail) });
      expect((await t.get('/v1/agent/customers/wrong', ana)).status).toBe(404);
    });

    it('are of an id that can be one', async () => {
      expect(await t.say('x'.repeat(256), {})).toMatchObject({ status: 422, body: { errors: [{ pointer: 'id' }] } });
    });

    it('are listed by id, page by page', async () => {
      for (const id of ['page-b', 'page-a', 'page-c']) await t.say(id, {});
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const page = await t.get(`/v1/agent/customers?limit=2${next && `&after=${next}`}`, ana);
        seen.push(...page.body.items.map(({ id }: { id: string }) => id));
        next = page.body.next;
      }
      expect(seen.filter((id) => id.startsWith('page-'))).toEqual(['page-a', 'page-b', 'page-c']);
      expect(seen).toEqual([...new Set(seen)].sort());
      expect((await t.get('/v1/agent/customers?after=x', ana)).body.errors).toMatchObject([{ pointer: 'after' }]);
    });

    it('are put by back offices that may do nothing else', async () => {
      const token = await t.agent('crm');
      expect((await t.say(t.aNewCustomer(), { plan: 'gold' }, { token })).status).toBe(200);
      expect((await t.get('/v1/agent/customers', token)).body.detail).toBe('You lack the right read.');
      const heard = await t.say(t.aNewCustomer(), {}, { token: await t.agent('eve') });
      expect(heard).toMatchObject({ status: 403, body: { detail: 'You lack the right customers.' } });
    });

    it('are changed one after the other by those who change them at once', async () => {
      const id = t.aNewCustomer();
      const names = ['a', 'b', 'c', 'd'];
      const all = await Promise.all(names.map((name) => t.say(id, { attributes: { [name]: 1 } })));
      expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect((await t.known(id)).attributes).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    });
  });

  describe('of an address', () => {
    it('are one customer’s alone, and whose is told to those who may know', async () => {
      const [first, second] = [t.aNewCustomer(), t.aNewCustomer()];
      await t.say(first, { emails: [`${first}@taken.example`] });
      const taken = await t.say(second, { plan: 'gold', emails: [`${first.toUpperCase()}@taken.example`] });
      expect(taken).toMatchObject({ status: 409, body: { code: 'address-taken' } });
      expect(taken.body.detail).toContain(first);
      const crm = await t.say(second, { emails: [`${first}@taken.example`] }, { token: await t.agent('crm') });
      expect(crm.body).toMatchObject({ code: 'address-taken', detail: 'The address is proved for another customer.' });
      expect((await t.get(`/v1/agent/customers/${second}`, ana)).status, 'nothing was written').toBe(404);
      expect((await t.say(first, { emails: [] })).body.emails).toEqual([]);
      expect((await t.say(second, { emails: [`${first}@taken.example`] })).body.emails).toMatchObject([
        { address: `${first}@taken.example`, by: 'agent:ana' },
      ]);
    });

    it('are where an agent’s mail goes', async () => {
      const id = t.aNewCustomer();
      await t.say(id, { name: 'Cleo', emails: [`${id}@mail.example`], segments: ['vip'] });
      const heard = await t.post('/v1/agent/threads', ana, {
        ...{ customer: { email: `${id}@MAIL.example` }, subject: 'Hello', text: 'Hello' },
      });
      expect(await t.seen(heard.body.threadId)).toMatchObject({ customer: { id, name: 'Cleo', segments: ['vip'] } });
    });
  });

  describe('of organisations', () => {
    it('are created, updated and unchanged; a domain is of one alone', async () => {
      const path = 'organisations/o2';
      expect((await t.put(path, { name: 'Two', domains: ['Two.example'] })).body).toMatchObject({
        ...{ status: 'created', id: 'o2', name: 'Two', domains: ['two.example'], segments: [], version: 1 },
      });
      expect((await t.put(path, { domains: ['two.example'] })).body.status).toBe('unchanged');
      expect((await t.put(path, { segments: ['small'] })).body).toMatchObject({ status: 'updated', version: 2 });
      const taken = await t.put(path, { domains: ['one.example'] });
      expect(taken.body).toMatchObject({
        code: 'domain-taken',
        detail: 'The domain belongs to another organisation: o1.',
      });
      expect((await t.put(path, { domains: ['no domain'] })).body.errors).toMatchObject([{ pointer: '/domains/0' }]);
      expect((await t.put(path, {}, { headers: { 'if-match': '"1"' } })).status).toBe(412);
      expect((await t.get(`/v1/agent/${path}`, ana)).body).toMatchObject({ id: 'o2', segments: ['small'] });
      const { items } = (await t.get('/v1/agent/organisations', ana)).body;
      expect(items.map(({ id }: { id: string }) => id)).toEqual(['o1', 'o2']);
      expect((await t.get('/v1/agent/organisations/o3', ana)).status).toBe(404);
    });

    it('have whoever has a proved address in their domain, unless an agent says otherwise', async () => {
      const id = t.aNewCustomer();
      const claims = { email: `${id}@one.example` };
      const unproved = await t.customer(id, { ...claims, email_verified: false });
      await t.post('/v1/threads', unproved, { text: 'Hello' });
      expect((await t.known(id)).facts.organisation).toBeNull();
      const heard = await t.post('/v1/threads', await t.customer(id, claims), { text: 'Hello' });
      expect(await t.seen(heard.body.threadId)).toMatchObject({
        team: 'billing',
        customer: { organisation: 'o1', segments: ['enterprise'] },
      });
      await t.put('organisations/o4', { segments: ['other'] });
      expect((await t.say(id, { organisation: 'o4' })).body.facts).toMatchObject({
        organisation: 'o4',
        segments: ['other'],
      });
      expect((await t.say(id, { organisation: null })).body.facts).toMatchObject({ organisation: 'o1' });
    });
  });
});
