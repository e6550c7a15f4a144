/**
 * Timers in memory. They need no row of their own: the due index has them, and the sweep at the start of the process
 * finds them there again.
 */
import type { Wait, WaitQueue } from '../../core/ports.ts';
import type { DueThread } from '../../core/thread/commit.ts';
import type { WakingClock } from './clocks.ts';

export class EmbeddedWaitQueue implements WaitQueue {
  readonly #clock: WakingClock;
  readonly #onOver: (timer: DueThread) => Promise<void>;
  #running = 0;
  /** The generation that is waited for, by thread: the sweep hands the same timer on more than once. */
  readonly #waiting = new Map<string, { generation: number; at: number }>();

  /** @param onOver called when a wait is over */
  constructor(clock: WakingClock, onOver: (timer: DueThread) => Promise<void>) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  /** Whether a wait is over, but its timer is not on its lane yet. */
  get isBusy(): boolean {
    return this.#running > 0;
  }

  async put(waits: Wait[]): Promise<void> {
    for (const wait of waits) this.#putOne(wait);
  }

  #putOne({ timer, delayMs }: Wait): void {
    const at = this.#clock.now() + delayMs;
    const known = this.#waiting.get(timer.thread);
    if (known !== undefined && known.generation === timer.generation && known.at <= at) return;
    const wait = { generation: timer.generation, at };
    this.#waiting.set(timer.thread, wait);
    this.#clock.wakeAt(at, () => {
      if (this.#waiting.get(timer.thread) !== wait) return;
      this.#waiting.delete(timer.thread);
      void this.#over(timer);
    });
  }

  async #over(timer: DueThread): Promise<void> {
    this.#running += 1;
    // Where the lane does not take it, the next sweep finds the timer overdue and brings it again.
    await this.#onOver(timer).catch(() => {});
    this.#running -= 1;
  }
}
