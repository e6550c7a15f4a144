import { describe, expect, it } from 'vitest';
import { threadStoreContract } from '../contracts/thread-store.ts';
import { live, Totals } from './simulate.ts';
import { MemoryThreadStore } from './world/memory-store.ts';

const SEEDS = 110;
/** Some things are rare: so many worlds until each has happened. */
const SEEDS_MAX = 400;

describe('a simulated world', () => {
  it('keeps every invariant, whatever goes wrong; and everything interesting happens', {
    timeout: 300_000,
  }, async () => {
    const totals = new Totals();
    for (let seed = 1; seed <= SEEDS || (totals.missing.length > 0 && seed <= SEEDS_MAX); seed += 1) {
      const lived = await live(seed);
      expect(lived.defects, `seed ${seed}: npm run simulate -- --from ${seed} --seeds 1`).toEqual([]);
      totals.add(lived);
    }
    expect(totals.missing).toEqual([]);
    expect(totals.mails).toBeGreaterThan(10 * SEEDS);
  });

  it('is the same world again for the same seed, to the last step', async () => {
    const [first, second, other] = [await live(7), await live(7), await live(8)];
    expect(second).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
  });
});

threadStoreContract('MemoryThreadStore of simulated worlds', async () => new MemoryThreadStore());
