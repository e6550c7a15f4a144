/**
 * Where a letter's own end begins: "-- ", "Sent from my iPhone", "Kind regards" and a name. Only what ends a text can
 * be one, only if it is short, and never the whole text.
 */
import { isDisclaimer } from './disclaimer.ts';
import { type Line, LOOKED_AT_CHARS, previousFilled } from './lines.ts';
import { isClosing, isSentFrom, wordsOf } from './vocabulary.ts';

/** keep: nothing is cut; strip-delimited: what is marked as one; strip: also a name by itself, and disclaimers. */
export type SignaturePolicy = 'keep' | 'strip' | 'strip-delimited';

const FILLED_LINES_MAX = 12;
const LINE_CHARS_MAX = 100;
const SENTENCE_WORDS_MIN = 7;
/** A signature may have a motto; so many sentences are a letter's. */
const SENTENCES_MIN = 2;
const SENT_FROM_LINES_MAX = 10;
const DISCLAIMERS_MAX = 6;
const DISCLAIMER_LINES_MAX = 30;
const CONTACT =
  /@\w|https?:|www\.|\(?\+?\d[\d\s().-]{6,}\d|\.(?:com|org|net|de|fr|io|eu|uk)\b|unsubscribe|mailing list/i;
const POSTSCRIPT = /^\s*(?:P\.? ?P?\.?S|N\.?B|PD)\b[.:]?/i;

/** The first line of the signature that the lines from `start` to `end` close with; `end` where there is none. */
export function signatureStart(
  lines: Line[],
  [start, end]: [number, number],
  policy: SignaturePolicy,
  sender = '',
): number {
  if (policy === 'keep') return end;
  const disclaimed = policy === 'strip' ? disclaimersStart(lines, start, end) : end;
  let cut = sentFromStart(lines, start, disclaimed);
  for (let round = 0; round < 4; round++) {
    const next = oneSignature(lines, [start, cut], policy, wordsOf(sender.replace(/<.*|\S+@\S+/g, '')));
    if (next === cut) break;
    cut = sentFromStart(lines, start, next);
  }
  return cut;
}

/** Without the lines at the end that programs add: there may be several, one below the other. */
function sentFromStart(lines: Line[], start: number, end: number): number {
  let cut = end;
  for (let at = end - 1, count = 0; at >= start && count < SENT_FROM_LINES_MAX; at--) {
    const line = lines[at];
    if (line === undefined || line.isBlank) continue;
    count += 1;
    if (line.isQuoted || !isSentFrom(line.text.slice(0, LOOKED_AT_CHARS))) break;
    cut = at;
  }
  return hasWords(lines, start, cut) ? cut : end;
}

/** Without the paragraphs at the end that a company's server adds. */
function disclaimersStart(lines: Line[], start: number, end: number): number {
  let cut = end;
  for (let round = 0; round < DISCLAIMERS_MAX; round++) {
    let last = cut - 1;
    while (last >= start && lines[last]?.isBlank) last -= 1;
    let first = last;
    while (first > start && first > last - DISCLAIMER_LINES_MAX && lines[first - 1]?.isBlank === false) first -= 1;
    const paragraph = lines.slice(Math.max(first, start), last + 1);
    if (paragraph.some((line) => line.isQuoted) || !isDisclaimer(paragraph.map(({ text }) => text).join(' '))) break;
    if (!hasWords(lines, start, first)) break;
    cut = first;
  }
  return cut;
}

function oneSignature(lines: Line[], [start, end]: [number, number], policy: SignaturePolicy, sender: string): number {
  const tail: string[] = [];
  let found = end;
  let isLong = false;
  for (let at = end - 1; at >= start && tail.length <= FILLED_LINES_MAX; at--) {
    const line = lines[at];
    if (line === undefined || line.isBlank) continue;
    const text = line.text.slice(0, LOOKED_AT_CHARS).trim();
    if (line.isQuoted || line.isCode || POSTSCRIPT.test(text)) break;
    const before = lines[previousFilled(lines, at)]?.text.slice(-LOOKED_AT_CHARS).trim() ?? '';
    if (begins(text, { tail, policy, sender, isLong, before, isStrict: line.text === '-- ' })) found = at;
    isLong ||= text.length > LINE_CHARS_MAX;
    tail.unshift(text);
  }
  return hasWords(lines, start, found) ? found : end;
}

interface Reading {
  tail: string[];
  policy: SignaturePolicy;
  sender: string;
  isLong: boolean;
  /** The line before, if any. */
  before: string;
  /** The separator of RFC 3676 §4.3, which nothing else looks like. */
  isStrict: boolean;
}

function begins(text: string, { tail, policy, sender, isLong, before, isStrict }: Reading): boolean {
  if (isStrict) return true;
  if (/^--$/.test(text)) return hasContact(tail, sender) || tail.filter(isSentence).length < SENTENCES_MIN;
  if (isSentFrom(text)) return tail.length <= 3 && !isLong;
  if (isLong) return false;
  if (/^[-_]{2,3}$|^_{4,}$/.test(text)) return isSignedOff(tail, sender);
  if (/^[-=*─—–]{4,}$/.test(text)) return hasContact(tail, sender);
  if (isFarewell(text, tail)) return true;
  if (policy !== 'strip') return false;
  if (/^[—–]$/.test(text)) return tail.length > 0;
  if (/^-{1,2}\p{L}[\p{L}.]*(?: \p{L}[\p{L}.]*){0,2}$/u.test(text)) return tail.length <= 2 && !tail.some(isItem);
  if (/^-{1,2} \p{L}+(?: \p{Lu}\p{L}+)?$/u.test(text)) return tail.length === 0 && !isItem(before);
  // Below "Please send it to:" stands an address that is wanted.
  return sender !== '' && wordsOf(text) === sender && !/[:：]$/.test(before);
}

function isItem(text: string): boolean {
  return /^[-*•] ?\S/.test(text);
}

/** A name and the like below a rule: sentences go on with the letter. */
function isSignedOff(tail: string[], sender: string): boolean {
  if (tail.length === 0 || hasContact(tail, sender)) return tail.length > 0;
  return tail.length <= 5 && !tail.some(isSentence);
}

function isSentence(text: string): boolean {
  return text.split(/\s+/).length >= SENTENCE_WORDS_MIN;
}

function hasContact(tail: string[], sender: string): boolean {
  return tail.some((text) => CONTACT.test(text) || (sender !== '' && wordsOf(text).includes(sender)));
}

/** "Kind regards," and a name below. Thanks with nothing below are the writer's words. */
function isFarewell(text: string, tail: string[]): boolean {
  if (text.length > 60 || !isClosing(wordsOf(text)) || /[?]\s*$/.test(text)) return false;
  const name = tail[0];
  return name !== undefined && tail.length <= 8 && isNameLike(name);
}

function isNameLike(text: string): boolean {
  return text.length <= 50 && wordsOf(text).split(' ').length <= 5 && !/[?!:]\s*$/.test(text);
}

function hasWords(lines: Line[], start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (lines[at]?.isBlank === false) return true;
  return false;
}
