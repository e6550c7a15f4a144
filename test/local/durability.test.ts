/** The answer 202 leaves the process only after the disk has what was accepted: seen by tracing its system calls. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { ProductProcess } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a traced process', () => {
  // Only where strace is installed and allowed; the kills and the cut logs show the same from the outside.
  it.runIf(hasStrace())('syncs the write-ahead log before it answers 202', { timeout: 60_000 }, async () => {
    const trace = join(folder, 'trace');
    const calls = 'trace=read,recvfrom,pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg';
    // -D: the product is our child, and the tracer somebody else's.
    const strace = ['strace', '-D', '-f', '-y', '-s', '40', '-e', calls, '-o', trace, process.execPath];
    const product = await ProductProcess.start(join(folder, 'data'), [], strace);
    const token = await product.token('customer=c1');
    const heard = await product.call('POST', '/v1/threads', token, { text: 'Hello' });
    expect(heard.status).toBe(202);
    await product.kill('SIGTERM');
    await eventually(async () => expect(readFileSync(trace, 'utf8')).toContain('+++ exited with 0 +++'));
    const lines = readFileSync(trace, 'utf8').split('\n');
    const asked = lines.findIndex((line) => line.includes('"POST /v1/threads'));
    const answered = lines.findIndex((line) => line.includes('"HTTP/1.1 202'));
    const between = lines.slice(asked, answered);
    const written = between.findIndex((line) => /pwrite64\(\d+<[^>]*-wal>/.test(line));
    const synced = between.findLastIndex((line) => /f(data)?sync\(\d+<[^>]*-wal>/.test(line));
    expect([asked, answered, written].every((index) => index >= 0)).toBe(true);
    expect(synced, between.join('\n')).toBeGreaterThan(written);
  });
});
