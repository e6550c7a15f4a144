/** What the parts of a policy are called: in tables, rules, tokens and addresses alike. */
import * as z from 'zod';

export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'is not a name: lower-case letters, digits and hyphens, at most 40' });
