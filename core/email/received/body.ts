/** Which parts of a mail are its text, which its HTML, and which are files, as RFC 8621 §4.1.4 says. */
import { htmlOfText, textOfHtml } from '../html.ts';
import { textOfBytes } from './charset.ts';
import { dispositionOf, givenNameOf } from './file.ts';
import { unflowed } from './flowed.ts';
import { fieldOf } from './header.ts';
import type { Part } from './part.ts';
import { type Bound, LIMITS } from './received-mail.ts';
import { ENCODED_PER_BYTE, transferDecoded } from './transfer-encoding.ts';

export interface Leaves {
  text: Part[];
  html: Part[];
  files: Part[];
}

const WORDS = /^text\/(?:plain|html)$/;
/** Text that is data: a file, even alone. */
const DATA = /^text\/(?:html|calendar|x-vcalendar|rfc822-headers|.*vcard|directory|csv|css|xml|javascript)$/;

export function leavesOf(root: Part): Leaves {
  const leaves: Leaves = { text: [], html: [], files: [] };
  if (root.type.value.startsWith('text/') && !DATA.test(root.type.value)) root.type.value = 'text/plain';
  // The body of a multipart without parts is not lost: it is read as the text that it may be.
  if (root.type.value.startsWith('multipart/') && root.parts.length === 0) root.type.value = 'text/plain';
  collect([root], 'mixed', false, leaves.text, leaves.html, leaves.files);
  return leaves;
}

/** `text` or `html` is null where another alternative of the same words is the one for it. */
function collect(
  parts: Part[],
  within: string,
  isAlternative: boolean,
  text: Part[] | null,
  html: Part[] | null,
  files: Part[],
): void {
  const [textBefore, htmlBefore] = [text?.length ?? 0, html?.length ?? 0];
  let [texts, htmls] = [text, html];
  for (const [index, part] of parts.entries()) {
    const { value } = part.type;
    if (value.startsWith('multipart/') && part.parts.length > 0) {
      const kind = value.slice('multipart/'.length);
      collect(part.parts, kind, isAlternative || kind === 'alternative', texts, htmls, files);
    } else if (!isInline(part, index, within)) {
      if (part.fields.length > 0 || part.end > part.start) files.push(part);
    } else if (within === 'alternative') {
      (value === 'text/plain' ? texts : value === 'text/html' ? htmls : null)?.push(part);
    } else {
      if (isAlternative && value === 'text/plain') htmls = null;
      if (isAlternative && value === 'text/html') texts = null;
      texts?.push(part);
      htmls?.push(part);
    }
  }
  if (within !== 'alternative' || text === null || html === null) return;
  const [added, addedHtml] = [text.slice(textBefore), html.slice(htmlBefore)];
  if (added.length === 0) text.push(...addedHtml);
  if (addedHtml.length === 0) html.push(...added);
}

/**
 * What is shown among the words, and not beside them. Media are files wherever they stand, and so is all of a report
 * but what it says to people, which comes first (RFC 6522 §3).
 */
function isInline(part: Part, index: number, within: string): boolean {
  if (!WORDS.test(part.type.value) || dispositionOf(part) === 'attachment') return false;
  return index === 0 || (within !== 'related' && within !== 'report' && givenNameOf(part) === null);
}

/** The words of the parts, one under the other; those of the other kind only among these, and converted. */
export function bodyText(bytes: Buffer, parts: Part[], cut: (bound: Bound) => void): string | null {
  return wordsOf(bytes, parts, 'text/plain', LIMITS.textChars, textOfHtml, () => cut('textChars'));
}

export function bodyHtml(bytes: Buffer, parts: Part[], cut: (bound: Bound) => void): string | null {
  return wordsOf(bytes, parts, 'text/html', LIMITS.htmlChars, htmlOfText, () => cut('htmlChars'));
}

function wordsOf(
  bytes: Buffer,
  parts: Part[],
  type: string,
  charsMax: number,
  converted: (content: string) => string,
  cut: () => void,
): string | null {
  if (!parts.some((part) => part.type.value === type)) return null;
  let whole = '';
  for (const part of parts) {
    const content = contentOf(bytes, part, charsMax - whole.length, cut);
    const words = part.type.value === type ? content : converted(content);
    whole += whole === '' || words === '' || whole.endsWith('\n') ? words : `\n${words}`;
    if (whole.length > charsMax) {
      cut();
      whole = whole.slice(0, charsMax).toWellFormed();
    }
  }
  return whole;
}

/** A part's words, no more than so many characters of them. Every line ends in one line feed. */
function contentOf(bytes: Buffer, part: Part, charsMax: number, cut: () => void): string {
  const end = Math.min(part.end, part.start + charsMax * ENCODED_PER_BYTE);
  if (end < part.end) cut();
  const decoded = transferDecoded(bytes.subarray(part.start, Math.max(end, part.start)), encodingOf(part));
  const { parameters, value } = part.type;
  const charset = parameters.get('charset') ?? (value === 'text/html' ? charsetInHtml(decoded) : null);
  const text = textOfBytes(decoded, charset).replaceAll('\r\n', '\n');
  if (value !== 'text/plain' || parameters.get('format')?.toLowerCase() !== 'flowed') return text;
  return unflowed(text, parameters.get('delsp')?.toLowerCase() === 'yes');
}

/** As browsers look for it: in the first bytes only. */
function charsetInHtml(bytes: Buffer): string | null {
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]+)/i.exec(bytes.toString('latin1', 0, 1024))?.[1] ?? null;
}

function encodingOf(part: Part): string {
  return fieldOf(part.fields, 'content-transfer-encoding') ?? '';
}
