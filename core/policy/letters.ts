/** What a business writes to its customers beside answers, and what goes along with those. */
import * as z from 'zod';
import { durationSchema } from '../calendar/duration.ts';
import { TEXT_NAMES } from '../email/texts/placeholders.ts';
import { LANGUAGES } from './languages.ts';

/** What may be put into the address of a page where a thread is rated. */
export const RATING_PLACEHOLDERS = ['thread', 'token'] as const;

export const DEFAULT_LETTERS = { history: 'none' } as const;

export const lettersSchema = z.strictObject({
  /** What an answer has below it of what was said before: nothing, the message it answers, or all of it. */
  history: z.enum(['none', 'last', 'full']).default(DEFAULT_LETTERS.history),
  /** So much open time after the last word to a customer whose answer is waited for (`pending`), they are reminded. */
  reminder: z.strictObject({ after: durationSchema }).optional(),
  /**
   * So much open time after their thread was solved, a customer who was answered is asked once how content they were.
   * The mail leads to a page that the API serves; or to `url`, where that is served under another name,
   * `https://help.acme.example/v1/ratings/{token}`, or the business has a page of its own.
   */
  rating: z.strictObject({ after: durationSchema, url: z.string().max(500).optional() }).optional(),
});

/** Words of its own for what the product says, each in all languages of the business. */
export const ownTextsSchema = z.partialRecord(
  z.enum(TEXT_NAMES),
  z.partialRecord(z.enum(LANGUAGES), z.string().min(1).max(2_000)),
);
