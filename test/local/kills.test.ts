import { describe, expect, it } from 'vitest';
import { runKills } from './kill-run.ts';

describe('the process, killed under load and started again', () => {
  it('has carried out every answered write once, and sent every mail once', { timeout: 180_000 }, async () => {
    const { defects, answered, replayed } = await runKills({ kills: 16, seed: 3 });
    expect(defects).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect(replayed).toBeGreaterThan(0);
  });

  it('over SMTP has sent every mail at least once', { timeout: 180_000 }, async () => {
    const { defects, answered } = await runKills({ kills: 4, seed: 4, smtp: true });
    expect(defects).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  });
});
