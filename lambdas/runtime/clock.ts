/** The real clock, and pauses on it. */
import type { Clock } from '../../core/ports.ts';

export const clock: Clock = { now: () => Date.now() };

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
