import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { S3Blobs } from '../../../adapters/aws/s3-blobs.ts';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
const blobs = new S3Blobs({ bucket: 'bucket', region: 'eu-central-1', credentials });
let asked: string[];

function answers(answer: () => Response): void {
  asked = [];
  vi.stubGlobal('fetch', async ({ url }: Request) => {
    asked.push(url);
    return answer();
  });
}
beforeEach(() => answers(() => new Response()));
afterEach(() => vi.unstubAllGlobals());

describe('verdicts of a scanner', () => {
  const tagged = (...tags: [string, string][]) => {
    const set = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('');
    return () => new Response(`<?xml version="1.0"?><Tagging xmlns="x"><TagSet>${set}</TagSet></Tagging>`);
  };

  it.each([
    ['NO_THREATS_FOUND', 'clean'],
    ['THREATS_FOUND', 'infected'],
    ['UNSUPPORTED', 'unsure'],
    ['ACCESS_DENIED', 'unsure'],
    ['FAILED', 'unsure'],
    ['NO_THREATS_FOUND ', 'unsure'],
  ])('are %s in a tag: %s', async (value, verdict) => {
    answers(tagged(['Team', 'NO_THREATS_FOUND'], ['GuardDutyMalwareScanStatus', value]));
    expect(await blobs.verdict('threads/t/a b')).toBe(verdict);
    expect(asked).toEqual(['https://bucket.s3.eu-central-1.amazonaws.com/threads/t/a%20b?tagging']);
  });

  it.each([[[]], [[['Team', 'THREATS_FOUND']]], [[['guarddutymalwarescanstatus', 'NO_THREATS_FOUND']]]] as [
    [string, string][],
  ][])('are none where the tags are %j', async (tags) => {
    answers(tagged(...tags));
    expect(await blobs.verdict('threads/t/a')).toBe('waiting');
  });

  it('are not made up where S3 does not answer', async () => {
    answers(() => new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 }));
    await expect(blobs.verdict('threads/t/a')).rejects.toMatchObject({ name: 'BlobsRefused' });
    answers(() => new Response('<Error><Code>NoSuchKey</Code></Error>', { status: 404 }));
    expect(await blobs.verdict('threads/t/a')).toBe('waiting');
  });
});
