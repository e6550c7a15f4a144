/** What a request says beside its body's meaning: its bytes, its preconditions, its preferences. */
import type * as z from 'zod';
import { invalid, jsonPointer, Problem, schemaProblem, tooLarge } from './problem.ts';
import { TOO_LARGE } from './requests.ts';

const BODY_BYTES_MAX = 1024 * 1024;
const WAIT_SECONDS_MAX = 10;
const KEY_CHARS_MAX = 255;

/** Reads a body of at most 1 MiB, or another limit. @throws {Problem} 413 */
export async function readBytes(request: Request, bytesMax = BODY_BYTES_MAX): Promise<Uint8Array> {
  const limit = `The body is over the limit of ${bytesMax} bytes.`;
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax)
    throw new Problem(413, 'too-large', { detail: limit });
  if (request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Problem(413, 'too-large', { detail: limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON of a body; an empty one is `{}`. @throws {Problem} 415, 400 */
export function parseJson(bytes: Uint8Array, headers: Headers): unknown {
  if (bytes.length === 0) return {};
  const [contentType, contentEncoding] = [headers.get('content-type'), headers.get('content-encoding')];
  if (contentEncoding !== null && contentEncoding.toLowerCase() !== 'identity') {
    const detail = `The body is in the encoding ${contentEncoding}: send it as it is.`;
    throw new Problem(415, 'unsupported-encoding', { detail, errors: [{ pointer: 'Content-Encoding', detail }] });
  }
  const [mediaType = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  if (mediaType.trim() !== 'application/json' || (charset !== undefined && !/^charset="?utf-8"?$/.test(charset))) {
    throw new Problem(415, 'unsupported-media-type', { detail: 'The body must be application/json in UTF-8.' });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return text.includes('"__proto__"') ? JSON.parse(text, refusePrototype) : JSON.parse(text);
  } catch (failure) {
    if (failure instanceof Problem) throw failure;
    const isEncoding = failure instanceof TypeError;
    const [code, what] = isEncoding ? ['not-utf-8', 'not UTF-8'] : ['not-json', 'not JSON'];
    throw new Problem(400, code, { detail: `The body is ${what}.` });
  }
}

/** Whether a page’s form was sent (application/x-www-form-urlencoded). */
export function isForm(headers: Headers): boolean {
  return /^application\/x-www-form-urlencoded *(;|$)/i.test(headers.get('content-type') ?? '');
}

export function parseForm(bytes: Uint8Array): URLSearchParams {
  return new URLSearchParams(new TextDecoder().decode(bytes));
}

/** A field of this name would be dropped in silence by whatever copies the object. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw invalid('__proto__', 'is not a name that can be kept');
  return value;
}

/** @throws {Problem} 422, or 413 where nothing is wrong but sizes */
export function checkBody<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  const isOnlySize = issues.every((issue) => issue.code === 'custom' && issue.params?.['limit'] === TOO_LARGE);
  if (isOnlySize && issues[0] !== undefined) throw tooLarge(jsonPointer(issues[0].path), issues[0].message);
  throw schemaProblem(checked.error, jsonPointer);
}

/** @throws {Problem} 422 naming the parameters */
export function checkQuery<T extends z.ZodType>(schema: T, query: Record<string, string>): z.output<T> {
  const checked = schema.safeParse(query);
  if (checked.success) return checked.data;
  throw schemaProblem(checked.error, (path) => path.join('.'));
}

/** A thread's version, quoted, or `*` for any. @throws {Problem} 422 */
export function ifMatchOf(header: string | null): number | undefined {
  if (header === null || header.trim() === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw invalid('If-Match', 'is not a thread’s version in quotes, such as "7"');
  return Number(version);
}

/** `Prefer: wait=N` (RFC 7240 §4.3); what cannot be honoured is ignored, as the RFC says. */
export function waitSecondsOf(header: string | null): number {
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i.exec(header ?? '')?.[1];
  return wait === undefined ? 0 : Math.min(Number(wait), WAIT_SECONDS_MAX);
}

/** The Idempotency-Key, bare or as a quoted string. @throws {Problem} 422 */
export function idempotencyKeyOf(header: string | null): string | undefined {
  if (header === null) return undefined;
  const key = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header.trim())?.[1]?.replace(/\\(["\\])/g, '$1') ?? header.trim();
  if (key.length === 0 || key.length > KEY_CHARS_MAX) {
    throw invalid('Idempotency-Key', `has 1 to ${KEY_CHARS_MAX} characters`);
  }
  return key;
}
