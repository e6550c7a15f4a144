/** Token buckets in the memory of this process. */
import type { Rate } from '../../core/policy/policy.ts';
import type { RateLimiter, RateVerdict } from '../../core/ports.ts';
import { allowed, fullAfter, leftIn, refused } from '../../core/rate/bucket.ts';

/** Buckets kept; when there are more, the one untouched for longest is forgotten, which only ever forgives. */
const BUCKETS_MAX = 100_000;

export class MemoryRateLimiter implements RateLimiter {
  readonly #fullAtMicros = new Map<string, number>();

  async take(key: string, rate: Rate, cost: 0 | 1, now: number): Promise<RateVerdict> {
    const known = this.#fullAtMicros.get(key) ?? 0;
    if (leftIn(known, rate, now) < cost) return refused(known, cost, rate, now);
    const fullAtMicros = fullAfter(known, cost, rate, now);
    if (cost > 0) this.#put(key, fullAtMicros);
    return allowed(fullAtMicros, rate, now);
  }

  #put(key: string, fullAtMicros: number): void {
    this.#fullAtMicros.delete(key); // so that the map's order is that of the last touch
    if (this.#fullAtMicros.size >= BUCKETS_MAX) {
      const [oldest] = this.#fullAtMicros.keys();
      if (oldest !== undefined) this.#fullAtMicros.delete(oldest);
    }
    this.#fullAtMicros.set(key, fullAtMicros);
  }
}
