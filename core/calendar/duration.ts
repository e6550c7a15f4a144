/**
 * Durations as a policy writes them: `30m`, `4h`, `2d`. Minutes and hours count open time; `d` counts business days
 * (the same time of day that many open days on, moved to the next open instant).
 */
import * as z from 'zod';

const TEXT = /^([1-9]\d{0,4})(m|h|d)$/;
const MINUTE_MS = 60_000;

export const durationSchema = z
  .string()
  .regex(TEXT, { error: 'a duration is a whole number and m, h or d, such as 30m, 4h or 2d' });

export type Duration = { openMs: number } | { openDays: number };

/** Parses what `durationSchema` let through. */
export function parseDuration(text: string): Duration {
  const match = TEXT.exec(text);
  if (match === null) throw new RangeError(`Not a duration: ${text}`);
  const amount = Number(match[1]);
  if (match[2] === 'd') return { openDays: amount };
  return { openMs: amount * (match[2] === 'h' ? 60 : 1) * MINUTE_MS };
}

/** So many times a duration. */
export function times(text: string, factor: number): string {
  const match = TEXT.exec(text);
  if (match === null) throw new RangeError(`Not a duration: ${text}`);
  return `${Number(match[1]) * factor}${match[2]}`;
}
