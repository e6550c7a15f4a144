/** What fields of a header say: addresses, ids, an instant, a line of words. */
import { addressParser, decodeWords } from 'postal-mime';
import { oneLine } from '../../one-line.ts';
import type { MailAddress } from '../mail.ts';
import { type Bound, LIMITS } from './received-mail.ts';

/** Groups are their members (RFC 5322 §3.4). What holds no address is left out. */
export function addressesOf(value: string | null, cut: (bound: Bound) => void): MailAddress[] {
  const all = addressParser(value ?? '', { flatten: true })
    .map(({ name, address = '' }) => ({ name: oneLine(name ?? ''), address: oneLine(address) }))
    .filter(({ address }) => address.includes('@'));
  if (all.length > LIMITS.addresses) cut('addresses');
  return all.slice(0, LIMITS.addresses);
}

const ID_CHARS_MAX = 1_000;
const ANGLED = new RegExp(`<([^<>]{1,${ID_CHARS_MAX}})>`, 'g');
const BARE = new RegExp(`^[^\\s<>]{1,${ID_CHARS_MAX}}$`);

/**
 * Message-IDs: what stands in angle brackets; where nothing does, each word with an @, as some programs write them. Of
 * too many, the first and the last are kept: where a thread began, and where it stands.
 */
export function idsOf(value: string | null, cut: (bound: Bound) => void): string[] {
  const text = value ?? '';
  const angled = [...text.matchAll(ANGLED)].map(([, id = '']) => id.replace(/\s+/g, ''));
  const words = angled.length > 0 ? angled : text.split(/[\s,;<>]+/).filter((word) => word.includes('@'));
  const ids = words.filter((word) => BARE.test(word));
  if (ids.length <= LIMITS.references) return ids;
  cut('references');
  return [...ids.slice(0, 1), ...ids.slice(1 - LIMITS.references)];
}

/** Null where there is nothing that another mail could refer to. */
export function messageIdOf(value: string | null): string | null {
  const whole = (value ?? '').trim();
  return idsOf(whole, () => {})[0] ?? (BARE.test(whole) ? whole : null);
}

export function wordsOf(value: string | null, cut: (bound: Bound) => void): string | null {
  if (value === null) return null;
  const words = oneLine(decodeWords(value));
  if (words.length > LIMITS.subjectChars) cut('subjectChars');
  return words.slice(0, LIMITS.subjectChars).toWellFormed();
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONES: Record<string, number> = { est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 };
const DATE = /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]+)?/i;

/** RFC 5322 §3.3 and what is obsolete of it (§4.3); a zone that says nothing is UTC. Null where it is no date. */
export function instantOf(value: string | null): number | null {
  const [, day, month = '', year = '', hour, minute, second = '0', zone = ''] = DATE.exec(value ?? '') ?? [];
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (day === undefined || monthIndex < 0) return null;
  const century = year.length > 2 ? 0 : Number(year) < 50 ? 2000 : 1900;
  const local = Date.UTC(century + Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  const offsetMinutes = /^[+-]/.test(zone)
    ? Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
    : (ZONES[zone.toLowerCase()] ?? 0) * 60;
  return local - offsetMinutes * 60_000;
}
