/** A mail that somebody passes on: what they say to it, and who wrote the original what to whom. */

import { attributionAt } from './attribution.ts';
import { type Correspondent, correspondentOf, correspondentsOf } from './correspondents.ts';
import { gluedHeaders } from './glued-headers.ts';
import { type HeaderBlock, headerBlockAt, isRule, separatorAt } from './header-block.ts';
import { aLine, bare, type Line, linesOf, nextFilled } from './lines.ts';
import { languagesOf, readSubject } from './vocabulary.ts';

interface ForwardedMail {
  /** Null where the original's headers do not tell. */
  from: Correspondent | null;
  to: Correspondent[];
  cc: Correspondent[];
  subject: string | null;
  /** As it was written, in whatever language. */
  date: string | null;
  body: string;
}

export interface Forward {
  forwarded: boolean;
  /** What stands above the original; null where nothing does. */
  message: string | null;
  /** Null where the mail is none. */
  email: ForwardedMail | null;
}

const FROM_CHARS_MAX = 500;
/** Marks of quotation taken from a body. */
const MARKS_MAX = 4;
/** Lines searched for the beginning of the original. */
const SEARCHED_LINES_MAX = 500;
const NO_FORWARD: Forward = { forwarded: false, message: null, email: null };

const ADDRESS = /[^\s@<>()[\]",:;]{1,80}@[^\s@<>()[\]",:;]{1,120}/;
const QUOTED_NAME = /["«„“]\s?([^"«»„“”]{1,80}?)\s?["»“”]$/;
const CAPITALISED_NAME = /(?:\p{Lu}[\p{L}\p{M}'.-]*(?:\s|$)){1,5}$/u;

interface Original {
  /** Where it and its headers begin, and where its body does. */
  start: number;
  body: number;
  fields: HeaderBlock['fields'];
}

/**
 * A mail is a forward where its body says so ("Forwarded message" above headers), or where its subject does and its
 * body has a mail's headers or an attribution. Where no subject is known, "Original Message" above everything else is
 * one too: nobody answers with nothing. Its text alone is read, as `textOfHtml` makes it of HTML.
 */
export function parseForward(text: string, subject?: string | null): Forward {
  const lines = linesOf(text.startsWith('\ufeff') ? text.slice(1) : text);
  const found = firstOriginal(lines, subject ?? null);
  if (found === null) return NO_FORWARD;
  const { start, body, fields } = found;
  const message = lines
    .slice(0, start)
    .map((line) => line.text)
    .join('\n')
    .trim();
  return {
    forwarded: true,
    message: message === '' ? null : message,
    email: {
      from: correspondentOf((fields.from ?? '').slice(0, FROM_CHARS_MAX)),
      to: correspondentsOf(fields.to ?? ''),
      cc: correspondentsOf(fields.cc ?? ''),
      subject: fields.subject ?? null,
      date: fields.date ?? null,
      body: bodyOf(lines.slice(body)),
    },
  };
}

/** The first thing that introduces another mail decides: what is forwarded within a quotation was so before. */
function firstOriginal(marked: Line[], subject: string | null): Original | null {
  const { forwards, answers, rest } = readSubject(subject ?? '');
  const isForward = forwards.length > 0;
  const lines = marked.map((line) => (line.isQuoted ? aLine(bare(line)) : line));
  const searched = Math.min(lines.length, SEARCHED_LINES_MAX);
  for (let at = 0; at < searched; at++) {
    if (lines[at]?.isBlank) continue;
    const isAlone = subject === null && at === nextFilled(lines, 0);
    const separated = originalAfterSeparator(lines, at, isForward || isAlone);
    if (separated !== null) return separated;
    const block = headerBlockAt(lines, at);
    if (block !== null) {
      const isOurs = isForward && !isAnswer(block, forwards, answers);
      return isOurs ? { start: ruleAbove(lines, at), body: at + block.length, fields: block.fields } : null;
    }
    const attribution = attributionAt(marked, at);
    if (attribution !== null) {
      return isForward ? attributed(lines, at, { length: attribution.length, subject: rest.trim() }) : null;
    }
    if (marked[at]?.isQuoted && !isForward) return null;
  }
  return null;
}

function originalAfterSeparator(lines: Line[], at: number, isForward: boolean): Original | null {
  const separator = separatorAt(lines, at);
  if (separator === null || (separator.kind === 'original' && !isForward)) return null;
  const glued = separator.rest === '' ? null : gluedHeaders(separator.rest);
  if (glued !== null) return { start: at, body: at + 1, fields: glued };
  const next = nextFilled(lines, at + 1);
  const block = next < 0 ? null : headerBlockAt(lines, next, true);
  if (block === null) return null;
  // Zoho announces the headers and, by the same line, the body.
  const after = next + block.length;
  const body = separatorAt(lines, after)?.kind === separator.kind ? after + 1 : after;
  return { start: at, body, fields: block.fields };
}

/** Whether a prefix that forwards in one language answers in that of the headers. */
function isAnswer(block: HeaderBlock, forwards: string[], answers: string[]): boolean {
  const languages = block.labels.map(languagesOf);
  const fits = (list: string[]): boolean => languages.every((of) => of.some((language) => list.includes(language)));
  return answers.length > 0 && fits(answers) && !fits(forwards);
}

function ruleAbove(lines: Line[], at: number): number {
  const above = at - 1;
  return isRule(lines[above]) ? above : at;
}

/** An original with no headers but an attribution; its subject is that of the mail. */
function attributed(lines: Line[], at: number, { length, subject }: { length: number; subject: string }): Original {
  const line = lines
    .slice(at, at + length)
    .map(bare)
    .join(' ');
  return { start: at, body: at + length, fields: { ...authorOf(line), subject } };
}

/**
 * The name and the address in an attribution: the name in quotation marks, or else the capitalised words before the
 * address, or else (scripts without capitals) what stands between the date and the address.
 */
function authorOf(attribution: string): { from?: string; date?: string } {
  const address = ADDRESS.exec(attribution);
  const before = attribution.slice(0, address?.index).replace(/[\s<([]+$/, '');
  const name = [QUOTED_NAME, CAPITALISED_NAME, /[^\d,:]{1,60}$/].map((pattern) => pattern.exec(before)).find(Boolean);
  const date = /\d[\d./-]{5,9}\d(?:,?\s\d{1,2}[:.]\d{2}(?:\s?[AP]M)?)?/i.exec(attribution)?.[0];
  return {
    ...(address === null ? {} : { from: `"${(name?.[1] ?? name?.[0] ?? '').trim()}" <${address[0]}>` }),
    ...(date === undefined ? {} : { date }),
  };
}

/** The body, without the marks of quotation or the indentation that the whole of it has. */
function bodyOf(lines: Line[], depth = 0): string {
  const filled = lines.filter((line) => !line.isBlank);
  const isWhole = (test: (line: Line) => boolean): boolean =>
    depth < MARKS_MAX && filled.length > 0 && filled.every(test);
  if (isWhole((line) => line.isQuoted)) return bodyOf(shorn(lines, /^\s*[A-Z]{0,3}> ?/), depth + 1);
  if (isWhole((line) => line.text.startsWith('    '))) return bodyOf(shorn(lines, /^ {4}/), depth + 1);
  return lines
    .map((line) => line.text)
    .join('\n')
    .trim();
}

function shorn(lines: Line[], mark: RegExp): Line[] {
  return lines.map((line) => aLine(line.text.replace(mark, '')));
}
