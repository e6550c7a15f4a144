/**
 * The parts of a mail (RFC 2046 §5), found in one pass over its bytes: delimiters are looked for only at the
 * beginnings of lines, and of a mail that opens multiparts without end no more than so many are opened. Messages
 * within are not: they are files.
 */
import { fieldOf, type Header, lineAt, readHeader } from './header.ts';
import { type Bound, LIMITS } from './received-mail.ts';
import { type StructuredValue, structuredValue } from './structured-value.ts';

export interface Part {
  fields: Header['fields'];
  type: StructuredValue;
  /** The body, still encoded, in the bytes of the mail. */
  start: number;
  end: number;
  /** Of a multipart; none where it is one by name only. */
  parts: Part[];
}

/** RFC 2046 §5.1.1 says 70; some programs make longer ones. */
const BOUNDARY_CHARS_MAX = 250;

interface Open {
  part: Part;
  boundary: string;
}

export function partsOf(bytes: Buffer, cut: (bound: Bound) => void): Part {
  const open: Open[] = [];
  const delimiterAt = (start: number, end: number) => delimiterOf(bytes, start, end, open);
  let count = 0;

  /** Reads a part's header; its end is known once the next delimiter is found. */
  function begin(start: number, fallback: string): Part {
    count += 1;
    const isEnd = (from: number, to: number) => delimiterAt(from, to) !== null;
    const { fields, end } = readHeader(bytes, start, isEnd, cut);
    const type = typeOf(fieldOf(fields, 'content-type'), fallback);
    const part: Part = { fields, type, start: end, end: bytes.length, parts: [] };
    const boundary = type.parameters.get('boundary')?.trimEnd() ?? '';
    if (type.value.startsWith('multipart/') && boundary !== '' && boundary.length <= BOUNDARY_CHARS_MAX) {
      if (open.length < LIMITS.depth) open.push({ part, boundary });
      else cut('depth');
    }
    return part;
  }

  const root = begin(bodyless(bytes), 'text/plain');
  let current = root;
  for (let at = root.start; at < bytes.length; ) {
    const lineStart = nextDashes(bytes, at);
    if (lineStart === null || open.length === 0) break;
    const [lineEnd, next] = lineAt(bytes, lineStart);
    const found = delimiterAt(lineStart, lineEnd);
    at = next;
    if (found === null) continue;
    const end = Math.max(beforeBreak(bytes, lineStart), current.start);
    current.end = end;
    for (const { part } of open.slice(found.level + 1)) part.end = end;
    const closed = open[found.level]?.part;
    if (found.isLast && closed !== undefined) current = closed; // what follows is its epilogue: nobody's
    open.length = found.isLast ? found.level : found.level + 1;
    const parent = open.at(-1)?.part;
    if (found.isLast || parent === undefined) continue;
    if (count >= LIMITS.parts) {
      cut('parts');
      break;
    }
    current = begin(next, parent.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
    parent.parts.push(current);
    at = current.start;
  }
  current.end = Math.max(current.start, beforeLastDelimiter(bytes, current.end, open));
  return root;
}

/** Where the mail ends in the last delimiter, which should stand on a line of its own and does not. */
function beforeLastDelimiter(bytes: Buffer, end: number, open: Open[]): number {
  const tail = bytes.toString('latin1', Math.max(0, end - BOUNDARY_CHARS_MAX), end).trimEnd();
  const last = open.find(({ boundary }) => tail.endsWith(`--${boundary}--`));
  return last === undefined ? end : bytes.lastIndexOf(`--${last.boundary}--`, end, 'latin1');
}

/** Empty lines before the header are no header that is empty. */
function bodyless(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return bytes.subarray(at, at + 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? at + 3 : at;
}

/** RFC 2045 §5.2: what is no type is plain text. */
function typeOf(field: string | null, fallback: string): StructuredValue {
  const type = structuredValue(field ?? fallback);
  const isType = /^[!#$&-.0-9a-z^_]+\/[!#$&-.0-9a-z^_+]+$/.test(type.value);
  return isType ? type : { ...type, value: fallback };
}

/** The next line at or after `from`, which begins a line, that begins with two dashes. */
function nextDashes(bytes: Buffer, from: number): number | null {
  if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) return from;
  const found = bytes.indexOf('\n--', from, 'latin1');
  return found < 0 ? null : found + 1;
}

/** Which multipart's delimiter a line is: the innermost one's, where several share a boundary. */
function delimiterOf(
  bytes: Buffer,
  start: number,
  end: number,
  open: Open[],
): { level: number; isLast: boolean } | null {
  if (end - start > BOUNDARY_CHARS_MAX + 80 || bytes[start] !== 0x2d || bytes[start + 1] !== 0x2d) return null;
  const line = bytes.toString('latin1', start + 2, end).trimEnd();
  for (let level = open.length - 1; level >= 0; level -= 1) {
    const boundary = open[level]?.boundary;
    if (line === boundary) return { level, isLast: false };
    if (line === `${boundary}--`) return { level, isLast: true };
  }
  return null;
}

/** The line break before a delimiter belongs to it (RFC 2046 §5.1.1). */
function beforeBreak(bytes: Buffer, lineStart: number): number {
  if (bytes[lineStart - 1] !== 0x0a) return lineStart;
  return bytes[lineStart - 2] === 0x0d ? lineStart - 2 : lineStart - 1;
}
