/**
 * Blobs in S3, by signed requests of our own: the few calls there are would not pay for an SDK client, and uploads and
 * downloads are signed URLs anyway. What a blob is called lies with it as metadata.
 */
import { AwsClient } from 'aws4fetch';
import { TransientFailure } from '../../core/failures.ts';
import type { BlobInfo, Blobs } from '../../core/ports.ts';

const TIMEOUT_MS = 5_000;
const RETRIES = 2;
const FIRST_PAUSE_MS = 50;
const NAME_HEADER = 'x-amz-meta-name';

/** S3 refused a request: the bucket or the permissions are wrong. */
class BlobsRefused extends Error {
  override readonly name = 'BlobsRefused';
}

export interface S3Settings {
  bucket: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Of another implementation than AWS's, whose buckets are paths. */
  endpoint?: string | undefined;
}

export class S3Blobs implements Blobs {
  readonly #client: AwsClient;
  readonly #bucket: string;
  readonly #base: string;

  constructor({ bucket, region, credentials, endpoint }: S3Settings) {
    this.#client = new AwsClient({
      ...{ ...credentials, region, service: 's3' },
      ...{ retries: RETRIES, initRetryMs: FIRST_PAUSE_MS },
    });
    this.#bucket = bucket;
    this.#base = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
  }

  async put(key: string, bytes: Uint8Array, mediaType: string): Promise<void> {
    const body = bytes as Uint8Array<ArrayBuffer>;
    await this.#call('PUT', key, { body, headers: { 'content-type': mediaType } });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const answer = await this.#call('GET', key);
    return answer === undefined ? undefined : new Uint8Array(await answer.arrayBuffer());
  }

  async describe(key: string): Promise<BlobInfo | undefined> {
    const answer = await this.#call('HEAD', key);
    if (answer === undefined) return undefined;
    const name = decodeURIComponent(answer.headers.get(NAME_HEADER) ?? '');
    const mediaType = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { name, mediaType, bytes: Number(answer.headers.get('content-length') ?? 0) };
  }

  async copy(from: string, to: string): Promise<boolean> {
    if ((await this.#call('HEAD', to)) !== undefined) return true;
    const source = `/${this.#bucket}/${from}`;
    return (await this.#call('PUT', to, { headers: { 'x-amz-copy-source': source } })) !== undefined;
  }

  async uploadUrl(key: string, info: BlobInfo, expiresAt: number) {
    // Signed with the rest: S3 takes neither another length nor another type or name.
    const headers = { 'content-type': info.mediaType, [NAME_HEADER]: encodeURIComponent(info.name) };
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
  async #call(method: string, key: string, init: RequestInit = {}): Promise<Response | undefined> {
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      answer = await this.#client.fetch(this.#url(key), { ...init, method, signal });
    } catch (failure) {
      throw new TransientFailure(failure instanceof Error ? failure.name : 'unknown', { cause: failure });
    }
    if (answer.ok) return answer;
    await answer.body?.cancel();
    if (answer.status === 404) return undefined;
    if (answer.status >= 500 || answer.status === 429) throw new TransientFailure(`S3 answered ${answer.status}.`);
    throw new BlobsRefused(`S3 answered ${answer.status} to ${method}.`);
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
    const signed = await this.#client.sign(url, { method, headers, aws: { signQuery: true, allHeaders: true } });
    return signed.url;
  }

  #url(key: string): string {
    return `${this.#base}/${key}`;
  }
}

/** RFC 8187: what is not allowed plain is percent-encoded, which encodeURIComponent does for all but these. */
function fileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
