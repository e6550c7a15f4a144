/** Clocks that can also wake somebody: the real one, and one that stands still until it is told to move. */
import type { Clock } from '../../core/ports.ts';

export interface WakingClock extends Clock {
  /** Calls back once the clock shows `at` or later; at once, but never before this returns, where it already does. */
  wakeAt(at: number, callback: () => void): void;
}

const TIMEOUT_MS_MAX = 2 ** 31 - 1;

export class SystemClock implements WakingClock {
  now(): number {
    return Date.now();
  }

  wakeAt(at: number, callback: () => void): void {
    const delayMs = Math.max(0, at - Date.now());
    const isFar = delayMs > TIMEOUT_MS_MAX;
    const timer = setTimeout(
      () => (isFar || Date.now() < at ? this.wakeAt(at, callback) : callback()),
      Math.min(delayMs, TIMEOUT_MS_MAX),
    );
    timer.unref();
  }
}

interface Alarm {
  at: number;
  callback: () => void;
}

/** Stands still. `advanceTo` stops at every alarm on the way, in order, until all it started is done. */
export class ManualClock implements WakingClock {
  #now: number;
  #alarms: Alarm[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(at: number, callback: () => void): void {
    if (at <= this.#now) {
      setImmediate(callback);
      return;
    }
    const index = this.#alarms.findLastIndex((alarm) => alarm.at <= at) + 1;
    this.#alarms.splice(index, 0, { at, callback });
  }

  /** @param settle resolves when everything that an alarm started is done */
  async advanceTo(target: number, settle: () => Promise<void>): Promise<void> {
    await settle();
    for (;;) {
      const next = this.#alarms[0]?.at ?? Number.POSITIVE_INFINITY;
      this.#now = Math.max(this.#now, Math.min(next, target));
      if (next > target) return;
      while ((this.#alarms[0]?.at ?? Number.POSITIVE_INFINITY) <= this.#now) this.#alarms.shift()?.callback();
      await settle();
    }
  }
}
