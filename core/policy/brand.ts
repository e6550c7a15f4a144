/** How a business shows itself in its mails. */
import * as z from 'zod';
import { LANGUAGES } from './languages.ts';
import { shownNameSchema } from './name.ts';

/** What may be put into the name that answers come from. */
export const SENDER_PLACEHOLDERS = ['agent', 'business'] as const;

export const DEFAULT_BRAND = { accent: '#0b6e6e', sender: '{agent}, {business}' };

export const brandSchema = z.strictObject({
  /** What its customers know it as; where it is left out, the name of the business. */
  name: shownNameSchema.optional(),
  /**
   * The colour of its mails. What is written on it, and links in it, are black, white or a shade that can be read: the
   * contrast of WCAG 2 AA holds whatever the colour is.
   */
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'is no colour, such as #0b6e6e' })
    .default(DEFAULT_BRAND.accent),
  /** Whom an answer comes from: `{agent} ({business})`. */
  sender: shownNameSchema.default(DEFAULT_BRAND.sender),
  /** What stands under every mail to a customer, such as who the business is by law. In each of its languages. */
  signature: z.partialRecord(z.enum(LANGUAGES), z.string().min(1).max(1_000)).optional(),
});
