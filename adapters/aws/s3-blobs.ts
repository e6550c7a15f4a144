/**
 * Blobs in S3, by signed requests of our own: the few calls there are would not pay for an SDK client, and uploads and
 * downloads are signed URLs anyway. What a blob is called lies with it as metadata.
 */

import type { BlobInfo } from '../../core/blob-keys.ts';
import { TransientFailure } from '../../core/failures.ts';
import type { FileScans, ScanVerdict } from '../../core/file-scans.ts';
import type { Blobs } from '../../core/ports.ts';
import { SignedCalls, type SignedSettings } from './signed-calls.ts';

const TIMEOUT_MS = 5_000;
/** S3 keeps two kilobytes of metadata, in ASCII: as base64, the longest name of any letters fits. */
const NAME_HEADER = 'x-amz-meta-name';
/** Refusals that pass: a connection that stood still or was signed too long ago, two at work on the same object. */
const PASSING = ['RequestTimeout', 'RequestTimeTooSkewed', 'OperationAborted', 'ConditionalRequestConflict'];

/** S3 refused a request: the bucket or the permissions are wrong. */
class BlobsRefused extends Error {
  override readonly name = 'BlobsRefused';
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

export interface S3Settings extends SignedSettings {
  bucket: string;
}

/**
 * The tag in which GuardDuty Malware Protection for S3 says what it found, as any other scanner may (GuardDuty User
 * Guide, "S3 object potential scan status and result status"). What is no other value there is no verdict.
 */
const SCAN_TAG = 'GuardDutyMalwareScanStatus';
const SCAN_VERDICTS: Record<string, ScanVerdict> = { NO_THREATS_FOUND: 'clean', THREATS_FOUND: 'infected' };

export class S3Blobs implements Blobs, FileScans {
  readonly #calls: SignedCalls;
  readonly #bucket: string;
  readonly #base: string;

  constructor({ bucket, ...settings }: S3Settings) {
    const { region, endpoint } = settings;
    this.#calls = new SignedCalls('s3', settings, TIMEOUT_MS);
    this.#bucket = bucket;
    // Other implementations' buckets are paths.
    this.#base = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
  }

  async put(key: string, bytes: Uint8Array, mediaType: string, name = ''): Promise<void> {
    const body = bytes as Uint8Array<ArrayBuffer>;
    const named = name === '' ? {} : { [NAME_HEADER]: Buffer.from(name).toString('base64url') };
    await this.#call('PUT', key, { body, headers: { 'content-type': mediaType, ...named } });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.#call('GET', key))?.bytes;
  }

  async describe(key: string): Promise<BlobInfo | undefined> {
    const answer = await this.#call('HEAD', key);
    if (answer === undefined) return undefined;
    const name = Buffer.from(answer.headers.get(NAME_HEADER) ?? '', 'base64url').toString('utf8');
    const mediaType = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { name, mediaType, bytes: Number(answer.headers.get('content-length') ?? 0) };
  }

  async copy(from: string, to: string): Promise<boolean> {
    if ((await this.#call('HEAD', to)) !== undefined) return true;
    const source = `/${this.#bucket}/${pathOf(from)}`;
    // Without its tags: a copy is scanned anew, and to copy tags takes permissions to read and write them.
    const headers = { 'x-amz-copy-source': source, 'x-amz-tagging-directive': 'REPLACE' };
    const answer = await this.#call('PUT', to, { headers });
    // A copy may fail after S3 has begun to answer that it went well (S3 API, CopyObject).
    const failure = answer && errorCodeOf(answer);
    if (failure !== undefined) throw new TransientFailure(failure);
    return answer !== undefined;
  }

  async verdict(key: string): Promise<ScanVerdict> {
    const answer = await this.#call('GET', key, {}, '?tagging');
    const tags = Buffer.from(answer?.bytes ?? []).toString('utf8');
    const [, value] = new RegExp(`<Key>${SCAN_TAG}</Key>\\s*<Value>([^<]*)</Value>`).exec(tags) ?? [];
    return value === undefined ? 'waiting' : (SCAN_VERDICTS[value] ?? 'unsure');
  }

  async uploadUrl(key: string, info: BlobInfo, expiresAt: number) {
    // Signed with the rest: S3 takes neither another length nor another type or name.
    const headers = { 'content-type': info.mediaType, [NAME_HEADER]: Buffer.from(info.name).toString('base64url') };
    const signed = { ...headers, 'content-length': String(info.bytes) };
    return { url: await this.#signedUrl('PUT', key, expiresAt, { headers: signed }), headers };
  }

  async downloadUrl(key: string, expiresAt: number): Promise<string> {
    const info = await this.describe(key);
    const parameters = {
      // Always saved, never shown: what strangers uploaded must not act as a page.
      'response-content-disposition': `attachment; filename*=UTF-8''${fileName(info?.name ?? '')}`,
      'response-content-type': info?.mediaType ?? 'application/octet-stream',
      'response-cache-control': 'private, no-store',
    };
    return this.#signedUrl('GET', key, expiresAt, { parameters });
  }

  /** @returns undefined where there is nothing. @throws {TransientFailure} {BlobsRefused} */
  async #call(method: string, key: string, init: RequestInit = {}, of = ''): Promise<Answer | undefined> {
    const answer = await this.#calls.answer(`${this.#url(key)}${of}`, { ...init, method }, answerOf);
    const { status } = answer;
    if (status >= 200 && status < 300) return answer;
    if (status === 404) return undefined;
    const isPassing = status >= 500 || status === 429 || PASSING.includes(errorCodeOf(answer) ?? '');
    if (isPassing) throw new TransientFailure(`S3 answered ${status}.`);
    throw new BlobsRefused(`S3 answered ${status} to ${method}.`);
  }

  async #signedUrl(
    method: string,
    key: string,
    expiresAt: number,
    { headers = {}, parameters = {} }: { headers?: Record<string, string>; parameters?: Record<string, string> },
  ): Promise<string> {
    const url = new URL(this.#url(key));
    const seconds = Math.max(1, Math.floor((expiresAt - Date.now()) / 1000));
    for (const [name, value] of Object.entries({ ...parameters, 'X-Amz-Expires': String(seconds) })) {
      url.searchParams.set(name, value);
    }
    const signed = await this.#calls.client.sign(url, { method, headers, aws: { signQuery: true, allHeaders: true } });
    return signed.url.replaceAll('+', '%20'); // as S3 wants spaces; a plus itself is %2B
  }

  #url(key: string): string {
    return `${this.#base}/${pathOf(key)}`;
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) };
}

function pathOf(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** The code of an error in the body of an answer; undefined where there is none. */
function errorCodeOf({ bytes }: Answer): string | undefined {
  return /<Error>.*?<Code>(\w+)<\/Code>/s.exec(Buffer.from(bytes).toString('utf8'))?.[1];
}

/** RFC 8187: what is not allowed plain is percent-encoded, which encodeURIComponent does for all but these. */
function fileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
