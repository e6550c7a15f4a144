/** Downloads: by a short-lived link, to whoever may have the file, unless a scanner is against it. */
import type { ScanVerdict } from '../core/file-scans.ts';
import { notFound, Problem } from './problem.ts';
import type { Call, Reply } from './route.ts';

const DOWNLOAD_MS = 300_000;

type Against = Exclude<ScanVerdict, 'clean'>;

const REFUSALS: Record<Against, { status: number; code: string; detail: string; headers?: Record<string, string> }> = {
  infected: { status: 409, code: 'infected', detail: 'A scanner found malware in the file: nobody is given it.' },
  unsure: {
    ...{ status: 409, code: 'not-scanned' },
    detail: 'The scanner cannot say whether there is malware in the file. Agents may have it by `unscanned=true`.',
  },
  waiting: {
    ...{ status: 503, code: 'scan-waiting', headers: { 'Retry-After': '5' } },
    detail: 'The file is still to be scanned: please try again.',
  },
};

/** What a download may come to, for the document. */
export const DOWNLOAD_ANSWERS = {
  200: { description: 'The file, for a client that follows the redirect.' },
  302: { description: 'Where the file is, for five minutes.' },
  409: { description: 'A scanner found malware in it (`infected`), or cannot say (`not-scanned`).' },
};

/**
 * @param key where it lies, if anywhere
 * @param unscanned whether who calls wants it though a scanner could not say anything
 * @throws {Problem} 404, 409, 503
 */
export async function downloadReply(
  { deps, principal }: Call<unknown, unknown, unknown>,
  key: string | undefined,
  what: string,
  unscanned = false,
): Promise<Reply> {
  const { blobs, scans, clock } = deps;
  if (key === undefined || (await blobs.describe(key)) === undefined) throw notFound(what);
  const verdict = (await scans?.verdict(key)) ?? 'clean';
  const isWanted = verdict === 'unsure' && unscanned && principal.kind === 'agent';
  if (verdict !== 'clean' && !isWanted) {
    const { status, code, ...init } = REFUSALS[verdict];
    throw new Problem(status, code, init);
  }
  return { status: 302, headers: { Location: await blobs.downloadUrl(key, clock.now() + DOWNLOAD_MS) } };
}
