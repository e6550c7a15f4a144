/** What the parts of a policy are called: in tables, rules, tokens and addresses alike. */
import * as z from 'zod';

export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'is not a name: lower-case letters, digits and hyphens, at most 40' });

/** What people are shown: one line, for it stands in the headers of mails. */
export const shownNameSchema = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => name.trim() !== '', { error: 'is empty' })
  .refine((name) => !/\p{Cc}/u.test(name), { error: 'has control characters, such as a line break' });
