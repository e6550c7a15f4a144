/**
 * Blobs as files, each with its description beside it. Uploads and downloads go through signed, short-lived tokens
 * that the local server takes at `/blobs/{token}`, as S3 would take a presigned URL.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobInfo } from '../../core/blob-keys.ts';
import { hmacSha256, isSameText } from '../../core/digest.ts';
import type { Blobs, Clock } from '../../core/ports.ts';

/** Keys are made of ids; anything else, above all a way out of the folder, is refused. */
const KEY = /^[a-z]+(\/[A-Za-z0-9_-]+){1,2}$/;
/** A day, as promised, and an hour for a request that is under way when it ends. */
const PENDING_KEPT_MS = 25 * 3_600_000;
const PENDING = 'pending';

interface Description extends BlobInfo {
  at: number;
}

/** What a token lets its bearer do. */
export interface BlobGrant extends BlobInfo {
  method: 'PUT' | 'GET';
  key: string;
  expiresAt: number;
}

export class FileBlobs implements Blobs {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #secret: string;
  readonly #baseUrl: () => string;

  /** @param baseUrl where the local server is reached; asked when a URL is made */
  constructor(folder: string, clock: Clock, secret: string, baseUrl: () => string) {
    this.#folder = folder;
    this.#clock = clock;
    this.#secret = secret;
    this.#baseUrl = baseUrl;
  }

  async put(key: string, bytes: Uint8Array, mediaType: string, name = ''): Promise<void> {
    await this.store(key, bytes, { name, mediaType, bytes: bytes.length });
  }

  /** Stores a blob with its description; the description last, because it says that the blob is complete. */
  async store(key: string, bytes: Uint8Array, info: BlobInfo): Promise<void> {
    const description: Description = { ...info, at: this.#clock.now() };
    await writeDurably(this.path(key), bytes);
    await writeDurably(`${this.path(key)}.json`, Buffer.from(JSON.stringify(description)));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return readIfThere(this.path(key));
  }

  async describe(key: string): Promise<BlobInfo | undefined> {
    const description = await readIfThere(`${this.path(key)}.json`);
    if (description === undefined) return undefined;
    const { name, mediaType, bytes } = JSON.parse(description.toString('utf8')) as Description;
    return { name, mediaType, bytes };
  }

  async copy(from: string, to: string): Promise<boolean> {
    if ((await this.describe(to)) !== undefined) return true;
    const [bytes, info] = [await readIfThere(this.path(from)), await this.describe(from)];
    if (bytes === undefined || info === undefined) return false;
    await this.store(to, bytes, info);
    return true;
  }

  async uploadUrl(
    key: string,
    info: BlobInfo,
    expiresAt: number,
  ): Promise<{ url: string; headers: Record<string, string> }> {
    const { name, mediaType, bytes } = info;
    const url = this.#url({ method: 'PUT', key, name, mediaType, bytes, expiresAt });
    return { url, headers: { 'content-type': mediaType } };
  }

  async downloadUrl(key: string, expiresAt: number): Promise<string> {
    const info = (await this.describe(key)) ?? { name: '', mediaType: 'application/octet-stream', bytes: 0 };
    return this.#url({ method: 'GET', key, ...info, expiresAt });
  }

  /** What a token grants; undefined for one that is forged, expired or for the other method. */
  grantOf(token: string, method: string): BlobGrant | undefined {
    const [payload = '', mac = ''] = token.split('.');
    if (!isSameText(this.#mac(payload), mac)) return undefined;
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as BlobGrant;
    return grant.method === method && grant.expiresAt > this.#clock.now() ? grant : undefined;
  }

  /** Removes uploads that no message referred to within a day. @returns how many */
  async removeUnreferenced(): Promise<number> {
    const folder = join(this.#folder, PENDING);
    const names = await readdir(folder).catch(() => []);
    let removed = 0;
    for (const name of names.filter((file) => file.endsWith('.json'))) {
      const description = await readIfThere(join(folder, name));
      const at = description === undefined ? 0 : (JSON.parse(description.toString('utf8')) as Description).at;
      if (at > this.#clock.now() - PENDING_KEPT_MS) continue;
      await rm(join(folder, name), { force: true });
      await rm(join(folder, name.slice(0, -'.json'.length)), { force: true });
      removed += 1;
    }
    return removed;
  }

  /** The file of a key. */
  path(key: string): string {
    if (!KEY.test(key)) throw new RangeError('Not a key of a blob.');
    return join(this.#folder, key);
  }

  #url(grant: BlobGrant): string {
    const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
    return `${this.#baseUrl()}/blobs/${payload}.${this.#mac(payload)}`;
  }

  #mac(payload: string): string {
    return Buffer.from(hmacSha256(this.#secret, payload)).toString('base64url');
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined;
    throw failure;
  }
}

/** Writes beside, syncs, renames, syncs the folder: after a crash there is the old file or the whole new one. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const beside = `${path}.${process.hrtime.bigint()}.part`;
  const file = await open(beside, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
