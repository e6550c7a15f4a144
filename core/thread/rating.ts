/** How content a customer was, in numbers that everybody knows and, if they like, in words. */
import * as z from 'zod';

export const SCORES = [1, 2, 3, 4, 5] as const;
type Score = (typeof SCORES)[number];
export const SCORE_MAX = 5;
/** It lies in the thread's head, which every commit writes. */
export const COMMENT_CHARS_MAX = 1_000;

export const scoreSchema = z.literal(SCORES);

export interface Rating {
  score: Score;
  /** Never shown as a message, nor sent by mail. */
  comment: string | null;
  at: number;
}

/** What an entry says of it: in the place of what was said before. */
export type RatingFact = { type: 'rating' } & Omit<Rating, 'at'>;
