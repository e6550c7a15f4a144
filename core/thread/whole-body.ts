/** The body of a message, whole: from its entry or, where that holds an excerpt, from its blob. */
import type { Blobs } from '../ports.ts';
import { bodyOfContent, type Content, type WrittenBody } from './content.ts';

/** How a body lies in its blob. */
export function encodeBody(body: WrittenBody): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

export async function wholeBodyOf(content: Content, blobs: Blobs): Promise<WrittenBody> {
  if (content.body === undefined) return bodyOfContent(content);
  const bytes = await blobs.get(content.body.key);
  if (bytes === undefined) throw new MissingBody(`The body of a message is not where its entry says.`);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as WrittenBody;
}

/** A blob that an entry refers to is not there: it was deleted by hand, or the bucket is the wrong one. */
class MissingBody extends Error {
  override readonly name = 'MissingBody';
}
