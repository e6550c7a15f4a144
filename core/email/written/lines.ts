/** A mail's text as lines, and which of them are marked as quoted. */

export interface Line {
  text: string;
  isBlank: boolean;
  isQuoted: boolean;
  /** Within a block of code, which nothing that looks like the edge of a letter ends. */
  isCode?: boolean;
  /** What HTML says of it: that it introduces a quotation, or is a signature. */
  hint?: 'attribution' | 'signature';
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
/** ">>> Ann Lee <ann@shop.example> 3.5.2022 10:04 >>>" (GroupWise), which quotes nothing: it is what introduces. */
const ANGLED = /^>{3} [^>]{1,80}(?:>[^>]{1,80})?\d[^>]{0,9} >{3}\s*$/;
const INK = /\S/;
const FENCE = /^\s{0,3}(?:```|~~~)/;
const CODE_LINES_MAX = 500;

export function aLine(text: string): Line {
  return { text, isBlank: !INK.test(text), isQuoted: QUOTE_MARK.test(text) && !isAngled(text) };
}

export function isAngled(text: string): boolean {
  return text.startsWith('>>> ') && text.length <= LOOKED_AT_CHARS && ANGLED.test(text);
}

/** Lines without their ends. The last may be many, where a text has more of them than are looked at. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const ends = /\r\n?|\n/g;
  let start = 0;
  while (lines.length < LINES_MAX) {
    const end = ends.exec(text);
    if (end === null) return [...lines, aLine(text.slice(start))];
    lines.push(aLine(text.slice(start, end.index)));
    start = ends.lastIndex;
  }
  const rest = text.slice(start);
  return [...lines, { ...aLine(rest), isQuoted: isQuotedAtEnd(rest) }];
}

/** Lines with those marked that stand between two fences (```) of their writer. */
export function codeMarked(lines: Line[]): Line[] {
  const marked = [...lines];
  let opened = -1;
  for (const [at, { text, isQuoted }] of lines.entries()) {
    if (isQuoted || !FENCE.test(text)) continue;
    const isClosed = opened >= 0 && at - opened <= CODE_LINES_MAX;
    for (let inside = opened; isClosed && inside <= at; inside++) {
      const line = marked[inside];
      if (line !== undefined) marked[inside] = { ...line, isQuoted: false, isCode: true };
    }
    opened = isClosed ? -1 : at;
  }
  return marked;
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
