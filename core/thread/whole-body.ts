/** The body of a message to be read: whole, from its entry or its blob, and always with a text. */
import { textOfHtml } from '../email/html.ts';
import type { Blobs } from '../ports.ts';
import { bodyOfContent, type Content, type WrittenBody } from './content.ts';

export interface ReadableBody {
  /** As written or, where only HTML was, its words. */
  text: string;
  html: string | null;
}

/** What an entry itself holds of a body: all of it, or an excerpt. */
export function readableBodyOf(content: Content): ReadableBody {
  return readable(bodyOfContent(content));
}

export async function wholeBodyOf(content: Content, blobs: Blobs): Promise<ReadableBody> {
  if (content.body === undefined) return readableBodyOf(content);
  const body = await storedBody(content.body.key, blobs);
  if (body === undefined) throw new MissingBody('The body of a message is not where its entry says.');
  return readable(body);
}

/** A body that lies beside its thread; undefined where it is gone. */
export async function storedBody(key: string, blobs: Blobs): Promise<WrittenBody | undefined> {
  const bytes = await blobs.get(key);
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as WrittenBody);
}

function readable({ text, html }: WrittenBody): ReadableBody {
  return { text: text ?? textOfHtml(html ?? ''), html };
}

/** A blob that an entry refers to is not there: it was deleted by hand, or the bucket is the wrong one. */
class MissingBody extends Error {
  override readonly name = 'MissingBody';
}
