/** What counts as a mail address here: one that a mail can be sent to, and that cannot smuggle another header. */
import * as z from 'zod';

/** RFC 5321 §4.5.3.1.3: a path of 256, less its angle brackets. */
const ADDRESS_CHARS_MAX = 254;
/** One @ between two parts without spaces, control characters or what separates addresses; letters of any script. */
const ADDRESS = /^[^\p{C}\p{Z}@<>()[\]\\,;:"]+@[^\p{C}\p{Z}@<>()[\]\\,;:"]+$/u;

/** In small letters: what follows the last @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

export const addressSchema = z
  .string()
  .max(ADDRESS_CHARS_MAX, { error: `is over the limit of ${ADDRESS_CHARS_MAX} characters` })
  .regex(ADDRESS, { error: 'is not an email address' });
