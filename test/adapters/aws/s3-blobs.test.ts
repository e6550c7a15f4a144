import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { S3Blobs } from '../../../adapters/aws/s3-blobs.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MINUTE, MONDAY } from '../../builders.ts';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token+/=' };
const blobs = new S3Blobs({ bucket: 'bucket', region: 'eu-central-1', credentials });
const BASE = 'https://bucket.s3.eu-central-1.amazonaws.com';
const INFO = { name: 'Ümläut & "x" (1)*.png', mediaType: 'image/png', bytes: 4 };

type Answer = Response | Error;
let requests: Request[];
let answer: (request: Request, count: number) => Answer;

const status = (code: number, text: string | null = null, headers = {}) =>
  new Response(text, { status: code, headers });
const anError = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>c1 wrote</Message></Error>`;
/** S3 answers so, one after the other; the last one from then on. */
function answers(...all: (() => Answer)[]): void {
  answer = (_, count) => (all[Math.min(count, all.length) - 1] ?? (() => status(404)))();
}

beforeEach(() => {
  requests = [];
  answers(() => status(200));
  vi.useFakeTimers({ now: MONDAY, toFake: ['Date'] });
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push(request);
    const given = answer(request, requests.length);
    if (given instanceof Error) throw given;
    return given;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('requests to S3', () => {
  it('are signed for the bucket, its region and the session, and bounded in time', async () => {
    await blobs.put('threads/t/a', new Uint8Array([1, 2]), 'image/png');
    const [request] = requests;
    expect(request?.method).toBe('PUT');
    expect(request?.url).toBe(`${BASE}/threads/t/a`);
    expect(request?.headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/20261123\/eu-central-1\/s3\//,
    );
    expect(request?.headers.get('x-amz-security-token')).toBe('token+/=');
    expect(request?.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array((await request?.arrayBuffer()) ?? [])).toEqual(new Uint8Array([1, 2]));
    expect(request?.signal.aborted).toBe(false);
  });

  it('go to the path of the bucket where it is another implementation', async () => {
    const elsewhere = new S3Blobs({ bucket: 'bucket', region: 'r', credentials, endpoint: 'http://127.0.0.1:1' });
    await elsewhere.get('threads/t/a');
    expect(requests[0]?.url).toBe('http://127.0.0.1:1/bucket/threads/t/a');
  });

  it('name any key as one path', async () => {
    await blobs.get('threads/t/set-aside-a b?c#d+e%f');
    expect(requests[0]?.url).toBe(`${BASE}/threads/t/set-aside-a%20b%3Fc%23d%2Be%25f`);
  });

  it.each([500, 503, 429])(
    'are made three times at most where S3 answers %i, and may then be made again',
    async (code) => {
      answers(() => status(code, anError('SlowDown')));
      await expect(blobs.get('k')).rejects.toThrow(TransientFailure);
      expect(requests).toHaveLength(3);
      requests = [];
      answers(
        () => status(code),
        () => status(200, 'here'),
      );
      expect(Buffer.from((await blobs.get('k')) ?? []).toString()).toBe('here');
    },
  );

  it.each([
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
  ])('may be made again where there was no answer: %s', async (failure) => {
    answers(() => failure);
    await expect(blobs.put('k', new Uint8Array(), 'text/plain')).rejects.toThrow(TransientFailure);
    await expect(blobs.describe('k')).rejects.toThrow(TransientFailure);
  });

  it('may be made again where the answer broke off on its way', async () => {
    const broken = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) }));
    answers(broken);
    await expect(blobs.get('k')).rejects.toThrow(TransientFailure);
  });

  it.each([
    [400, 'RequestTimeout'],
    [403, 'RequestTimeTooSkewed'],
    [409, 'OperationAborted'],
    [409, 'ConditionalRequestConflict'],
  ])('may be made again where S3 means that by its answer (%i, %s)', async (code, name) => {
    answers(() => status(code, anError(name)));
    await expect(blobs.put('k', new Uint8Array(), 'text/plain')).rejects.toThrow(TransientFailure);
  });

  it.each([
    [400, anError('InvalidRequest')],
    [403, anError('AccessDenied')],
    [403, ''],
    [301, anError('PermanentRedirect')],
  ])('that are refused (%i) are a defect, which says nothing of what was written', async (code, body) => {
    answers(() => status(code, body));
    const refused = blobs.get('threads/t/a');
    await expect(refused).rejects.toMatchObject({ name: 'BlobsRefused', message: `S3 answered ${code} to GET.` });
    await expect(refused).rejects.not.toThrow(TransientFailure);
  });
});

describe('blobs in S3', () => {
  it('are what was put there, or nothing', async () => {
    answers(() => status(200, 'bytes'));
    expect(Buffer.from((await blobs.get('k')) ?? []).toString()).toBe('bytes');
    answers(() => status(404, anError('NoSuchKey')));
    expect(await blobs.get('k')).toBeUndefined();
    expect(await blobs.describe('k')).toBeUndefined();
  });

  it('are described without being fetched', async () => {
    answers(() => status(200, null, { 'content-type': 'text/plain', 'content-length': '7' }));
    expect(await blobs.describe('k')).toEqual({ name: '', mediaType: 'text/plain', bytes: 7 });
    expect(requests[0]?.method).toBe('HEAD');
  });

  it('are called what they were called, however they were, within what S3 keeps of a name', async () => {
    const long = fc.constantFrom('漢', '😀', 'ü', 'a').map((char) => char.repeat(255).slice(0, 255));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 255 }), long), async (name) => {
        const { headers } = await blobs.uploadUrl('pending/a', { ...INFO, name }, MONDAY + MINUTE);
        const value = headers['x-amz-meta-name'] ?? '';
        expect(value).toMatch(/^[\x20-\x7e]*$/);
        expect('name'.length + value.length).toBeLessThanOrEqual(2_048); // of all metadata of an object
        answers(() => status(200, null, headers));
        expect((await blobs.describe('pending/a'))?.name).toBe(name.toWellFormed());
      }),
    );
  });

  it('are copied with their description, within S3', async () => {
    answers(
      () => status(404),
      () => status(200, '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>'),
    );
    expect(await blobs.copy('pending/a b', 'threads/t/a')).toBe(true);
    expect(requests.map(({ method, url }) => [method, url])).toEqual([
      ['HEAD', `${BASE}/threads/t/a`],
      ['PUT', `${BASE}/threads/t/a`],
    ]);
    expect(requests[1]?.headers.get('x-amz-copy-source')).toBe('/bucket/pending/a%20b');
    // What a scanner said of an upload is no word on its copy; and tags are nothing that we may read or write there.
    expect(requests[1]?.headers.get('x-amz-tagging-directive')).toBe('REPLACE');
  });

  it('that were copied there before stay', async () => {
    expect(await blobs.copy('pending/a', 'threads/t/a')).toBe(true);
    expect(requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  it('of which there is nothing are not copied', async () => {
    answers(
      () => status(404),
      () => status(404, anError('NoSuchKey')),
    );
    expect(await blobs.copy('pending/a', 'threads/t/a')).toBe(false);
  });

  it('are not taken for copied where S3 fails after it began to answer, as it may with a copy', async () => {
    answers(
      () => status(404),
      () => status(200, anError('InternalError')),
    );
    await expect(blobs.copy('pending/a', 'threads/t/a')).rejects.toThrow(TransientFailure);
  });
});

describe('links to S3', () => {
  it('take an upload of just the length, type and name that were announced', async () => {
    const { url, headers } = await blobs.uploadUrl('pending/a', INFO, MONDAY + 10 * MINUTE);
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe(`${BASE}/pending/a`);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;x-amz-meta-name');
    expect(searchParams.get('X-Amz-Expires')).toBe('600');
    expect(searchParams.get('X-Amz-Security-Token')).toBe('token+/=');
    expect(headers).toEqual({ 'content-type': 'image/png', 'x-amz-meta-name': expect.any(String) });
    const other = await blobs.uploadUrl('pending/a', { ...INFO, bytes: 5 }, MONDAY + 10 * MINUTE);
    expect(new URL(other.url).searchParams.get('X-Amz-Signature')).not.toBe(searchParams.get('X-Amz-Signature'));
    expect(requests).toEqual([]);
  });

  it('save a file under its name, and never show it', async () => {
    const { headers } = await blobs.uploadUrl('pending/a', INFO, MONDAY + MINUTE);
    answers(() => status(200, null, headers));
    const url = await blobs.downloadUrl('threads/t/a', MONDAY + 5 * MINUTE);
    const { searchParams } = new URL(url);
    expect(searchParams.get('response-content-disposition')).toBe(
      "attachment; filename*=UTF-8''%C3%9Cml%C3%A4ut%20%26%20%22x%22%20%281%29%2A.png",
    );
    expect(searchParams.get('response-content-type')).toBe('image/png');
    expect(searchParams.get('response-cache-control')).toBe('private, no-store');
    expect(searchParams.get('X-Amz-Expires')).toBe('300');
    // S3 wants spaces as %20 (SigV4, canonical query string); what it signs is what it is asked.
    expect(url).not.toContain('+');
  });

  it('hold for a second at least, and are made also where nothing is there', async () => {
    answers(() => status(404));
    const { searchParams } = new URL(await blobs.downloadUrl('threads/t/a', MONDAY - MINUTE));
    expect(searchParams.get('X-Amz-Expires')).toBe('1');
    expect(searchParams.get('response-content-type')).toBe('application/octet-stream');
  });
});
