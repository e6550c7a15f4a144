/** What every adapter does that knows what a scanner says of files. */
import { describe, expect, it } from 'vitest';
import type { FileScans, ScanVerdict } from '../../core/file-scans.ts';
import { eventually } from '../support/eventually.ts';

/** What the scanner will say of a file. */
type Finding = Exclude<ScanVerdict, 'waiting'>;

export interface FileScansHarness {
  scans: FileScans;
  /** Puts a blob, in the place of any there is. */
  put(key: string, finding: Finding): Promise<void>;
  /** Lets the scanner look at it. */
  scan(key: string, finding: Finding): Promise<void>;
}

export function fileScansContract(name: string, make: () => Promise<FileScansHarness>): void {
  describe(`${name} as verdicts on files`, () => {
    const becomes = async ({ scans, scan }: FileScansHarness, key: string, finding: Finding) => {
      expect(await scans.verdict(key)).toBe('waiting');
      await scan(key, finding);
      await eventually(async () => expect(await scans.verdict(key)).toBe(finding));
    };

    it.each(['clean', 'infected', 'unsure'] as const)(
      'says %s once the scanner does, and waits before',
      async (finding) => {
        const harness = await make();
        await harness.put('threads/t/a', finding);
        await becomes(harness, 'threads/t/a', finding);
      },
    );

    it('tells files apart, and knows nothing of what is put in the place of one', async () => {
      const harness = await make();
      await harness.put('threads/t/a', 'infected');
      await harness.put('threads/t/b', 'clean');
      await becomes(harness, 'threads/t/a', 'infected');
      await becomes(harness, 'threads/t/b', 'clean');
      await harness.put('threads/t/b', 'infected');
      await becomes(harness, 'threads/t/b', 'infected');
    });
  });
}
