/** Token buckets in memory, as the instant at which each would be full again (GCRA): one number a bucket. */
import type { Rate } from '../../core/policy/policy.ts';
import type { RateLimiter, RateVerdict } from '../../core/ports.ts';

/** Buckets kept; when there are more, the one untouched for longest is forgotten, which only ever forgives. */
const BUCKETS_MAX = 100_000;
/** Instants are fractions where a minute does not divide evenly: what is a hair less than whole counts as whole. */
const EPSILON = 1e-6;

export class MemoryRateLimiter implements RateLimiter {
  readonly #fullAt = new Map<string, number>();

  async take(key: string, { perMinute, burst }: Rate, cost: 0 | 1, now: number): Promise<RateVerdict> {
    const refillMs = 60_000 / perMinute;
    const fullAt = Math.max(this.#fullAt.get(key) ?? now, now);
    const left = burst - (fullAt - now) / refillMs + EPSILON;
    if (left < cost) {
      return { isAllowed: false, remaining: 0, resetSeconds: Math.ceil(((cost - left) * refillMs) / 1000) };
    }
    const after = fullAt + cost * refillMs;
    if (cost > 0) this.#put(key, after);
    return { isAllowed: true, remaining: Math.floor(left - cost), resetSeconds: Math.ceil((after - now) / 1000) };
  }

  #put(key: string, fullAt: number): void {
    this.#fullAt.delete(key); // so that the map's order is that of the last touch
    if (this.#fullAt.size >= BUCKETS_MAX) {
      const [oldest] = this.#fullAt.keys();
      if (oldest !== undefined) this.#fullAt.delete(oldest);
    }
    this.#fullAt.set(key, fullAt);
  }
}
