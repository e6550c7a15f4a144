import { describe, expect, it } from 'vitest';
import { OverdueTimers } from '../../../core/timer/overdue.ts';
import { MINUTE, MONDAY } from '../../builders.ts';

const timer = { thread: 'thr_acme_1', dueAt: MONDAY, generation: 3 };

/** The minutes at which a sweep every minute hands the timer on. */
function minutesOf(overdue: OverdueTimers, until: number, of = timer): number[] {
  return Array.from({ length: until }, (_, minute) => minute).filter((minute) => {
    const now = MONDAY + minute * MINUTE;
    const isDue = overdue.isDue(of, now);
    if (isDue) overdue.note(of, now);
    return isDue;
  });
}

describe('an overdue timer', () => {
  it('is handed on at once, then ever more seldom, at last every hour', () => {
    expect(minutesOf(new OverdueTimers(), 250)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });

  it('of another generation is another', () => {
    const overdue = new OverdueTimers();
    expect(minutesOf(overdue, 3)).toEqual([0, 1]);
    expect(overdue.isDue({ ...timer, generation: 4 }, MONDAY + 2 * MINUTE)).toBe(true);
    expect(overdue.isDue({ ...timer, thread: 'thr_acme_2' }, MONDAY + 2 * MINUTE)).toBe(true);
  });

  it('is handed on again by another instance, which knows nothing of this one', () => {
    minutesOf(new OverdueTimers(), 20);
    expect(new OverdueTimers().isDue(timer, MONDAY + 20 * MINUTE)).toBe(true);
  });

  it('that is near, and not yet due, is no matter of this', () => {
    const overdue = new OverdueTimers();
    const near = { ...timer, dueAt: MONDAY + 3 * MINUTE };
    expect(minutesOf(overdue, 5, near)).toEqual([0, 1, 2, 3, 4]);
  });
});
