/** Random bytes from the system, drawn many at a time: a call to it costs more than the bytes. */
import { randomFillSync } from 'node:crypto';
import type { Randomness } from '../../core/ports.ts';

const POOL_BYTES = 4_096;

export class PooledRandomness implements Randomness {
  #pool = Buffer.alloc(0);

  /** Bytes that nobody was given before. @param count at most 4096 */
  bytes(count: number): Uint8Array {
    if (this.#pool.length < count) this.#pool = randomFillSync(Buffer.alloc(POOL_BYTES));
    const bytes = this.#pool.subarray(0, count);
    this.#pool = this.#pool.subarray(count);
    return bytes;
  }
}
