/**
 * "On Tuesday, 3 May 2022 at 10:00, Jane <jane@example.com> wrote:", in any language and over several lines: what
 * stands between an answer and what it quotes. Told by its build (date, name or address, verb, colon) and by what
 * follows it. A line that might be a person's own sentence is none: showing too much is better than too little.
 */
import { type Line, LOOKED_AT_CHARS, nextFilled } from './lines.ts';
import { OPENINGS, plain, VERBS } from './vocabulary.ts';

const LINES_MAX = 5;
const CHARS_MAX = 320;

const ADDRESS = /[^\s@<>()"]@[^\s@<>()"]/;
const DATE =
  /\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}|(?:^|\D)(?:19|20|25|14)\d\d(?:\D|$)|\d{1,2}月 ?\d{1,2}日|\d{1,2}월 ?\d{1,2}일/;
const TIME = /\d{1,2} ?(?::|h|時|시|点) ?\d{2}|(?:^|[^.\d])\d{1,2}\.\d{2}(?:$|[^.\d]|\.$)/;
const DAY = /(?:^|\D)\d{1,2}(?:\D|$)/;
/** Gmail of old: no verb, no colon, sometimes no address. */
const BARE_DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2} GMT[+-]\d{1,2}:\d{2} \S/;
const EDGES = /^[\s\-_*=~]+|[\s\-_*=~]+$/g;

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
  if (!/[\d@٠-٩۰-۹०-९]|[:：]\s*$/.test(first.text)) return null;
  let joined = '';
  let length = 0;
  for (const [offset, text] of wrapped(lines, at).entries()) {
    if (text === '') continue;
    joined = joined === '' ? text : `${joined} ${text}`;
    if (joined.length > CHARS_MAX) break;
    length = offset + 1;
    const isQuoteNext = lines[nextFilled(lines, at + length)]?.isQuoted === true;
    const column = isQuoteNext && offset === 0 ? sharedAt(first.text) : 0;
    if (column > 0 || introduces(joined, isQuoteNext)) return { length, column };
  }
  return colonless(lines, at);
}

/** The lines an attribution may go on over: blank ones only before an address that a program has set apart. */
function wrapped(lines: Line[], at: number): string[] {
  const found: string[] = [];
  for (let next = at; next < at + LINES_MAX + 1; next++) {
    const line = lines[next];
    if (line === undefined || (line.isQuoted && found.length > 0 && !/^\s*> ?\S*\s*\S+:\s*$/.test(line.text))) break;
    if (line.isBlank && !lines[next + 1]?.text.trimStart().startsWith('<')) break;
    found.push(line.text.trim());
  }
  return found;
}

function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹०-९]/g, (digit) => String('٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९'.indexOf(digit) % 10));
}

function introduces(joined: string, isQuoteNext: boolean): boolean {
  const text = westernDigits(plain(joined)).replace(EDGES, '');
  if (!isQuoteNext && !/\d|@/.test(text)) return false;
  const hasColon = /[:：]$/.test(text);
  const verbs = VERBS.find(text);
  const verb = verbs.at(-1);
  const ends = hasColon || (verb !== undefined && /^[\s"'»”)]*$/.test(text.slice(verb.end)));
  if (!ends) return false;
  const [hasAddress, hasDate, hasTime] = [ADDRESS.test(text), DATE.test(text), TIME.test(text)];
  const lead = leadOf(text);
  const opens = OPENINGS.find(text)[0]?.start === 0;
  if (verb !== undefined && isNearEnd(text, verbs)) {
    const dated = hasDate || (opens && DAY.test(text));
    if (dated && (hasAddress || isQuoteNext) && lead <= 8) return true;
    if (dated && hasTime && (opens || /^\d/.test(text))) return true;
    if (hasAddress && hasColon && wordCount(text.slice(0, text.search(ADDRESS))) <= 8) return true;
    return isQuoteNext && hasColon && text.length <= 60 && wordCount(text) <= 5;
  }
  if (!hasColon || !hasDate || lead > 3) return false;
  return isQuoteNext ? hasAddress || hasTime : hasAddress && /^\D{0,12}\d/.test(text) && isAddressLast(text);
}

/** Words before the first digit or address: an attribution comes to the point. */
function leadOf(text: string): number {
  const at = text.search(/\d|@/);
  return at < 0 ? 99 : wordCount(text.slice(0, at));
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{M}]+/gu)?.length ?? 0;
}

/** After the verb stand a name, an address or a date, and no sentence. */
function isNearEnd(text: string, verbs: { start: number; end: number }[]): boolean {
  return verbs.some(({ end }) => {
    const rest = text.slice(end);
    return wordCount(rest) <= 4 || ((ADDRESS.test(rest) || DATE.test(rest)) && wordCount(rest) <= 16);
  });
}

function isAddressLast(text: string): boolean {
  return /[>)\]"»]\s*[:：]$|@[^\s@]+\s?[:：]$/.test(text);
}

/** "2013/7/20 Jane <jane@example.com>", over one or two lines. */
function colonless(lines: Line[], at: number): Attribution | null {
  const texts = wrapped(lines, at).slice(0, 2);
  if (BARE_DATE.test(texts[0] ?? '') && (texts[0] ?? '').length <= 120) return { length: 1, column: 0 };
  for (const length of [1, 2]) {
    const text = texts.slice(0, length).join(' ');
    const isWhole = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\D.{0,160}<[^<>]{3,100}@[^<>]{3,100}>:?$/.test(text);
    if (isWhole && texts.length >= length) return { length, column: 0 };
  }
  return null;
}

/** Where an attribution begins within a line that an answer begins. */
function sharedAt(text: string): number {
  const opened = OPENINGS.find(plain(text));
  for (const { start } of opened.reverse()) {
    if (start === 0 || plain(text).length !== text.length) continue;
    const suffix = text.slice(start);
    if (/^\p{Lu}/u.test(suffix) && /^\D{0,24}\d/.test(suffix) && introduces(suffix, true)) return start;
  }
  return 0;
}
