/**
 * The application: every route of the table through one pipeline.
 *
 *   who calls ▶ may they ▶ how often ▶ is it well said ▶ was it said before ▶ handle ▶ ETag
 *
 * It knows only the Fetch standard; where it runs is somebody else's business.
 */
import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { cors } from 'hono/cors';
import { sha256Hex } from '../core/digest.ts';
import { Overloaded, TransientFailure } from '../core/failures.ts';
import { MissingSecrets } from '../core/ids-by-secrets.ts';
import { unauthenticated } from './auth/authenticate.ts';
import { principalOfLink } from './auth/link.ts';
import { type Principal, scopeOf } from './auth/principal.ts';
import methods from './methods.json' with { type: 'json' };
import { notFound, Problem, problemResponse } from './problem.ts';
import { strangerHeaders, takeRate } from './rates.ts';
import {
  checkBody,
  checkQuery,
  idempotencyKeyOf,
  ifMatchOf,
  isForm,
  parseForm,
  parseJson,
  readBytes,
  waitSecondsOf,
} from './request.ts';
import type { ApiDeps, Call, Reply, Route } from './route.ts';
import { missingRight } from './routes/agent-changes.ts';

/** What the place where the application runs tells of a request. */
export interface Environment {
  /** The address of the peer, for rates of those who cannot be told apart otherwise. */
  address: string;
}

type AppContext = Context<{ Bindings: Environment }>;

const PREFIX = '/v1';
/** JSON, unless a page is wanted more; also to who wants neither, as RFC 9110 §12.5.1 allows. */
const WANTED = { header: 'Accept' as const, supports: ['application/json', 'text/html'], default: 'application/json' };
const CALLER_NAMES = {
  ...{ customer: 'customers', capability: 'the token of one thread', agent: 'agents', link: 'links' },
};
const EXPOSED_HEADERS = ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Idempotent-Replayed'];
const ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Prefer'];

/**
 * @param routes all, or the half that this place serves
 * @param document gives the OpenAPI document, where it is served
 */
export function createApi(deps: ApiDeps, routes: Route[], document?: () => object): Hono<{ Bindings: Environment }> {
  const app = new Hono<{ Bindings: Environment }>();
  // Tokens travel in a header that no browser adds by itself, so any page may call; cookies are never read.
  app.use(`${PREFIX}/*`, cors({ origin: '*', allowHeaders: ALLOWED_HEADERS, exposeHeaders: EXPOSED_HEADERS }));
  if (document !== undefined) {
    app.get(`${PREFIX}/openapi.json`, async (context) => {
      return respond(
        { status: 200, body: document() },
        context.req.raw,
        await strangerHeaders(context.env.address, deps, 0),
      );
    });
  }
  for (const route of routes) {
    app.on(route.method, patternOf(route.path), (context) => answer(route, context, deps));
  }
  for (const [path, allowed] of Object.entries<string[]>(methods)) {
    app.all(patternOf(path), async (context) => {
      return problemResponse(methodNotAllowed(allowed), await strangerHeaders(context.env.address, deps, 0));
    });
  }
  app.notFound(async (context) =>
    problemResponse(notFound('resource'), await strangerHeaders(context.env.address, deps, 0)),
  );
  return app;
}

async function answer(route: Route, context: AppContext, deps: ApiDeps): Promise<Response> {
  const rateHeaders: Record<string, string> = {};
  try {
    return await run(route, context, deps, rateHeaders);
  } catch (failure) {
    const problem = asProblem(failure, deps);
    const reply = route.invitation?.failed(problem, context.req.raw, wantsPage(context));
    return reply === undefined ? problemResponse(problem, rateHeaders) : respond(reply, context.req.raw, rateHeaders);
  }
}

async function run(route: Route, context: AppContext, deps: ApiDeps, rateHeaders: Record<string, string>) {
  const { req } = context;
  const principal = await authenticated(route, context, deps, rateHeaders);
  const policy = deps.policies.current(principal.business);
  if (policy === undefined) throw notFound('business');
  await takeRate(principal, policy.source.rates, isWrite(route), deps, rateHeaders);
  checkMayCall(route, principal);
  const body = route.body === undefined ? undefined : await bodyOf(route, req.raw, route.body);
  const call: Call<Record<string, string>, unknown, unknown> = {
    principal,
    params: req.param() as Record<string, string>,
    query: checkQuery(route.query, req.query()),
    body: body?.value,
    policy,
    ids: await deps.idsOf(principal.business),
    deps,
    idempotency: isWrite(route) ? idempotencyOf(req.raw, principal, req.path, body?.hash) : undefined,
    ifMatch: isWrite(route) && principal.kind === 'agent' ? ifMatchOf(req.raw.headers.get('if-match')) : undefined,
    wantsPage: wantsPage(context),
    waitSeconds: waitSecondsOf(req.raw.headers.get('prefer')),
  };
  const reply = await route.handle(call as Parameters<Route['handle']>[0]);
  return respond(reply, req.raw, rateHeaders);
}

/** Who calls. Those who fail to say it share a bucket by address, so that tokens cannot be guessed at leisure. */
async function authenticated(
  { callers, invitation }: Route,
  context: AppContext,
  deps: ApiDeps,
  rateHeaders: Record<string, string>,
): Promise<Principal> {
  const { req } = context;
  const header = req.raw.headers.get('authorization') ?? undefined;
  const ticket = header === undefined && callers.includes('link') ? req.query('ticket') : undefined;
  try {
    if (invitation !== undefined) return await invitation.callerOf(req.param('token') ?? '', deps);
    if (ticket !== undefined) {
      const principal = await principalOfLink(ticket, req.path, req.param('id') ?? '', deps);
      if (principal !== undefined) return principal;
      throw unauthenticated('The link is forged or over: read again what it was in.', 'Bearer');
    }
    return await deps.authenticator.authenticate(header, context.env.address);
  } catch (failure) {
    Object.assign(rateHeaders, await strangerHeaders(context.env.address, deps, 1));
    throw failure;
  }
}

function checkMayCall(route: Route, principal: Principal): void {
  if (!route.callers.includes(principal.kind)) {
    const detail =
      principal.kind === 'visitor'
        ? 'A publishable key may start a thread, read the hours and upload: nothing else.'
        : `This is not for ${CALLER_NAMES[principal.kind]}.`;
    throw new Problem(403, 'wrong-caller', { detail });
  }
  const { right } = route;
  if (principal.kind === 'agent' && right !== undefined && !principal.agent.rights.has(right))
    throw missingRight(right);
}

async function bodyOf(route: Route, request: Request, schema: NonNullable<Route['body']>) {
  const bytes = await readBytes(request);
  const formOf = isForm(request.headers) ? route.invitation?.formOf : undefined;
  const value = checkBody(schema, formOf?.(parseForm(bytes)) ?? parseJson(bytes, request.headers));
  return { value, hash: isWrite(route) && request.headers.has('idempotency-key') ? sha256Hex(bytes) : '' };
}

function idempotencyOf(request: Request, principal: Principal, path: string, bodyHash = '') {
  const key = idempotencyKeyOf(request.headers.get('idempotency-key'));
  if (key === undefined) return undefined;
  const scope = sha256Hex([scopeOf(principal), request.method, path, key].join('\n'));
  return { key: `${principal.business} ${scope}`, request: bodyHash };
}

function respond(
  { status, body, page, headers }: Reply,
  request: Request,
  rateHeaders: Record<string, string>,
): Response {
  const all: Record<string, string> = { ...rateHeaders, ...headers, 'Cache-Control': 'private, no-cache' };
  if (body === undefined && page === undefined) return new Response(null, { status, headers: all });
  const text = page ?? JSON.stringify(body);
  all['Content-Type'] = page === undefined ? 'application/json' : 'text/html; charset=utf-8';
  if (isReading(request) && status === 200) {
    const etag = `"${sha256Hex(text).slice(0, 24)}"`;
    all['ETag'] = etag;
    if (isFresh(request.headers.get('if-none-match'), etag)) {
      delete all['Content-Type'];
      return new Response(null, { status: 304, headers: all });
    }
  }
  return new Response(text, { status, headers: all });
}

/** RFC 9110 §13.1.2: any of the listed tags, compared weakly, or any representation at all. */
function isFresh(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function wantsPage(context: AppContext): boolean {
  return accepts(context, WANTED) === 'text/html';
}

function isWrite(route: Route): boolean {
  return route.method !== 'GET';
}

/** A path of the document as the router wants it. */
function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodNotAllowed(allowed: string[]): Problem {
  const methods = allowed.join(', ');
  return new Problem(405, 'method-not-allowed', { detail: `Allowed: ${methods}.`, headers: { Allow: methods } });
}

function asProblem(failure: unknown, deps: ApiDeps): Problem {
  if (failure instanceof Problem) return failure;
  if (failure instanceof TransientFailure) {
    const code = failure instanceof Overloaded ? 'overloaded' : 'unavailable';
    const headers = { 'Retry-After': '1' };
    return new Problem(503, code, { detail: 'This cannot be taken just now: please try again.', headers });
  }
  if (failure instanceof MissingSecrets) {
    deps.log('error', 'secrets.missing', {});
    const detail = 'The business has no secrets yet: `npm run secrets` makes them.';
    return new Problem(503, 'secrets-missing', { detail, headers: { 'Retry-After': '60' } });
  }
  deps.log('error', 'api.defect', { defect: failure instanceof Error ? failure.name : typeof failure });
  return new Problem(500, 'internal', { detail: 'Something is broken here; it has been noted.' });
}
