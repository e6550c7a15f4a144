import { describe, expect, it } from 'vitest';
import { wordsOfBatch } from '../../../core/lane/words-of-batch.ts';
import type { Blobs } from '../../../core/ports.ts';
import { encodeBody, excerptOf } from '../../../core/thread/content.ts';
import { aCommand, aPolicy, aStart, aText, aThreadId, defaultPolicy } from '../../builders.ts';

const TEXT = `${'a '.repeat(20_000)}invoice`;
const CONTENT = excerptOf(aText(TEXT), 'threads/t/body', TEXT.length);
const when = { not: { any: [{ text: ['invoice'] }] } };
const asking = aPolicy({ routing: [{ id: 's', on: ['start'], mode: 'all', rules: [{ id: 'r', when, do: {} }] }] });

/** What is read of a message, and how often something beside its thread was. */
async function readBy(policy: typeof asking, kept: Uint8Array | undefined): Promise<[string, number]> {
  let reads = 0;
  const get: Blobs['get'] = async () => {
    reads += 1;
    return kept;
  };
  const command = aCommand(aThreadId(), aStart({ content: CONTENT }));
  const textOf = await wordsOfBatch([{ command, policy }], { get } as Blobs);
  return [textOf(CONTENT), reads];
}

describe('what rules look for words in', () => {
  const whole = encodeBody({ text: TEXT, html: null });

  it('is all that was written, where one asks', async () => {
    expect(await readBy(asking, whole)).toEqual([TEXT, 1]);
  });

  it('is what the entry keeps, where none asks or the rest is gone', async () => {
    const excerpt = `${TEXT.slice(0, 500)}…`;
    expect(await readBy(defaultPolicy, whole)).toEqual([excerpt, 0]);
    expect(await readBy(asking, undefined)).toEqual([excerpt, 1]);
  });
});
