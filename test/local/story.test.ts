/** docs/story.md, told to the real process: what the document says that is printed is what comes out. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ProductProcess } from '../support/process.ts';

const DOCUMENT = readFileSync('docs/story.md', 'utf8');
const CONFIG = ['--config', 'examples/policies.config.ts', '--clock', 'manual', '--at', '2026-11-27T15:30:00Z'];

/** The lines that the document says are printed, block by block. */
const PRINTED = [...DOCUMENT.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) =>
  block.split('\n').flatMap((line) => (line.startsWith('# ') && !line.startsWith('# …') ? [line.slice(2)] : [])),
);

interface Mail {
  at: string;
  to: string[];
  subject: string;
}
interface Explanation {
  entries: { at: string; text: string; rule: string | null }[];
}

it('the story of the documentation is true, word for word', async () => {
  const data = mkdtempSync(join(tmpdir(), 'meanwhile-story-'));
  const product = await ProductProcess.start(data, CONFIG);
  try {
    const [customer, agent] = [await product.token('customer=c1'), await product.token('agent=ana')];
    const ask = async (method: string, path: string, token: string, body?: unknown) => {
      const heard = await product.call(method, path, token, body);
      return (await heard.json()) as unknown;
    };
    const mails = async () => {
      const all = (await ask('GET', '/local/mail', agent)) as Mail[];
      return all.map(({ at, to, subject }) => `${at} ${to[0]} ${subject}`);
    };
    const [, , hours, , mailed, explained, answered] = PRINTED;
    expect(JSON.stringify(await ask('GET', '/v1/hours', customer))).toBe(hours?.[0]);
    const message = { subject: 'Where is my order?', text: 'It was to come today.' };
    const accepted = (await ask('POST', '/v1/threads', customer, message)) as Record<string, string>;
    expect(accepted['expectedReplyAt']).toBe('2026-11-30T11:00:00.000Z');
    await ask('POST', '/local/clock', agent, { to: '2026-12-01T10:00:00Z' });
    expect(await mails()).toEqual(mailed);
    const thread = `/v1/agent/threads/${accepted['threadId']}`;
    const { entries } = (await ask('GET', `${thread}/explanation`, agent)) as Explanation;
    const told = entries.map(({ at, text, rule }) => `${at} ${text}  (${rule ?? '-'})`);
    expect(told.slice(0, explained?.length)).toEqual(explained);
    await ask('POST', `${thread}/replies`, agent, { text: 'It comes tomorrow. We are sorry.' });
    await ask('POST', '/local/clock', agent, { to: '2026-12-04T10:00:00Z' });
    expect((await mails()).slice(-1)).toEqual(answered);
  } finally {
    await product.kill();
    rmSync(data, { recursive: true, force: true });
  }
});
