/** A mail's text as lines, and which of them are marked as quoted. */

export interface Line {
  text: string;
  isBlank: boolean;
  isQuoted: boolean;
  /** What HTML says of it: that it introduces a quotation, or that a quotation's headers begin here. */
  hint?: 'attribution' | 'headers';
}

/**
 * So many lines are looked at. What follows them counts as one line more, which ends as it ends: no mail, however
 * long, takes longer than these.
 */
const LINES_MAX = 5_000;
/** What can make a line a quotation, an attribution or a header stands in its first characters. */
export const LOOKED_AT_CHARS = 400;

/** `>`, also indented a little, and initials before it as some programs write them. */
const QUOTE_MARK = /^ {0,3}(?:>|[A-Z]{1,3}>(?: |$))/;
const INK = /\S/;

export function aLine(text: string): Line {
  return { text, isBlank: !INK.test(text), isQuoted: QUOTE_MARK.test(text) };
}

/** Lines without their ends; joined by line feeds they are the text again, with its ends made alike. */
export function linesOf(text: string): Line[] {
  const unix = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const lines: Line[] = [];
  let start = 0;
  while (lines.length < LINES_MAX) {
    const end = unix.indexOf('\n', start);
    if (end < 0) return [...lines, aLine(unix.slice(start))];
    lines.push(aLine(unix.slice(start, end)));
    start = end + 1;
  }
  const rest = unix.slice(start);
  return [...lines, { ...aLine(rest), isQuoted: isQuotedAtEnd(rest) }];
}

function isQuotedAtEnd(rest: string): boolean {
  const end = rest.trimEnd();
  return QUOTE_MARK.test(end.slice(end.lastIndexOf('\n') + 1));
}

/** A line without its quotation marks, and without the white space around. */
export function bare(line: Line | undefined): string {
  return (line?.text.slice(0, LOOKED_AT_CHARS) ?? '').replace(/^[\s>|\ufeff]+/, '').trimEnd();
}

/** The next line from `at` on with anything in it; -1 where none is near. */
export function nextFilled(lines: Line[], at: number, blankMax = 4): number {
  for (let next = at; next < lines.length && next <= at + blankMax; next++) {
    if (!lines[next]?.isBlank) return next;
  }
  return -1;
}

/** The line before `at` with anything in it; -1 where none is near. */
export function previousFilled(lines: Line[], at: number): number {
  for (let before = at - 1; before >= Math.max(0, at - 4); before--) {
    if (!lines[before]?.isBlank) return before;
  }
  return -1;
}
