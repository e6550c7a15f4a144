/** Problems: every error of the API as RFC 9457 says, with a code for programs and the place of each mistake. */
import type * as z from 'zod';

export interface FieldError {
  /** A JSON Pointer into the body (RFC 6901), or the name of the header or parameter. */
  pointer: string;
  detail: string;
}

interface ProblemInit {
  detail: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** Further members, such as the command that was rejected. */
  more?: Record<string, string>;
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Overloaded',
};

const TYPE_BASE = 'https://meanwhile.dev/problems/';

/** Thrown anywhere in the API; becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;
  readonly more: Record<string, string>;

  constructor(status: number, code: string, { detail, errors = [], headers = {}, more = {} }: ProblemInit) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
    this.more = more;
  }

  toJSON(): Record<string, unknown> {
    const { status, code, errors, more } = this;
    const title = TITLES[status] ?? 'Error';
    return { type: TYPE_BASE + code, title, status, detail: this.message, code, errors, ...more };
  }
}

/** The answer that a problem is. */
export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers, ...problem.headers, 'Content-Type': 'application/problem+json' },
  });
}

export function notFound(what: string): Problem {
  return new Problem(404, 'not-found', { detail: `There is no such ${what}.` });
}

export function invalid(pointer: string, detail: string): Problem {
  return new Problem(422, 'invalid', { detail: `${pointer}: ${detail}`, errors: [{ pointer, detail }] });
}

/** A limit of size that a part of the body passed. */
export function tooLarge(pointer: string, detail: string): Problem {
  return new Problem(413, 'too-large', { detail: `${pointer}: ${detail}`, errors: [{ pointer, detail }] });
}

/** What a schema found wrong, each at its place. @param pointerOf how a path is told: in the body or a parameter */
export function schemaProblem(error: z.ZodError, pointerOf: (path: PropertyKey[]) => string): Problem {
  const errors = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerOf(issue.path), detail: issue.message }];
    return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: 'is not a known field' }));
  });
  const detail = errors.map(({ pointer, detail: what }) => `${pointer || 'body'}: ${what}`).join('; ');
  return new Problem(422, 'invalid', { detail, errors });
}

export function jsonPointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
