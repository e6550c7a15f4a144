/** Headers that have lost their line breaks, as Yahoo prints them: "From: Jane <jane@example.com>To: …Sent: …". */
import { type Field, fieldOf } from './vocabulary.ts';

const CHARS_MAX = 4_000;
const LABEL_CHARS_MAX = 24;
/** So short a label may be the end of a word before it ("…CETA:"). */
const SHORT_LABEL_CHARS = 2;

interface Label {
  field: Field;
  start: number;
  end: number;
}

/** The headers in a line; null where it does not begin with one. */
export function gluedHeaders(line: string): Partial<Record<Field, string>> | null {
  const text = line.slice(0, CHARS_MAX);
  const labels: Label[] = [];
  for (let colon = text.search(/[:：]/); colon >= 0; colon = nextColon(text, colon + 1)) {
    const label = labelBefore(text, labels.at(-1)?.end ?? 0, colon);
    if (label !== null && labels.every(({ field }) => field !== label.field)) labels.push(label);
  }
  if (labels[0]?.start !== 0) return null;
  const values = labels.map(({ field, end }, at): [Field, string] => [
    field,
    text.slice(end, labels[at + 1]?.start).replace(/^[\s*_]+|[\s*_]+$/g, ''),
  ]);
  return Object.fromEntries(values);
}

function nextColon(text: string, from: number): number {
  const found = text.slice(from).search(/[:：]/);
  return found < 0 ? -1 : from + found;
}

/** The longest label that ends at a colon. */
function labelBefore(text: string, from: number, colon: number): Label | null {
  for (let start = Math.max(from, colon - LABEL_CHARS_MAX); start < colon; start++) {
    const label = text.slice(start, colon);
    if (/^\s/.test(label)) continue;
    const field = fieldOf(label);
    const isApart = start === from || !/\p{L}/u.test(text[start - 1] ?? '');
    if (field === undefined || (!isApart && (label.trim().length <= SHORT_LABEL_CHARS || !/^\p{Lu}/u.test(label)))) {
      continue;
    }
    return { field, start, end: colon + 1 };
  }
  return null;
}
