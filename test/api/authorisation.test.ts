/**
 * The authorisation matrix: every route of the table against every kind of caller. It is made from the route table, so
 * that a route without a row here fails.
 */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../api/routes/index.ts';
import { aPolicy } from '../builders.ts';
import { TestProduct } from '../support/product.ts';

const CALLERS = [
  'nobody',
  'expired',
  'forged',
  'other business',
  'other customer',
  'customer',
  'capability',
  'other capability',
  'visitor',
  'agent',
  'observer',
  'agent of another business',
] as const;
type Caller = (typeof CALLERS)[number];

/** What each caller gets where nothing else is said: nobody is let in, and others know of nothing. */
const CLOSED: Record<Caller, number> = {
  nobody: 401,
  expired: 401,
  forged: 401,
  'other business': 403,
  'other customer': 403,
  customer: 403,
  capability: 403,
  'other capability': 403,
  visitor: 403,
  agent: 403,
  observer: 403,
  'agent of another business': 403,
};

/** A customer's own thread: theirs by token or capability, unknown to every other customer. */
const OWN_THREAD = {
  customer: 200,
  capability: 200,
  'other customer': 404,
  'other capability': 404,
  'other business': 404,
};
const byAnybody = (status: number) => Object.fromEntries(CALLERS.map((caller) => [caller, status]));
const AGENTS_READ = { agent: 200, observer: 200, 'agent of another business': 404 };
const AGENTS_WRITE = { agent: 200, 'agent of another business': 404 };

interface Row {
  /** With {thread}, {command}, {attachment}, {rating} filled in. */
  path?: string;
  body?: object;
  expected: Partial<Record<Caller, number>>;
}

const ROWS: Record<string, Row> = {
  startThread: {
    body: { text: 'x' },
    expected: { customer: 200, 'other customer': 200, 'other business': 200, visitor: 200 },
  },
  listThreads: { expected: { customer: 200, 'other customer': 200, 'other business': 200 } },
  readThread: { expected: OWN_THREAD },
  readEntries: { expected: OWN_THREAD },
  continueThread: { body: { text: 'x' }, expected: OWN_THREAD },
  solveThread: { body: {}, expected: OWN_THREAD },
  sendTranscript: { body: {}, expected: OWN_THREAD },
  // nobody has answered: 409 for whoever may
  rateThread: { body: { score: 5 }, expected: { ...OWN_THREAD, customer: 409, capability: 409 } },
  // by a link, which says itself who calls
  openRating: { path: '/v1/ratings/{rating}', expected: byAnybody(200) },
  sendRating: { path: '/v1/ratings/{rating}', body: { score: 5 }, expected: byAnybody(409) },
  markSeen: { body: { seq: 1 }, expected: OWN_THREAD },
  readCommand: { path: '/v1/commands/{command}', expected: { ...OWN_THREAD, ...AGENTS_READ } },
  readHours: { expected: { ...byAnybody(200), nobody: 401, expired: 401, forged: 401 } },
  createAttachment: {
    body: { name: 'a', type: 'text/plain', bytes: 1 },
    expected: {
      customer: 201,
      'other customer': 201,
      'other business': 201,
      capability: 201,
      'other capability': 201,
      visitor: 201,
      agent: 201,
      'agent of another business': 201,
    },
  },
  downloadAttachment: {
    expected: {
      ...OWN_THREAD,
      customer: 302,
      capability: 302,
      ...AGENTS_READ,
      agent: 302,
      observer: 302,
    },
  },
  listAgentThreads: { expected: { agent: 200, observer: 200, 'agent of another business': 200 } },
  listAgents: { expected: { agent: 200, observer: 200, 'agent of another business': 200 } },
  sayAvailability: { body: { availability: 'online' }, expected: { agent: 202, 'agent of another business': 202 } },
  readAgentThread: { expected: AGENTS_READ },
  readAgentEntries: { expected: AGENTS_READ },
  readExplanation: { expected: AGENTS_READ },
  // No mail brought the thread of this test: it is there for those who may look, and has none.
  downloadMail: {
    path: '/v1/agent/threads/{thread}/entries/1/mail',
    expected: { agent: 404, observer: 404, 'agent of another business': 404 },
  },
  readOriginal: {
    path: '/v1/agent/threads/{thread}/entries/1/original',
    expected: { agent: 404, observer: 404, 'agent of another business': 404 },
  },
  startAgentThread: {
    body: { customer: { id: 'c1' }, subject: 'x', text: 'x' },
    expected: { agent: 200, 'agent of another business': 200 },
  },
  replyToCustomer: { body: { text: 'x' }, expected: AGENTS_WRITE },
  addNote: { body: { text: 'x' }, expected: AGENTS_WRITE },
  sendAgentTranscript: { body: { to: 'me' }, expected: AGENTS_WRITE },
  setStatus: { body: { status: 'open' }, expected: AGENTS_WRITE },
  setPriority: { body: { priority: 'low' }, expected: AGENTS_WRITE },
  changeTags: { body: { add: ['x'] }, expected: AGENTS_WRITE },
  setSubject: { body: { subject: 'x' }, expected: AGENTS_WRITE },
  assign: { body: { assignee: null }, expected: AGENTS_WRITE },
  snooze: { body: { until: 'customer-message' }, expected: AGENTS_WRITE },
  wake: { expected: AGENTS_WRITE },
  mergeThreads: { body: { into: '{older}' }, expected: AGENTS_WRITE },
  listCustomers: { expected: { agent: 200, observer: 200, 'agent of another business': 200 } },
  readCustomer: { path: '/v1/agent/customers/c1', expected: AGENTS_READ },
  listCustomerThreads: {
    path: '/v1/agent/customers/c1/threads',
    expected: { agent: 200, observer: 200, 'agent of another business': 200 },
  },
  putCustomer: { path: '/v1/agent/customers/c9', body: {}, expected: { agent: 200, 'agent of another business': 200 } },
  listOrganisations: { expected: { agent: 200, observer: 200, 'agent of another business': 200 } },
  readOrganisation: { path: '/v1/agent/organisations/acme-org', expected: AGENTS_READ },
  putOrganisation: {
    path: '/v1/agent/organisations/o9',
    body: {},
    expected: { agent: 200, 'agent of another business': 200 },
  },
  // no such token: a token works once, and test/api/identities.test.ts says for whom
  linkIdentity: {
    body: { token: 'ct_acme.x' },
    expected: { customer: 422, 'other customer': 422, 'other business': 422 },
  },
  // there is no such set-aside entry: 404 for whoever may, 403 for whoever may not (only leads redrive)
  redrive: { body: {}, expected: { agent: 404, 'agent of another business': 403 } },
  dismiss: { body: {}, expected: { agent: 404, 'agent of another business': 403 } },
};

describe('the authorisation matrix', () => {
  let t: TestProduct;
  const tokens = {} as Record<Caller, string | undefined>;
  let attachment: string;

  beforeAll(async () => {
    const wide = { perMinute: 60_000, burst: 60_000 };
    const rates = { customer: wide, agent: wide, visitor: wide };
    const other = aPolicy({
      id: 'other',
      publishableKeys: [],
      rates,
      agents: { ben: { name: 'B', email: 'b@other.example' } },
      teams: { support: { name: 'S', address: 's@other.example', calendar: 'office', agents: ['ben'] } },
    });
    t = new TestProduct({ policies: [aPolicy({ rates }).source, other.source] });
    const stranger = await t.post('/v1/threads', 'pk_acme_testtest', { text: 'x' });
    tokens.customer = await t.customer();
    tokens['other customer'] = await t.customer('c2');
    tokens.visitor = 'pk_acme_testtest';
    tokens.agent = await t.agent('ana');
    tokens.observer = await t.agent('eve');
    tokens['other capability'] = stranger.body.token;
    const policy = t.product.stores.policies.current('other');
    tokens['other business'] = policy && (await t.product.issuer.customerToken(policy, 'c1', {}));
    tokens['agent of another business'] = policy && (await t.product.issuer.agentToken(policy, 'ben'));
    await t.call('PUT', '/v1/agent/organisations/acme-org', { token: tokens.agent ?? '', body: {} });
    tokens.forged = `${tokens.customer?.slice(0, -6)}AAAAAA`;
    tokens.expired = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'local' })
      .setIssuer('acme')
      .setAudience('meanwhile')
      .setSubject('c1')
      .setExpirationTime('-1m')
      .sign(Buffer.from('x'));
  });
  afterAll(() => t.stop());

  /** A fresh thread of c1, with what a path may name, and c1's capability for it. */
  async function scene() {
    const older = await t.thread();
    await t.advance(1);
    attachment = await t.attachment(tokens.customer ?? '', 'a', 'a');
    const started = await t.post('/v1/threads', tokens.customer ?? '', { text: 'x', attachments: [attachment] });
    tokens.capability = await t.capability(started.body.threadId, 'c1');
    return { older, thread: started.body.threadId as string, command: started.body.commandId as string };
  }

  it('has a row for every route', () => {
    expect(Object.keys(ROWS).sort()).toEqual(routes.map(({ operationId }) => operationId).sort());
  });

  describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
    it.each(CALLERS)('called by %s', async (caller) => {
      const row = ROWS[operationId];
      const { older, thread, command } = await scene();
      const path = (row?.path ?? route.path)
        .replace('{id}', thread)
        .replace('{command}', command)
        .replace('{rating}', await t.ratingToken(thread))
        .replace('{attachmentId}', attachment)
        .replace('{seq}', '1');
      const token = tokens[caller];
      const body = row?.body && JSON.stringify(row.body).replace('{older}', older);
      const heard = await t.call(route.method, path, {
        ...(token === undefined ? {} : { token }),
        ...(body === undefined ? {} : { body }),
        headers: { prefer: 'wait=10' },
      });
      expect(heard.status, JSON.stringify(heard.body)).toBe(row?.expected[caller] ?? CLOSED[caller]);
    });
  });

  it('a right that is missing is named', async () => {
    const { thread } = await scene();
    const note = await t.post(`/v1/agent/threads/${thread}/notes`, tokens.observer ?? '', { text: 'x' });
    expect(note.body).toMatchObject({ code: 'missing-right', detail: 'You lack the right note.' });
    const ben = await t.agent('ben');
    const takeOver = await t.post(`/v1/agent/threads/${thread}/assignment`, ben, { assignee: 'ben', takeOver: true });
    expect(takeOver.body.detail).toBe('You lack the right take-over.');
    expect(takeOver.status).toBe(403);
  });
});
