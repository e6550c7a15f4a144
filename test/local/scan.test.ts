/** The process with a scanner: a program of the machine that it runs on each file that is asked for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductProcess } from '../support/process.ts';
import { aScanner } from '../support/scanner.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-scan-'));
let product: ProductProcess;
beforeAll(async () => {
  product = await ProductProcess.start(join(folder, 'data'), ['--scan', aScanner(folder).command]);
});
afterAll(async () => {
  await product.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start with --scan', () => {
  it.each([
    ['fine', 302],
    ['infected', 409],
    ['unsure', 409],
  ])('gives a file that is %s by %i', async (bytes, status) => {
    const token = await product.token('customer=c1');
    const call = async (path: string, body: object) => {
      const heard = await product.call('POST', path, token, body, { prefer: 'wait=10' });
      return (await heard.json()) as {
        id: string;
        uploadUrl: string;
        headers: Record<string, string>;
        threadId: string;
      };
    };
    const asked = await call('/v1/attachments', { name: 'a.txt', type: 'text/plain', bytes: bytes.length });
    await fetch(asked.uploadUrl, { method: 'PUT', headers: asked.headers, body: bytes });
    const { threadId } = await call('/v1/threads', { text: 'See', attachments: [asked.id] });
    const path = `${product.base}/v1/threads/${threadId}/attachments/${asked.id}`;
    const heard = await fetch(path, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' });
    expect(heard.status).toBe(status);
  });
});
