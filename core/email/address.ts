/** What counts as a mail address here: one that a mail can be sent to, and that cannot smuggle another header. */
import * as z from 'zod';

/** RFC 5321 §4.5.3.1.3: a path of 256, less its angle brackets. */
const ADDRESS_CHARS_MAX = 254;
/** One @ between two parts without spaces, control characters or what separates addresses; letters of any script. */
const ADDRESS = /^[^\p{C}\p{Z}@<>()[\]\\,;:"]+@[^\p{C}\p{Z}@<>()[\]\\,;:"]+$/u;

const LETTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** As mails name it (RFC 5890): what people write in letters of theirs, their mail programs write in ASCII. */
export function asciiDomain(domain: string): string {
  const url = `http://${domain}`;
  return /\P{ASCII}/u.test(domain) && LETTERS.test(domain) && URL.canParse(url) ? new URL(url).hostname : domain;
}

/** In small letters and ASCII: what follows the last @. */
export function domainOf(address: string): string {
  return asciiDomain(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}

/** An address in the one form in which it can be compared: the domain in ASCII. */
export function addressInAscii(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at + 1)}${asciiDomain(address.slice(at + 1))}`;
}

/** Mail to `billing+2026@` is for `billing@`. */
export function withoutPlus(address: string): string {
  return address.replace(/\+[^@]*@/, '@');
}

/** What is read by it has its domain in ASCII. */
export const addressSchema = z
  .string()
  .max(ADDRESS_CHARS_MAX, { error: `is over the limit of ${ADDRESS_CHARS_MAX} characters` })
  .regex(ADDRESS, { error: 'is not an email address' })
  .overwrite(addressInAscii);
