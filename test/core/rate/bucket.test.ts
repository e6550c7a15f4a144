import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from '../../../core/policy/policy.ts';
import { allowed, fullAfter, leftIn, refused } from '../../../core/rate/bucket.ts';
import { MONDAY } from '../../builders.ts';

const rates = fc.record({ perMinute: fc.integer({ min: 1, max: 10_000 }), burst: fc.integer({ min: 1, max: 1_000 }) });

describe('a bucket', () => {
  it('holds its burst when it was never touched, whatever its rate', () => {
    fc.assert(fc.property(rates, (rate) => leftIn(0, rate, MONDAY) === rate.burst));
  });

  it('gives exactly its burst at once', () => {
    const takeAll = (rate: Rate) => {
      let [fullAtMicros, taken] = [0, 0];
      for (; leftIn(fullAtMicros, rate, MONDAY) >= 1; taken += 1)
        fullAtMicros = fullAfter(fullAtMicros, 1, rate, MONDAY);
      return taken;
    };
    fc.assert(
      fc.property(rates, (rate) => takeAll(rate) === rate.burst),
      { numRuns: 50 },
    );
  });

  it('that refuses tells when the next is welcome, and then it is', () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const empty = fullAfter(0, rate.burst, rate, MONDAY);
        const { resetSeconds } = refused(empty, 1, rate, MONDAY);
        expect(leftIn(empty, rate, MONDAY + resetSeconds * 1_000)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('that allows tells when all is back, and then it is', () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const once = fullAfter(0, 1, rate, MONDAY);
        const { resetSeconds, remaining } = allowed(once, rate, MONDAY);
        expect(remaining).toBe(rate.burst - 1);
        expect(leftIn(once, rate, MONDAY + resetSeconds * 1_000)).toBe(rate.burst);
      }),
    );
  });
});
