/** Which lines of a mail its writer wrote, and which ones a program put there. */
import { type Attribution, attributionAt } from './attribution.ts';
import { headerBlockAt, isRule, separatorAt } from './header-block.ts';
import { codeMarked, type Line, LOOKED_AT_CHARS, nextFilled, previousFilled } from './lines.ts';
import { type SignaturePolicy, signatureStart } from './signature.ts';

/** What becomes of a line. */
export type Part = 'written' | 'quotation' | 'signature';

/** So many lines with a date, a colon or a rule are looked at closely: what else has hundreds is no letter. */
const ATTEMPTS_MAX = 500;
/** An answer of so many lines below a quotation is read together with it. */
const ANSWER_LINES_MIN = 5;
const WRAP_COLUMN = 66;

type Kind = 'text' | 'blank' | 'quote' | 'splitter';

interface Splitter extends Attribution {
  isForward?: boolean;
}

interface Marked {
  kinds: Kind[];
  /** From here on all is quotation. */
  cut: number;
  /** The first line of an attribution that shares it with an answer, and where it begins there. */
  columns: Map<number, number>;
  /** Whether a mail is passed on below the writer's words: then nothing of it is cut, nor a signature told apart. */
  isForward: boolean;
}

export interface Parts {
  parts: Part[];
  columns: Map<number, number>;
}

/**
 * The parts of a mail, line by line:
 * - what an attribution, headers or "Original Message" introduce is quotation to the end of the mail, or, if its lines
 *   are marked, as far as they are: an answer below is kept;
 * - a mail that is forwarded below somebody's words ("Forwarded message") is theirs to show: it is kept;
 * - marked lines at the end are quotation, whether introduced or not;
 * - marked lines between answers are kept, since the answers need them; one quotation between two texts is not;
 * - a mail in which nobody wrote anything (only a quotation) is shown whole, without what introduces it.
 */
export function partsOf(read: Line[], policy: SignaturePolicy, sender?: string): Parts {
  const lines = codeMarked(read);
  const marked = mark(lines);
  const { kinds, cut, columns } = marked;
  const keepsSignature = policy === 'keep' || marked.isForward;
  const parts = kinds.map((kind, at): Part => (at >= cut || kind === 'splitter' ? 'quotation' : 'written'));
  for (const at of columns.keys()) parts[at] = 'written';
  const end = lastText(marked, cut);
  const isDelimited = policy === 'keep' ? 'strip-delimited' : policy;
  const closing = signatureStart(lines, [lastBreak(kinds, end), end], isDelimited, sender);
  const answered = lastText(marked, closing);
  const first = kinds.indexOf('text');
  if (!keepsSignature && first >= 0) markSignatures(lines, parts);
  if (first >= 0 && first < cut) {
    const runs = quoteRuns(kinds, cut);
    for (const run of runs) {
      const isContext = run.from < answered && isAnswered(kinds, run, { first, end: answered, count: runs.length });
      if (!isContext && !isPresented(marked, lines, run)) parts.fill('quotation', run.from, run.to);
    }
  }
  if (!keepsSignature) {
    stripSignature(lines, parts, closing, end);
    stripSignatureAbove(lines, parts, { policy, sender });
  }
  return { parts, columns };
}

function mark(lines: Line[]): Marked {
  const kinds = lines.map(
    ({ isBlank, isQuoted, hint }): Kind => (isBlank || hint === 'signature' ? 'blank' : isQuoted ? 'quote' : 'text'),
  );
  const columns = new Map<number, number>();
  let hasText = false;
  let attempts = 0;
  for (let at = 0; at < lines.length; at++) {
    if (kinds[at] !== 'text') continue;
    if (isWrapOfQuote(lines, at)) kinds[at] = 'quote';
    const isSuspect = kinds[at] === 'text' && attempts < ATTEMPTS_MAX && canSplit(lines[at]);
    attempts += isSuspect ? 1 : 0;
    const splitter = isSuspect ? splitterAt(lines, at) : null;
    if (splitter === null) {
      hasText ||= kinds[at] === 'text' && !isRule(lines[at]);
      continue;
    }
    if (splitter.isForward && hasText)
      return { kinds: kinds.fill('text', at), cut: lines.length, columns, isForward: true };
    if (splitter.column > 0) columns.set(at, splitter.column);
    hasText ||= splitter.column > 0;
    const next = at + splitter.length;
    const quoted = nextFilled(lines, next);
    const isMarked = quoted >= 0 && (lines[quoted]?.isQuoted === true || markBars(lines, kinds, quoted));
    const start = splitter.column > 0 ? at + 1 : ruleAbove(lines, at);
    if (hasText && !isMarked) return { kinds, cut: start, columns, isForward: false };
    kinds.fill('splitter', start, next);
    if (splitter.column > 0) kinds[at] = 'text';
    at = next - 1;
  }
  return { kinds, cut: lines.length, columns, isForward: false };
}

/** What no splitter is without. */
function canSplit(line: Line | undefined): boolean {
  const start = line?.text.slice(0, LOOKED_AT_CHARS) ?? '';
  if (line?.isCode) return false;
  return line?.hint === 'attribution' || /[\p{Nd}:：@]|^[\s>]*[-_=*~#\u2010-\u2015\u2500]{2}/u.test(start);
}

function splitterAt(lines: Line[], at: number): Splitter | null {
  const separator = separatorAt(lines, at);
  if (separator !== null) {
    const next = nextFilled(lines, at + 1);
    const block = separator.rest === '' && next > 0 ? headerBlockAt(lines, next, true) : null;
    const introduced = block ?? (next > 0 ? attributionAt(lines, next) : null);
    const length = introduced === null ? 1 : next + introduced.length - at;
    return { length, column: 0, isForward: separator.kind === 'forwarded' && introduced !== null };
  }
  if (lines[at]?.hint === 'attribution') return { length: 1, column: 0 };
  const block = headerBlockAt(lines, at);
  if (block !== null) return { length: block.length, column: 0 };
  return attributionAt(lines, at);
}

/** Lines with | before them are quoted where an attribution says that a quotation comes; else they may be a table. */
function markBars(lines: Line[], kinds: Kind[], from: number): boolean {
  let at = from;
  while (at < lines.length && (lines[at]?.isBlank || lines[at]?.text.trimStart().startsWith('|'))) {
    if (!lines[at]?.isBlank) kinds[at] = 'quote';
    at += 1;
  }
  return kinds[from] === 'quote';
}

/** The rest of a quoted line that a program has wrapped without marking it: it had no more room on the line. */
function isWrapOfQuote(lines: Line[], at: number): boolean {
  const [before, line, after] = [lines[at - 1], lines[at], lines[at + 1]];
  if (!before?.isQuoted || !after?.isQuoted || line === undefined || !/^\p{Ll}/u.test(line.text)) return false;
  const firstWord = line.text.slice(0, WRAP_COLUMN).split(' ')[0] ?? '';
  return before.text.length + firstWord.length > WRAP_COLUMN;
}

/** The rule and the blank lines that a program draws above headers go with them. */
function ruleAbove(lines: Line[], at: number): number {
  let above = at - 1;
  while (above >= 0 && lines[above]?.isBlank) above -= 1;
  return above > 0 && isRule(lines[above]) ? above : at;
}

/** Behind the last line before `end` that is the writer's. */
function lastText({ kinds }: Marked, end: number): number {
  for (let at = Math.min(end, kinds.length) - 1; at >= 0; at--) if (kinds[at] === 'text') return at + 1;
  return 0;
}

/** The first line of the text that ends at `end`. */
function lastBreak(kinds: Kind[], end: number): number {
  let at = end;
  while (at > 0 && (kinds[at - 1] === 'text' || kinds[at - 1] === 'blank')) at -= 1;
  // A text that is nothing but a signature may go, if there is another above.
  return at > 0 && kinds.lastIndexOf('text', at - 1) >= 0 ? Math.max(0, kinds.lastIndexOf('text', at - 1)) : at;
}

interface Run {
  from: number;
  to: number;
  isIntroduced: boolean;
}

/** Marked lines with nothing written between. */
function quoteRuns(kinds: Kind[], cut: number): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  let isIntroduced = false;
  for (let at = 0; at < cut; at++) {
    const kind = kinds[at];
    if (kind === 'splitter') isIntroduced = true;
    if (kind === 'text') [run, isIntroduced] = [null, false];
    if (kind !== 'quote') continue;
    if (run === null) {
      run = { from: at, to: at, isIntroduced };
      runs.push(run);
    }
    run.to = at + 1;
  }
  return runs;
}

/** Whether the answers need a quotation that stands between them, or above: one that is not the only one does. */
function isAnswered(
  kinds: Kind[],
  run: Run,
  { first, end, count }: { first: number; end: number; count: number },
): boolean {
  if (!run.isIntroduced || count > 1) return true;
  return first < run.from && kinds.slice(run.to, end).filter((kind) => kind === 'text').length >= ANSWER_LINES_MIN;
}

/** Whether the writer presents it: "The error is this:". A colon after a date or an address may be an attribution's. */
function isPresented({ kinds }: Marked, lines: Line[], { from, isIntroduced }: Run): boolean {
  const before = previousFilled(lines, from);
  const text = lines[before]?.text.slice(-LOOKED_AT_CHARS).trimEnd() ?? '';
  return !isIntroduced && kinds[before] === 'text' && /[:：]$/.test(text) && !/[\d@]/.test(text);
}

/** What HTML says is one. */
function markSignatures(lines: Line[], parts: Part[]): void {
  for (const [at, { hint }] of lines.entries()) {
    if (hint === 'signature' && parts[at] === 'written') parts[at] = 'signature';
  }
}

function stripSignature(lines: Line[], parts: Part[], from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (parts[at] === 'written' && lines[at]?.isBlank === false) parts[at] = 'signature';
  }
}

/** The signature of a text that a quotation follows. */
function stripSignatureAbove(
  lines: Line[],
  parts: Part[],
  { policy, sender }: { policy: SignaturePolicy; sender: string | undefined },
): void {
  const end = parts.indexOf('quotation');
  if (end <= 0) return;
  stripSignature(lines, parts, signatureStart(lines, [0, end], policy, sender), end);
}
