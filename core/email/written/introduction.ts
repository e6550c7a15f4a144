/** Whether a text, put on one line, introduces a quotation: by what it has, in which order, and nothing besides. */
import { OPENINGS, plain, SELVES, VERBS } from './vocabulary.ts';

export const DATE =
  /\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}|(?:^|\D)(?:19|20|25|14)\d\d(?:\D|$)|\d{1,2}月 ?\d{1,2}日|\d{1,2}월 ?\d{1,2}일/;
export const DAY = /(?:^|\D)\d{1,2}(?:\D|$)/;
const TIME = /\d{1,2} ?(?::|h|時|시|点) ?\d{2}|(?:^|[^.\d])\d{1,2}\.\d{2}(?:$|[^.\d]|\.$)/;
export const ADDRESS = /[^\s@<>()"]@[^\s@<>()"]/;
/** An address that a program writes behind a name. */
const FRAMED_ADDRESS = /[<([]\s?[^\s@<>()]+@[^\s@<>()]+\s?[>)\]]/;
const AUTHOR_WORDS_MAX = 5;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const EDGES = /^[\s\-_*=~]+|[\s\-_*=~]+$/g;

interface Facts {
  /** In lower case, with western digits. */
  text: string;
  /** The same, in its own case. */
  cased: string;
  verbs: { start: number; end: number }[];
  isQuoteNext: boolean;
  opens: boolean;
  hasColon: boolean;
  hasAddress: boolean;
  hasDate: boolean;
  hasTime: boolean;
  /** Between dashes: "---- Ann Lee wrote ----" (Android). */
  isDashed: boolean;
  /** Words before the first digit or address: an attribution comes to the point. */
  lead: number;
}

export function introduces(joined: string, isQuoteNext: boolean): boolean {
  const facts = factsOf(joined, isQuoteNext);
  if (facts === null) return false;
  return facts.verbs.length > 0 && isTold(facts) ? hasAuthor(facts) : isDatedAddress(facts);
}

/** Null where a text does not end as an attribution. */
function factsOf(joined: string, isQuoteNext: boolean): Facts | null {
  const own = joined.replace(EDGES, '');
  if (!isQuoteNext && !/[\p{Nd}@]/u.test(own)) return null;
  const text = westernDigits(plain(own)).replace(EDGES, '');
  const verbs = VERBS.find(text);
  const hasColon = /[:：]$/.test(text);
  const last = verbs.at(-1);
  if (!hasColon && (last === undefined || !/^[\s"'»”)]*$/.test(text.slice(last.end)))) return null;
  const lead = text.search(/\d|@/);
  return {
    text,
    cased: own.length === text.length ? own : text,
    verbs,
    isQuoteNext,
    opens: OPENINGS.find(text)[0]?.start === 0,
    hasColon,
    isDashed: /^-{2,}.*-{2,}$/.test(joined),
    hasAddress: ADDRESS.test(text),
    hasDate: DATE.test(text),
    hasTime: TIME.test(text),
    lead: lead < 0 ? 99 : wordCount(text.slice(0, lead)),
  };
}

/** "wrote", of someone at some time. */
function hasAuthor({
  text,
  cased,
  verbs,
  isQuoteNext,
  opens,
  hasColon,
  hasAddress,
  hasDate,
  hasTime,
  lead,
  isDashed,
}: Facts): boolean {
  const isDated = hasDate || (opens && DAY.test(text));
  const said = verbs[0] ?? { start: 0, end: 0 };
  const isTime = /\d/.test(text.slice(0, said.start));
  const isName = !isTime && isNameLike(cased.slice(0, said.start)) && wordCount(text.slice(0, said.start)) <= 4;
  // "Ann Lee 3.5.2022 10:04 tarihinde yazdı"
  const isNameFirst = isTime && lead <= AUTHOR_WORDS_MAX && isNameLike(cased.slice(0, text.search(/\d/)));
  const isLed = opens || hasAddress || isName || isNameFirst || (isTime && lead <= 2);
  if (isDated && (hasAddress || isQuoteNext) && isLed && lead <= 8) return true;
  if (isDated && hasTime && (opens || /^\d/.test(text) || ((isName || isNameFirst) && hasColon))) {
    return !isSomebody(cased, verbs);
  }
  const before = wordCount(text.slice(0, text.search(ADDRESS)));
  if (hasAddress && hasColon && before <= (FRAMED_ADDRESS.test(text) ? 8 : 3)) return true;
  const isAlone = isName && isNameLike(cased.slice(said.end));
  return isQuoteNext && (hasColon || isDashed) && isAlone && text.length <= 60 && wordCount(text) <= 5;
}

/** "At 10:04 your driver wrote": people have names, and programs know them. One word may be what a user is called. */
function isSomebody(cased: string, verbs: Facts['verbs']): boolean {
  const told = verbs.reduceRight((text, { start, end }) => `${text.slice(0, start)} ${text.slice(end)}`, cased);
  const words = told.slice(told.search(/\d[^\d]*$/)).match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.length > 1 && words.every((word) => /^\p{Ll}/u.test(word) || /^\p{Lu}+$/u.test(word));
}

/** No verb: a date, a name, an address and a colon (Gmail in Russian and Japanese, Yandex, Mail.ru). */
function isDatedAddress(facts: Facts): boolean {
  const { text, isQuoteNext, hasColon, hasAddress, hasDate, hasTime, lead } = facts;
  if (!hasColon || !hasDate || lead > 3) return false;
  if (isQuoteNext) return hasAddress || hasTime;
  if (hasAddress && /^[^\d:]{0,12}\d/.test(text) && /[>)\]]\s*[:：]$/.test(text)) return true;
  return hasTime && isNamedAtEnd(facts);
}

/** A verb that no table has: behind the time stand a name and its address, and at most a word or two more. */
function isNamedAtEnd({ text, cased }: Facts): boolean {
  const address = FRAMED_ADDRESS.exec(text);
  if (address === null || SELVES.find(text).length > 0) return false;
  const [, name = ''] = /\d([^\d]*)$/.exec(cased.slice(0, address.index)) ?? [];
  const words = name.match(/[\p{L}\p{M}]+/gu) ?? [];
  const lowered = words.filter((word) => /^\p{Ll}/u.test(word)).length;
  const isName = words.length > 0 && words.length <= AUTHOR_WORDS_MAX + 2 && isNameLike(words.at(-1) ?? '');
  return isName && lowered <= 2 && wordCount(text.slice(address.index + address[0].length)) <= 3;
}

/** "napisal(a)", "написал(-а)", "escrito/a": programs do not know. */
const FEMALE = /^(?:\s?\(-?\p{L}{1,3}\)|[/-]\p{L}{1,3}(?!\p{L}))/u;

/** After the verb stand a name, an address or a date, and no sentence: that would go on after them, or with a comma. */
function isTold(facts: Facts): boolean {
  const { text, cased, verbs, isQuoteNext, hasAddress } = facts;
  return verbs.some(({ end }) => {
    const rest = text.slice(end).replace(FEMALE, '');
    if (/^\s*,/.test(rest) || (!hasAddress && SELVES.find(text).length > 0)) return false;
    const count = wordCount(rest);
    const told = rest.search(/[\d@][^\d@]*$/);
    if (told < 0)
      return (
        count === 0 || (count <= 4 && (isQuoteNext || hasAddress || isNameLike(cased.slice(end).replace(FEMALE, ''))))
      );
    if (!ADDRESS.test(rest) && !DATE.test(rest)) return false;
    return count <= 16 && wordCount(rest.slice(told).replace(/^@\S+/, '')) <= 3;
  });
}

function isNameLike(text: string): boolean {
  return (text.match(/[\p{L}\p{M}]+/gu) ?? []).every((word) => /^[\p{Lu}\p{Lo}]/u.test(word));
}

/** Words; of a script without blanks between them, two letters count as one. */
function wordCount(text: string): number {
  const unspaced = text.match(UNSPACED)?.join('').length ?? 0;
  return (text.replace(UNSPACED, ' ').match(/[\p{L}\p{M}]+/gu)?.length ?? 0) + Math.ceil(unspaced / 2);
}

/** Where the digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Gujarati, Tamil, Thai and others. */
const ZEROS = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0,
];

export function westernDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = ZEROS.find((one) => code >= one && code < one + 10);
    return zero === undefined ? digit : String(code - zero);
  });
}
