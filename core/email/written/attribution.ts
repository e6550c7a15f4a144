/**
 * "On Tuesday, 3 May 2022 at 10:00, Jane <jane@example.com> wrote:", in any language and over several lines: what
 * stands between an answer and what it quotes. Told by its build (date, name or address, verb, colon) and by what
 * follows it. A line that might be a person's own sentence is none: showing too much is better than too little.
 */
import { ADDRESS, DATE, DAY, introduces, westernDigits } from './introduction.ts';
import { isAngled, type Line, LOOKED_AT_CHARS, nextFilled } from './lines.ts';
import { OPENINGS, plain } from './vocabulary.ts';

const LINES_MAX = 5;
const CHARS_MAX = 320;

/** Gmail of old: no verb, no colon, sometimes no address. */
const BARE_DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} GMT[+-]\d{1,2}:\d{2} [\p{Lu}\p{Lo}"'<]/u;
/** A name and an address, and nothing else. */
const AUTHOR = /^[^@<>]{0,60}<[^@<>\s]{1,80}@[^@<>\s]{1,120}>$/;
/** What an answer has before an attribution on its line: neither an indent nor dashes. */
const INK = /[\p{L}\p{N}]/u;
const SOON_DATED = /^\D{1,24}\d/;

export interface Attribution {
  /** Lines it takes. */
  length: number;
  /** Where it begins in its first line, when the answer ends there. */
  column: number;
}

/** The attribution that begins in a line, if one does. */
export function attributionAt(lines: Line[], at: number): Attribution | null {
  const first = lines[at];
  if (first === undefined || first.isBlank || first.text.length > LOOKED_AT_CHARS) return null;
  if (!/[\p{Nd}@]|[:：]\s*$|^-{2,}.*-{2,}$/u.test(first.text)) return null;
  if (isAngled(first.text)) return { length: 1, column: 0 };
  let joined = '';
  let length = 0;
  const texts = wrapped(lines, at).map(westernDigits);
  for (const [offset, text] of texts.entries()) {
    if (text === '') continue;
    joined = joined === '' ? text : `${joined} ${text}`;
    if (joined.length > CHARS_MAX) break;
    length = offset + 1;
    const isQuoteNext = lines[nextFilled(lines, at + length)]?.isQuoted === true;
    const column = isQuoteNext && offset === 0 ? sharedAt(first.text) : 0;
    if (column > 0) return { length, column };
    if (introduces(joined, isQuoteNext))
      return isTooMuch(texts.slice(0, offset + 1), isQuoteNext) ? null : { length, column: 0 };
  }
  return colonless(lines, at);
}

/** Whether the last of the lines are a whole attribution without the first ones: then those are an answer's. */
function isTooMuch(texts: string[], isQuoteNext: boolean): boolean {
  return texts.some((_, at) => {
    if (at === 0) return false;
    const [first, rest] = [texts.slice(0, at).join(' '), texts.slice(at).join(' ')];
    if (!introduces(rest, isQuoteNext) || isBrokenDate(first, rest)) return false;
    if (!DATE.test(rest)) return !DAY.test(first);
    return ADDRESS.test(rest) || !ADDRESS.test(first) || (opensAt(rest) && !AUTHOR.test(first));
  });
}

/** "On Tuesday, 3", and the rest of the date on the next line. */
function isBrokenDate(first: string, rest: string): boolean {
  return opensAt(first) && /\d[.,،]?$/.test(first) && !opensAt(rest) && !/^\d/.test(rest);
}

function opensAt(text: string): boolean {
  return OPENINGS.find(plain(text))[0]?.start === 0 && SOON_DATED.test(text);
}

/** The lines an attribution may go on over: blank ones only before an address that a program has set apart. */
function wrapped(lines: Line[], at: number): string[] {
  const found: string[] = [];
  for (let next = at; next < at + LINES_MAX + 1; next++) {
    const line = lines[next];
    if (line === undefined || (line.isQuoted && found.length > 0 && !/^\s*> ?(?:\S*\s+)?\S+:\s*$/.test(line.text)))
      break;
    if (line.isBlank && !lines[next + 1]?.text.trimStart().startsWith('<')) break;
    found.push(line.text.trim());
  }
  return found;
}

/** "2013/7/20 Jane <jane@example.com>", over one or two lines. */
function colonless(lines: Line[], at: number): Attribution | null {
  const texts = wrapped(lines, at).slice(0, 2);
  const isAlone = lines[at + 1]?.isBlank !== false || lines[at + 1]?.isQuoted;
  if (isAlone && BARE_DATE.test(texts[0] ?? '') && (texts[0] ?? '').length <= 120) return { length: 1, column: 0 };
  for (const length of [1, 2]) {
    const text = texts.slice(0, length).join(' ');
    const isWhole = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\D.{0,160}<[^<>]{3,100}@[^<>]{3,100}>:?$/.test(text);
    if (isWhole && texts.length >= length) return { length, column: 0 };
  }
  return null;
}

/** Where an attribution begins within a line that an answer begins. */
function sharedAt(text: string): number {
  const low = plain(text);
  const opened = OPENINGS.find(low).filter(({ start, end }) => end - start > 1 && low.length === text.length);
  if (opened[0]?.start === 0 && SOON_DATED.test(text)) return 0;
  const shared = opened.findLast(({ start }) => {
    const suffix = text.slice(start);
    return (
      INK.test(text.slice(0, start)) &&
      /^\p{Lu}\P{Lu}/u.test(suffix) &&
      SOON_DATED.test(suffix) &&
      introduces(suffix, true)
    );
  });
  return shared?.start ?? 0;
}
