/** What a function's metrics are as lines of its log; seen from outside: their writer has a console of its own. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../lambdas/runtime/metrics.ts', import.meta.url);

/** Runs a function's work in a process of its own. @returns all it printed, line by line */
function printedBy(work: string): string[] {
  const imports = `import { metrics, withMetrics } from '${MODULE}';`;
  const script = `${imports} await withMetrics(async () => { ${work} }).catch(() => {});`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

describe('metrics of a function', () => {
  it('are one line of what was counted, written at the end, also when it fails', () => {
    const lines = printedBy(`metrics('MailsSent', 1); metrics('FirstReplySeconds', 90); throw new Error('x')`);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ MailsSent: 1, FirstReplySeconds: 90 }]);
  });

  it('say nothing where nothing was counted: most calls of the API count nothing', () => {
    expect(printedBy('')).toEqual([]);
  });
});
