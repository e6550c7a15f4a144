/**
 * What a message holds: typed parts, so that a channel can add its own kind without touching the others.
 * Text or HTML over 16 KB is kept whole in a blob; the parts then hold an excerpt.
 */
import * as z from 'zod';

/** Bodies above this many bytes (text and HTML together) go to a blob: a store item stays small. */
export const INLINE_BYTES_MAX = 16 * 1024;
const EXCERPT_CHARS = 500;
/** Of HTML without a text beside it, so much that its tags leave as many words. */
const EXCERPT_HTML_CHARS = 4_000;

const attachmentShape = {
  attachmentId: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int().nonnegative(),
  /** By what the HTML of its mail refers to it, as it is compared (`core/email/content-id.ts`). */
  contentId: z.string().optional(),
};

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('html'), html: z.string() }),
  z.object({ type: z.literal('file'), ...attachmentShape }),
  z.object({ type: z.literal('image'), ...attachmentShape }),
]);

export const contentSchema = z.object({
  parts: z.array(partSchema).min(1),
  /** Where the whole body is, when the parts hold an excerpt of it. */
  body: z.object({ key: z.string(), bytes: z.int() }).optional(),
});

type Part = z.infer<typeof partSchema>;
export type Attachment = Extract<Part, { type: 'file' | 'image' }>;
export type Content = z.infer<typeof contentSchema>;

/** The words of a content as they were written: text, HTML or both. */
export interface WrittenBody {
  text: string | null;
  html: string | null;
}

export function bodyOfContent(content: Content): WrittenBody {
  const body: WrittenBody = { text: null, html: null };
  for (const part of content.parts) {
    if (part.type === 'text') body.text = part.text;
    else if (part.type === 'html') body.html = part.html;
  }
  return body;
}

/** How a body lies in its blob. */
export function encodeBody(body: WrittenBody): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

export function attachmentsOf(content: Content): Attachment[] {
  return content.parts.filter((part) => part.type === 'file' || part.type === 'image');
}

/** The content of a body and its attachments, with text and HTML in one part each. */
export function contentOf(body: WrittenBody, attachments: Attachment[]): Content {
  const parts: Part[] = [];
  if (body.text !== null) parts.push({ type: 'text', text: body.text });
  if (body.html !== null) parts.push({ type: 'html', html: body.html });
  return { parts: [...parts, ...attachments] };
}

/** A content whose words were put into the blob `key`: the parts keep an excerpt of them. */
export function excerptOf(content: Content, key: string, bytes: number): Content {
  const { text, html } = bodyOfContent(content);
  const excerpt =
    text === null
      ? { text, html: (html ?? '').slice(0, EXCERPT_HTML_CHARS).toWellFormed() }
      : { text: text.length > EXCERPT_CHARS ? `${text.slice(0, EXCERPT_CHARS).toWellFormed()}…` : text, html: null };
  return { ...contentOf(excerpt, attachmentsOf(content)), body: { key, bytes } };
}
