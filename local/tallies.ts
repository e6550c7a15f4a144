/** What was counted and measured since the process started: what a dashboard shows on AWS. */
import type { MetricName, Metrics } from '../core/ports.ts';

interface Tally {
  count: number;
  sum: number;
  max: number;
}

export class Tallies {
  readonly #tallies: Partial<Record<MetricName, Tally>> = {};

  readonly metrics: Metrics = (name, value) => {
    const { count, sum, max } = this.#tallies[name] ?? { count: 0, sum: 0, max: value };
    this.#tallies[name] = { count: count + 1, sum: sum + value, max: Math.max(max, value) };
  };

  toJSON(): Partial<Record<MetricName, Tally>> {
    return this.#tallies;
  }
}
