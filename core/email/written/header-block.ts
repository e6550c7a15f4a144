/**
 * "From: … Sent: … To: … Subject: …" above a quoted or forwarded mail, in any language and order, with values that go
 * on over lines; and "-----Original Message-----".
 */
import { gluedHeaders } from './glued-headers.ts';
import { bare, type Line, nextFilled } from './lines.ts';
import { announcedBy, type Field, fieldOf, speaksOfForwarding, wordsOf } from './vocabulary.ts';

const UNCOLONED = /^(\p{L}+ \p{L}+) (\d{1,2}[./]\d.*)$/u;
const BLOCK_LINES_MAX = 24;
const WRAPPED_LINES_MAX = 4;
const ADDRESS = /[^\s@<>]@[^\s@<>]/;
/** Hyphens and dashes of all lengths, and what else rules are drawn of. */
const RULE = '[-_=*~#\\u2010-\\u2015\\u2500]';
const DASHES = new RegExp(`^${RULE}{2,40}\\s*\\S`);
const DASHED = new RegExp(`^${RULE}{2,40}\\s*([^\\s${RULE.slice(1, -1)}].{1,88}?)\\s*${RULE}{2,40}`);
/** "##- Please type your reply above this line -##", in whatever language (Zendesk). */
const REPLY_ABOVE = /^##- ?\S.{3,120} ?-##$/;
const ONLY_RULE = /^[-_=*\u2010-\u2015\u2500]{3,}$/;
const UNLISTED_WORDS_MAX = 5;
const LABEL = /^[*_]*([^:：@<>]{1,24}?)[\s*_]*[:：][*_]*(?=$|[^/:])/;

export interface HeaderBlock {
  /** Lines it takes, without the blank ones after it. */
  length: number;
  fields: Partial<Record<Field, string>>;
  /** Its labels as they were written. */
  labels: string[];
}

interface Labelled {
  field: Field;
  label: string;
  value: string;
}

function labelled(line: Line | undefined): Labelled | null {
  const text = bare(line).replace(/^[\u200e\u200f\u202a-\u202e]+/, '');
  const match = LABEL.exec(text);
  const field = match === null ? undefined : fieldOf(match[1] ?? '');
  if (match === null || field === undefined) return dated(text);
  return { field, label: match[1] ?? '', value: text.slice(match[0].length).trim() };
}

/** "Message du 3/5/2022 10:04" (Orange, Wanadoo): no colon. */
function dated(text: string): Labelled | null {
  const [, label = '', value = ''] = UNCOLONED.exec(text) ?? [];
  return fieldOf(label) === 'date' ? { field: 'date', label, value } : null;
}

/** Headers from a line on; null where these are too few, or read like a person's own list. */
export function headerBlockAt(lines: Line[], at: number, isAnnounced = false): HeaderBlock | null {
  if (labelled(lines[at]) === null) return null;
  const fields: HeaderBlock['fields'] = {};
  const labels: string[] = [];
  let end = at;
  while (end < at + BLOCK_LINES_MAX) {
    const header = labelled(lines[end]);
    const isApart = lines[end]?.isQuoted !== lines[at]?.isQuoted;
    if (header === null || isApart || (header.field in fields && header.field !== 'replyTo')) break;
    const more = continuation(lines, end, header);
    fields[header.field] = [header.value, ...more].join(' ').trim();
    labels.push(header.label);
    end += 1 + more.length;
    // HTML made text often has its headers apart.
    if (lines[end]?.isBlank && labelled(lines[end + 1]) !== null && !isWhole(fields)) end += 1;
  }
  while (lines[end - 1]?.isBlank) end -= 1;
  if (isHeaders(fields, isAnnounced)) return { length: end - at, fields, labels };
  const glued = gluedHeaders(bare(lines[at])) ?? {};
  return isHeaders(glued, isAnnounced) ? { length: 1, fields: glued, labels } : null;
}

function isWhole(fields: HeaderBlock['fields']): boolean {
  return 'from' in fields && 'subject' in fields && 'date' in fields && 'to' in fields;
}

/** Lines that a value goes on over: those with a label after them, or that it cannot end before. */
function continuation(lines: Line[], at: number, { field, value }: Labelled): string[] {
  const more: string[] = [];
  let needed = 0;
  for (let next = at + 1; next <= at + WRAPPED_LINES_MAX; next++) {
    const text = bare(lines[next]);
    if (text === '') break;
    if (labelled(lines[next]) !== null) return more;
    const before = more.at(-1) ?? value;
    const isOpen = before === '' || ((field === 'to' || field === 'cc') && /[,;]$/.test(before));
    more.push(text);
    if (isOpen && needed === more.length - 1) needed = more.length;
  }
  return more.slice(0, needed);
}

/** What a person lists ("From: Berlin, To: Rome, Date: May") has neither a subject nor an address. */
function isHeaders(fields: HeaderBlock['fields'], isAnnounced: boolean): boolean {
  const count = Object.keys(fields).length;
  const hasAddress = ADDRESS.test(`${fields.from ?? ''} ${fields.to ?? ''}`);
  const hasTime = /\p{Nd}[:.h]\p{Nd}\p{Nd}/u.test(fields.date ?? '');
  const isDated = hasTime || /\p{Nd}{4}/u.test(fields.date ?? '');
  if (isAnnounced) return count >= 2 || hasAddress;
  if ('from' in fields && 'subject' in fields) return hasAddress || (count >= 3 && isDated);
  if ('from' in fields) return count >= 2 && hasAddress && ('date' in fields || 'to' in fields);
  return 'date' in fields && 'to' in fields && (hasAddress || ('subject' in fields && hasTime));
}

export interface Separator {
  kind: 'original' | 'forwarded';
  /** What a program has put on the same line behind the words. */
  rest: string;
}

/** "-----Original Message-----"; "Begin forwarded message:", which has no dashes. */
export function separatorAt(lines: Line[], at: number): Separator | null {
  const text = bare(lines[at]);
  if (REPLY_ABOVE.test(text)) return { kind: 'original', rest: '' };
  const dashed = DASHED.exec(text);
  if (dashed !== null) {
    const rest = text.slice(dashed[0].length).trim();
    const kind = announcedBy(wordsOf(dashed[1] ?? '')) ?? unlistedKind(lines, at, dashed[1] ?? '');
    return kind === null ? null : { kind, rest };
  }
  if (DASHES.test(text) && text.length <= 140) {
    const kind = announcedBy(wordsOf(text));
    return kind === 'forwarded' && isBeforeHeaders(lines, at, true) ? { kind, rest: '' } : null;
  }
  if (!/[:：]$/.test(text) || text.length > 80) return null;
  const words = wordsOf(text);
  const isForwarded = announcedBy(words) === 'forwarded' || isUnlistedForward(words);
  return isForwarded && isBeforeHeaders(lines, at, true) ? { kind: 'forwarded', rest: '' } : null;
}

/** What words between dashes announce that no table has: headers below say that they do announce. */
function unlistedKind(lines: Line[], at: number, between: string): Separator['kind'] | null {
  const isForward = isUnlistedForward(wordsOf(between));
  if (!isBeforeHeaders(lines, at, isForward)) return null;
  return isForward ? 'forwarded' : 'original';
}

function isUnlistedForward(words: string): boolean {
  return words.split(' ').length <= UNLISTED_WORDS_MAX && speaksOfForwarding(words);
}

function isBeforeHeaders(lines: Line[], at: number, isAnnounced: boolean): boolean {
  const next = nextFilled(lines, at + 1);
  return next > 0 && headerBlockAt(lines, next, isAnnounced) !== null;
}

/** A line drawn above headers. */
export function isRule(line: Line | undefined): boolean {
  return ONLY_RULE.test(bare(line));
}
