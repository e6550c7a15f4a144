import { describe, expect, it } from 'vitest';
import { isRefused, refusedFilesSchema } from '../../../core/policy/refused-files.ts';

const refused = ['.exe', '.tar.gz', 'video/*', 'application/x-msdownload'];

describe('files that are taken from nobody', () => {
  it.each([
    ['setup.exe', 'application/pdf', true],
    ['invoice.pdf.EXE', 'application/pdf', true],
    ['setup.exe. .', 'application/pdf', true],
    ['a.tar.gz', 'application/gzip', true],
    ['a', 'application/x-msdownload', true],
    ['a', 'Application/X-MSDownload; charset=x', true],
    ['a.bin', 'video/mp4', true],
    ['exe', 'application/pdf', false],
    ['a.exe.pdf', 'application/pdf', false],
    ['a.gz', 'application/gzip', false],
    ['a', 'application/x-msdownload-not', false],
    ['a', 'application/video', false],
  ])('%s of %s: %s', (name, mediaType, is) => {
    expect(isRefused({ name, mediaType }, refused)).toBe(is);
    expect(isRefused({ name, mediaType }, [])).toBe(false);
  });

  it('are told by an end or a type, and else it is an error of the policy', () => {
    expect(refusedFilesSchema.parse(refused)).toEqual(refused);
    for (const wrong of ['exe', '*.exe', '.', '.EXE', 'video', 'video/', '*/*']) {
      expect(refusedFilesSchema.safeParse([wrong]).success, wrong).toBe(false);
    }
  });
});
