import { describe, expect, it } from 'vitest';
import { SABOTAGES, sabotageOf } from './sabotage/sabotages.ts';
import { live } from './simulate.ts';

/** A sabotage that so many worlds do not notice is not noticed. */
const SEEDS_UNTIL_CAUGHT = 60;
const SEEDS_OF_TWO_WRITERS = 12;
/**
 * What nobody can promise where a lane has two writers: messages may come before the start of their thread, and a pool
 * knows only of its last commit what it sent (the next count finds the rest).
 */
const OUT_OF_ORDER = /out of order|on its way|after a later one|was not answered/;

describe('a sabotaged world', () => {
  it.each(SABOTAGES)('is noticed: %s', { timeout: 120_000 }, async (sabotage) => {
    let caught: string[] = [];
    for (let seed = 1; seed <= SEEDS_UNTIL_CAUGHT && caught.length === 0; seed += 1) {
      caught = (await live(seed, sabotageOf(sabotage))).defects;
    }
    expect(caught).not.toEqual([]);
  });

  it('in which a lane has two writers is out of order, and still nothing is done twice', async () => {
    for (let seed = 1; seed <= SEEDS_OF_TWO_WRITERS; seed += 1) {
      const { defects } = await live(seed, sabotageOf('two writers on a lane'));
      expect(defects.filter((defect) => !OUT_OF_ORDER.test(defect))).toEqual([]);
    }
  });
});
