/**
 * Overdue timers that were handed on. Such a timer waits on its lane already, behind whatever holds that up: handed on
 * every minute it would come there faster than the lane gets on, so it is handed on ever more seldom.
 */
import type { DueThread } from '../thread/commit.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** What is forgotten is handed on once more. */
const REMEMBERED_MAX = 50_000;

interface Handed {
  generation: number;
  /** When it may be handed on again, and how long after that. */
  againAt: number;
  pauseMs: number;
}

export class OverdueTimers {
  readonly #handed = new Map<string, Handed>();

  /** Whether it is time to hand a timer on. */
  isDue({ thread, dueAt, generation }: DueThread, now: number): boolean {
    const known = this.#handed.get(thread);
    return dueAt > now || known?.generation !== generation || known.againAt <= now;
  }

  /** It was handed on. */
  note({ thread, dueAt, generation }: DueThread, now: number): void {
    if (dueAt > now) return;
    if (this.#handed.size >= REMEMBERED_MAX) this.#handed.clear();
    const known = this.#handed.get(thread);
    const pauseMs = known?.generation === generation ? Math.min(known.pauseMs * 2, LONGEST_MS) : FIRST_MS;
    this.#handed.set(thread, { generation, againAt: now + pauseMs, pauseMs });
  }
}
