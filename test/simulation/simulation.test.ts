import { describe, expect, it } from 'vitest';
import { threadStoreContract } from '../contracts/thread-store.ts';
import { MemoryThreadStore } from './memory-store.ts';
import { SABOTAGES } from './sabotage.ts';
import { FAULTS } from './scheduler.ts';
import { live } from './simulate.ts';

const SEEDS = 150;
/** A sabotage that so many worlds do not notice is not noticed. */
const SEEDS_UNTIL_CAUGHT = 80;

describe('a simulated world', () => {
  it('keeps every invariant, whatever goes wrong', { timeout: 300_000 }, async () => {
    const faults = new Set<string>();
    let mails = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const lived = await live(seed);
      expect(lived.defects, `seed ${seed}: npm run simulate -- --from ${seed} --seeds 1`).toEqual([]);
      for (const fault of FAULTS) if (lived.faults[fault] > 0) faults.add(fault);
      mails += lived.mails;
    }
    expect([...faults].sort(), 'every kind of fault happened').toEqual([...FAULTS].sort());
    expect(mails).toBeGreaterThan(SEEDS);
  });

  it('is the same world again for the same seed, to the last step', async () => {
    const [first, second, other] = [await live(7), await live(7), await live(8)];
    expect(second).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
  });
});

describe('a sabotaged world', () => {
  it.each(SABOTAGES)('is noticed: %s', { timeout: 120_000 }, async (sabotage) => {
    let caught: string[] = [];
    for (let seed = 1; seed <= SEEDS_UNTIL_CAUGHT && caught.length === 0; seed += 1) {
      caught = (await live(seed, sabotage)).defects;
    }
    expect(caught).not.toEqual([]);
  });

  it('in which a lane has two writers is out of order, and still nothing is lost or done twice', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { defects } = await live(seed, 'two writers on a lane');
      expect(defects.filter((defect) => !defect.includes('out of order'))).toEqual([]);
    }
  });
});

threadStoreContract('MemoryThreadStore of simulated worlds', async () => new MemoryThreadStore());
