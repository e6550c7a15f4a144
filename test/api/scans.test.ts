/** Files that a scanner is against are given to nobody, on any way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanVerdict } from '../../core/file-scans.ts';
import { aMail, CLAIMED } from '../support/mails.ts';
import { TestProduct } from '../support/product.ts';

describe('files where a scanner is required', () => {
  let t: TestProduct;
  let ways: Record<'customer' | 'agent' | 'link' | 'raw mail', { path: string; token?: string }>;
  const asked: string[] = [];

  beforeAll(async () => {
    t = new TestProduct();
    const head =
      'Content-Type: text/html\r\n\r\n<img src="cid:a@x">\r\n--b\r\nContent-ID: <a@x>\r\nContent-Type: image/png';
    const headers = { 'Content-Type': 'multipart/related; boundary=b' };
    await t.receive(aMail({ headers, text: `--b\r\n${head}\r\n\r\nPNG\r\n--b--` }), { verdicts: CLAIMED });
    const [id = ''] = await t.threads();
    const message = (await t.whole(id)).entries.find(({ type }) => type === 'message');
    const path = `/v1/threads/${id}/attachments/${message.attachments[0].id}`;
    ways = {
      customer: { path, token: await t.capability(id, 'email:c1@example.com') },
      agent: { path, token: await t.agent() },
      link: { path: /src="([^"]+)"/.exec(message.html)?.[1] ?? '' },
      'raw mail': { path: `/v1/agent/threads/${id}/entries/${message.seq}/mail`, token: await t.agent() },
    };
  });
  afterAll(() => t.stop());

  const download = async (way: keyof typeof ways, verdict: ScanVerdict | undefined, query = '') => {
    const verdictOf = async (key: string) => {
      asked.push(key);
      return verdict ?? 'clean';
    };
    t.deps.scans = verdict && { verdict: verdictOf };
    const { path, token } = ways[way];
    const { status, body, headers } = await t.call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`, {
      ...(token === undefined ? {} : { token }),
    });
    return [status, body.code, headers.get('retry-after')];
  };

  describe.each(['customer', 'agent', 'link', 'raw mail'] as const)('by the way of %s', (way) => {
    it.each([
      [undefined, [302, undefined, null]],
      ['clean', [302, undefined, null]],
      ['infected', [409, 'infected', null]],
      ['unsure', [409, 'not-scanned', null]],
      ['waiting', [503, 'scan-waiting', '5']],
    ] as const)('that are %s', async (verdict, answer) => {
      expect(await download(way, verdict)).toEqual(answer);
    });

    it('are given unscanned to agents alone, who want it so, and never with malware in them', async () => {
      const isAgent = way === 'agent' || way === 'raw mail';
      expect(await download(way, 'unsure', 'unscanned=true')).toEqual(
        isAgent ? [302, undefined, null] : [409, 'not-scanned', null],
      );
      expect(await download(way, 'infected', 'unscanned=true')).toEqual([409, 'infected', null]);
      expect(await download(way, 'waiting', 'unscanned=true')).toEqual([503, 'scan-waiting', '5']);
    });
  });

  it('are asked about by where they lie', () => {
    expect(new Set(asked.map((key) => key.split('/')[0]))).toEqual(new Set(['threads', 'mail']));
  });
});
