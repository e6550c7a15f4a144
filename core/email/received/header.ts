/** The header of a mail or of a part of it: lines to fields, bytes to text. */
import { type Bound, LIMITS } from './received-mail.ts';

export interface Header {
  fields: [name: string, value: string][];
  /** Where the body begins. */
  end: number;
}

const [LF, CR, SPACE, TAB, COLON] = [0x0a, 0x0d, 0x20, 0x09, 0x3a];
/** RFC 5322 §3.6.8, and white space before the colon (§4.5.8). */
const FIELD = /^([!-9;-~]+)[ \t]*:/;
/** The first line of a file that mails are kept in one after the other (RFC 4155), quoted or not. */
const MBOX_LINE = /^>?From /;

/**
 * Reads fields from `start` up to an empty line, or a line that `isEnd` knows. A line that is no field and continues
 * none is passed over where the header goes on after it; else the body begins there: an empty line was forgotten.
 */
export function readHeader(
  bytes: Buffer,
  start: number,
  isEnd: (lineStart: number, lineEnd: number) => boolean,
  cut: (bound: Bound) => void,
): Header {
  const fields: [from: number, to: number][] = [];
  let at = start;
  while (at < bytes.length) {
    const [lineEnd, next] = lineAt(bytes, at);
    if (lineEnd === at) return { fields: readFields(bytes, fields, cut), end: next };
    if (isEnd(at, lineEnd)) break;
    const isContinued = bytes[at] === SPACE || bytes[at] === TAB;
    const last = fields.at(-1);
    if (isContinued && last !== undefined) last[1] = lineEnd;
    else if (isField(bytes, at, lineEnd)) {
      if (at - start > LIMITS.headerBytes) cut('headerBytes');
      else if (fields.length >= LIMITS.headerFields) cut('headerFields');
      else fields.push([at, lineEnd]);
    } else if (!isPassedOver(bytes, at, next, fields.length)) break;
    at = next;
  }
  return { fields: readFields(bytes, fields, cut), end: at };
}

function isPassedOver(bytes: Buffer, start: number, next: number, fieldsBefore: number): boolean {
  if (MBOX_LINE.test(bytes.toString('latin1', start, start + 8))) return true;
  if (fieldsBefore === 0 || next >= bytes.length) return false;
  const [nextEnd] = lineAt(bytes, next);
  return nextEnd === next || bytes[next] === SPACE || bytes[next] === TAB || isField(bytes, next, nextEnd);
}

/** Where the line at `start` ends, without and with its line break. */
export function lineAt(bytes: Buffer, start: number): [end: number, next: number] {
  const lf = bytes.indexOf(LF, start);
  if (lf < 0) return [bytes.length, bytes.length];
  return [lf > start && bytes[lf - 1] === CR ? lf - 1 : lf, lf + 1];
}

function isField(bytes: Buffer, start: number, end: number): boolean {
  const colon = bytes.subarray(start, Math.min(end, start + LIMITS.subjectChars)).indexOf(COLON);
  return colon > 0 && FIELD.test(bytes.toString('latin1', start, start + colon + 1));
}

function readFields(bytes: Buffer, spans: [from: number, to: number][], cut: (bound: Bound) => void): Header['fields'] {
  return spans.map(([from, to]) => {
    if (to - from > LIMITS.fieldBytes) cut('fieldBytes');
    const line = textOfField(bytes.subarray(from, Math.min(to, from + LIMITS.fieldBytes)));
    const colon = line.indexOf(':');
    // Unfolding takes the line break and leaves the white space (RFC 5322 §2.2.3).
    return [
      line.slice(0, colon).trim().toLowerCase(),
      line
        .slice(colon + 1)
        .replace(/[\r\n]+/g, '')
        .trim(),
    ];
  });
}

const ENCODED_WORD = /=\?[^?\s]+\?q\?[^?]*\?=/gi;

/**
 * Fields are UTF-8 (RFC 6532); any other byte is U+FFFD. Bytes in an encoded word are of that word's charset, so they
 * are encoded as they should have been.
 */
function textOfField(bytes: Buffer): string {
  const binary = bytes.toString('latin1');
  if (!/[\x80-\xff]/.test(binary)) return binary;
  const encoded = binary.replace(ENCODED_WORD, (word) =>
    word.replace(/[\x80-\xff]/g, (char) => `=${char.charCodeAt(0).toString(16).toUpperCase()}`),
  );
  return new TextDecoder().decode(Buffer.from(encoded, 'latin1'));
}

/** The first field of a name: what comes twice is read the same way everywhere. */
export function fieldOf(fields: Header['fields'], name: string): string | null {
  return fields.find(([other]) => other === name)?.[1] ?? null;
}

export function fieldsOf(fields: Header['fields'], name: string): string[] {
  return fields.filter(([other]) => other === name).map(([, value]) => value);
}
