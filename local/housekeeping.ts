/** What has to be done every now and then: what a schedule does on AWS. */
import type { WakingClock } from '../adapters/embedded/clocks.ts';
import type { Log } from '../core/ports.ts';

interface Chore {
  everyMs: number;
  work: () => Promise<unknown>;
}

export class Housekeeping {
  readonly #clock: WakingClock;
  readonly #log: Log;
  readonly #chores: Chore[];
  #running = 0;

  constructor(clock: WakingClock, log: Log, chores: Chore[]) {
    this.#clock = clock;
    this.#log = log;
    this.#chores = chores;
  }

  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** Does every chore now, and from then on at its interval. */
  start(): void {
    for (const chore of this.#chores) void this.#run(chore);
  }

  async #run(chore: Chore): Promise<void> {
    this.#running += 1;
    try {
      await chore.work();
    } catch (failure) {
      this.#log('error', 'housekeeping.failed', { defect: failure instanceof Error ? failure.name : typeof failure });
    }
    this.#running -= 1;
    this.#clock.wakeAt(this.#clock.now() + chore.everyMs, () => void this.#run(chore));
  }
}
