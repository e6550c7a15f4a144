/**
 * A token bucket as one number: the instant at which it would be full again (GCRA). It is told in whole microseconds,
 * so that every sum is exact, here and in a database. Pure.
 */
import type { Rate } from '../policy/policy.ts';
import type { RateVerdict } from '../ports.ts';

const MICROS_A_MS = 1_000;
const MICROS_A_MINUTE = 60_000_000;
const MICROS_A_SECOND = 1_000_000;

export function microsOf(ms: number): number {
  return ms * MICROS_A_MS;
}

/** How long one request takes to come back; a rate that does not divide a minute is met to a hair more. */
export function refillMicrosOf({ perMinute }: Rate): number {
  return Math.max(1, Math.floor(MICROS_A_MINUTE / perMinute));
}

/** How many requests a bucket holds now, the last in part. */
export function leftIn(fullAtMicros: number, rate: Rate, now: number): number {
  return rate.burst - Math.max(fullAtMicros - microsOf(now), 0) / refillMicrosOf(rate);
}

/** When a bucket is full again from which so much is taken now. */
export function fullAfter(fullAtMicros: number, cost: number, rate: Rate, now: number): number {
  return Math.max(fullAtMicros, microsOf(now)) + cost * refillMicrosOf(rate);
}

/** What a caller is told who took from a bucket that is full again then. */
export function allowed(fullAtMicros: number, rate: Rate, now: number): RateVerdict {
  const untilFull = Math.max(0, fullAtMicros - microsOf(now));
  return {
    isAllowed: true,
    remaining: Math.floor(leftIn(fullAtMicros, rate, now)),
    resetSeconds: Math.ceil(untilFull / MICROS_A_SECOND),
  };
}

/** What a caller is told who wants `cost` of a bucket that holds less. */
export function refused(fullAtMicros: number, cost: number, rate: Rate, now: number): RateVerdict {
  const burst = rate.burst * refillMicrosOf(rate);
  const untilEnough = fullAtMicros - microsOf(now) - burst + cost * refillMicrosOf(rate);
  return { isAllowed: false, remaining: 0, resetSeconds: Math.ceil(untilEnough / MICROS_A_SECOND) };
}
