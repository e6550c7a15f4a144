/** What rules look for words in: all of each message of a batch, so that they find what its promise was made by. */
import type { Blobs } from '../ports.ts';
import { bodyOfContent, type Content, type WrittenBody } from '../thread/content.ts';
import { storedBody } from '../thread/whole-body.ts';
import { wordsWritten } from '../thread/words-written.ts';
import type { Ready } from './fold-batch.ts';

/**
 * Reads the bodies that lie beside their threads, where a policy asks for words. One that is gone is judged by what its
 * entry keeps of it.
 */
export async function wordsOfBatch(batch: Ready[], blobs: Blobs): Promise<(content: Content) => string> {
  const bodies = new Map<string, WrittenBody>();
  for (const { command, policy } of batch) {
    const content = 'content' in command.body ? command.body.content : undefined;
    if (content?.body === undefined || !policy.asksForWords) continue;
    const body = await storedBody(content.body.key, blobs);
    if (body !== undefined) bodies.set(content.body.key, body);
  }
  return (content) => wordsWritten(bodies.get(content.body?.key ?? '') ?? bodyOfContent(content));
}
