/**
 * The OpenAPI 3.1 document, made from the route table and the schemas that validate. Made at build time
 * (`npm run generate`); the product serves the checked-in `openapi.json` and never loads this.
 */
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import packageJson from '../package.json' with { type: 'json' };
import { accepted, problem } from './answers.ts';
import type { CallerKind } from './auth/principal.ts';
import type { Route } from './route.ts';
import { routes } from './routes/index.ts';

const SCHEMES: Record<CallerKind, { name: string; description: string; isInQuery?: true }> = {
  customer: { name: 'customerToken', description: 'A JWT that the business signs for its customer.' },
  capability: {
    name: 'capabilityToken',
    description: 'The token of one thread, as given to the visitor who began it.',
  },
  visitor: { name: 'publishableKey', description: 'The public key of a business, for anonymous visitors.' },
  link: { name: 'ticket', description: 'Of a link in an answer: opens its path for a while.', isInQuery: true },
  agent: { name: 'agentToken', description: 'A JWT of an OIDC issuer that the policy names.' },
};

const TAGS = {
  Customers: 'What customers call.',
  Agents: 'What agents call. The policy says which rights each has.',
  Both: 'What customers and agents call.',
};

const PROBLEMS: Record<number, string> = {
  400: 'Not JSON, or not UTF-8.',
  401: 'No token, or one that cannot be verified.',
  403: 'The right to do this is missing.',
  404: 'Does not exist, or is not yours to know of.',
  409: 'Rejected by a rule.',
  412: 'What is to be changed is not at the version of If-Match.',
  413: 'Over a limit of size.',
  415: 'Not application/json.',
  422: 'Not as the schema wants it, or a used Idempotency-Key with another body.',
  429: 'Too many requests; Retry-After tells when the next is welcome.',
  503: 'Overloaded; Retry-After tells when to try again.',
};

const HEADERS = {
  idempotencyKey: z.string().max(255).optional().describe('Makes a repeated request the same request, for 24 hours.'),
  prefer: z.string().optional().describe('`wait=N`: answer with the outcome, if there is one within N ≤ 10 seconds.'),
  ifMatch: z.string().optional().describe('The `version` that was seen, in quotes: the change is refused if it moved.'),
  ifNoneMatch: z.string().optional().describe('An ETag: 304 if nothing changed.'),
};

/** Headers of answers, by name. */
const ANSWER_HEADERS = {
  ETag: 'Changes with the representation.',
  Location: 'Where it is.',
  'Retry-After': 'Seconds until another try is welcome.',
  RateLimit: 'What is left, and when it is back (draft-ietf-httpapi-ratelimit-headers).',
  'RateLimit-Policy': 'The limit that applies.',
  'Idempotent-Replayed': '`true` where the key was used before, for the same request.',
  'Preference-Applied': 'How long the answer waited at most.',
};
type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** The document, always the same for the same routes. */
export function openApiDocument(): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  const document = {
    openapi: '3.1.1' as const,
    info: {
      title: 'Meanwhile',
      version: packageJson.version,
      description: 'Asynchronous customer messaging. Every write is accepted at once and decided in order.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      responses: {
        ...problemAnswers(),
        Unchanged: { description: 'Nothing changed since the ETag of If-None-Match.', headers: headersNamed() },
      },
      headers: Object.fromEntries(
        Object.entries(ANSWER_HEADERS).map(([name, description]) => [
          name,
          { description, schema: { type: 'string' as const } },
        ]),
      ),
      securitySchemes: Object.fromEntries(
        Object.values(SCHEMES).map(({ name, description, isInQuery }) => [
          name,
          isInQuery === true
            ? { type: 'apiKey' as const, in: 'query' as const, name, description }
            : { type: 'http' as const, scheme: 'bearer', description },
        ]),
      ),
    },
  };
  return createDocument(document, {
    override: ({ jsonSchema, io }) => {
      // Answers may gain fields: a client that is made from the document must let them.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, tag, callers, right, body, invitation } = route;
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const path = Object.fromEntries(names.map((name) => [name, z.string()]));
  return {
    operationId,
    summary,
    tags: [tag],
    ...(right === undefined || !callers.includes('agent')
      ? {}
      : { description: `Agents need the right \`${right}\`.` }),
    security: invitation === undefined ? callers.map((caller) => ({ [SCHEMES[caller].name]: [] })) : [],
    requestParams: {
      ...(names.length === 0 ? {} : { path: z.object(path) }),
      query: route.query as z.ZodObject,
      header: z.object(headersOf(route)),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(body, invitation?.formOf !== undefined) } }),
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

function contentOf(schema: z.ZodType, isForm: boolean) {
  return { 'application/json': { schema }, ...(isForm ? { 'application/x-www-form-urlencoded': { schema } } : {}) };
}

function headersOf({ method, callers }: Route): Record<string, z.ZodType> {
  if (method === 'GET') return { 'If-None-Match': HEADERS.ifNoneMatch };
  return {
    // A PUT is the same however often it comes, and its outcome is its answer.
    ...(method === 'PUT' ? {} : { 'Idempotency-Key': HEADERS.idempotencyKey, Prefer: HEADERS.prefer }),
    ...(callers.length === 1 && callers[0] === 'agent' ? { 'If-Match': HEADERS.ifMatch } : {}),
  };
}

/** References to these headers, and to those of the rate limit, which every answer has. */
function headersNamed(...names: AnswerHeader[]) {
  const all: AnswerHeader[] = ['RateLimit', 'RateLimit-Policy', ...names];
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function answersOf({ answers, method }: Route) {
  const entries = Object.entries(answers).map(([status, { description, schema, page }]) => {
    const html = page === true ? { 'text/html': { schema: { type: 'string' as const } } } : {};
    const json = schema === undefined ? {} : { 'application/json': { schema } };
    const content = schema === undefined && page !== true ? {} : { content: { ...json, ...html } };
    const isRead = method === 'GET' && status === '200';
    const names: AnswerHeader[] = [];
    if (isRead) names.push('ETag');
    if (method !== 'GET' && method !== 'PUT') names.push('Idempotent-Replayed');
    if (method !== 'GET' && schema === accepted) names.push('Location', 'Preference-Applied');
    if (status === '302' || status === '303') names.push('Location');
    return [status, { description, headers: headersNamed(...names), ...content }];
  });
  const isCacheable = method === 'GET' && answers[200]?.schema !== undefined;
  const unchanged = { 304: { $ref: '#/components/responses/Unchanged' } };
  return { ...Object.fromEntries(entries), ...(isCacheable ? unchanged : {}) };
}

function problemsOf({ method, body, callers }: Route) {
  const isWrite = method !== 'GET';
  const hasVersion = isWrite && callers.length === 1 && callers[0] === 'agent';
  const statuses = Object.keys(PROBLEMS)
    .map(Number)
    .filter((status) => isWrite || status !== 409)
    .filter((status) => hasVersion || status !== 412)
    .filter((status) => body !== undefined || ![400, 413, 415].includes(status));
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]));
}

/** Each kind of problem once, for all operations to point at. */
function problemAnswers(): Record<string, ZodOpenApiResponseObject> {
  const content = { 'application/problem+json': { schema: problem } };
  const described = Object.entries(PROBLEMS).map(([status, description]) => {
    const headers = ['429', '503'].includes(status) ? headersNamed('Retry-After') : headersNamed();
    return [`Problem${status}`, { description, headers, content }];
  });
  return Object.fromEntries(described);
}

/** Which methods each path knows: so that a place that serves only some routes can name those of the others. */
export function methodsByPath(): Record<string, string[]> {
  const methods: Record<string, string[]> = {};
  for (const { method, path } of routes) methods[path] = [...(methods[path] ?? []), method];
  return methods;
}
