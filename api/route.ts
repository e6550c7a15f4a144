/**
 * Routes as data: who may call, what comes in, what goes out, what is done. The application, the OpenAPI document and
 * the authorisation test are all made from the same table.
 */
import type * as z from 'zod';
import type { Ids } from '../core/ids.ts';
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import type { Right } from '../core/policy/rights.ts';
import type {
  Blobs,
  Clock,
  Customers,
  FileScans,
  IdempotencyStore,
  Lanes,
  Log,
  Policies,
  PoolStore,
  Randomness,
  RateLimiter,
  Secrets,
  Sends,
  ThreadStore,
} from '../core/ports.ts';
import type { Authenticator } from './auth/authenticate.ts';
import type { CallerKind, Principal } from './auth/principal.ts';
import type { Problem } from './problem.ts';

export interface ApiDeps {
  threads: ThreadStore;
  pools: Pick<PoolStore, 'load'>;
  sends: Pick<Sends, 'records'>;
  customers: Customers;
  lanes: Lanes;
  idempotency: IdempotencyStore;
  blobs: Blobs;
  /** Where files must be scanned before anybody is given them. */
  scans?: FileScans | undefined;
  policies: Policies;
  secrets: Secrets;
  rates: RateLimiter;
  clock: Clock;
  random: Randomness;
  log: Log;
  authenticator: Authenticator;
  idsOf: (business: string) => Promise<Ids>;
  /** Waits between looks for an outcome. */
  pause: (ms: number) => Promise<void>;
}

/** One call, checked: what it may do is known, and what it says is as the schemas want it. */
export interface Call<P, Q, B> {
  principal: Principal;
  params: P;
  query: Q;
  body: B;
  policy: CompiledPolicy;
  ids: Ids;
  deps: ApiDeps;
  /** The Idempotency-Key within its scope, and a hash of what was asked. */
  idempotency: { key: string; request: string } | undefined;
  ifMatch: number | undefined;
  /** `Prefer: wait=N`, in seconds. */
  waitSeconds: number;
  /** Whether a page is wanted rather than JSON, where there is one. */
  wantsPage: boolean;
}

export interface Reply {
  status: number;
  body?: unknown;
  /** HTML, instead of a body. */
  page?: string;
  headers?: Record<string, string>;
}

/** Who calls is told by the address itself, which has a `{token}`: people come by the link of a mail. */
interface Invitation {
  /** @throws {Problem} 404 for a token that leads nowhere */
  callerOf: (token: string, deps: ApiDeps) => Promise<Principal>;
  /** The body, where the form of a page was sent instead of JSON. */
  formOf?: (fields: URLSearchParams) => object;
  /** What is answered instead of a problem, where it is to be read by a person. */
  failed: (problem: Problem, request: Request, wantsPage: boolean) => Reply | undefined;
}

/** An answer of a route, for the OpenAPI document: JSON by its schema, a page, or either. */
interface Answer {
  description: string;
  schema?: z.ZodType;
  /** To be had as `text/html`. */
  page?: boolean;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for what varies. */
  path: string;
  operationId: string;
  summary: string;
  tag: 'Customers' | 'Agents' | 'Both';
  callers: readonly CallerKind[];
  invitation?: Invitation;
  /** What an agent must hold. */
  right?: Right;
  query: z.ZodType;
  body?: z.ZodType;
  answers: Record<number, Answer>;
  handle: (call: Call<Record<string, string>, never, never>) => Promise<Reply>;
}

type Params<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Record<Name, string> & Params<Rest>
  : Record<never, string>;

/** Types a route's handler by its path and schemas. */
export function route<const Path extends string, Q extends z.ZodType, B extends z.ZodType = z.ZodUndefined>(
  definition: Omit<Route, 'path' | 'query' | 'body' | 'handle'> & {
    path: Path;
    query: Q;
    body?: B;
    handle: (call: Call<Params<Path>, z.output<Q>, z.output<B>>) => Promise<Reply>;
  },
): Route {
  return definition as unknown as Route;
}
