/** The timers that a thread has armed: what is stored of each is only its instant, in a field of the head. */
import type { Thread } from './thread.ts';

interface Timer {
  kind: 'wake' | 'close' | 'notice' | 'letter' | 'clock' | 'rules';
  at: number;
}
type Timed = Pick<Thread, 'snooze' | 'closeAt' | 'notice' | 'letter' | 'clocks' | 'lookAt'>;

/** The timers a thread has armed, earliest first. */
export function timersOf(thread: Timed): Timer[] {
  const timers: Timer[] = [];
  for (const { nextAt } of thread.clocks) if (nextAt !== null) timers.push({ kind: 'clock', at: nextAt });
  if (thread.snooze?.until != null) timers.push({ kind: 'wake', at: thread.snooze.until });
  if (thread.notice !== null) timers.push({ kind: 'notice', at: thread.notice.at });
  if (thread.letter !== null) timers.push({ kind: 'letter', at: thread.letter.at });
  if (thread.lookAt !== null) timers.push({ kind: 'rules', at: thread.lookAt });
  if (thread.closeAt !== null) timers.push({ kind: 'close', at: thread.closeAt });
  return timers.sort((a, b) => a.at - b.at);
}

/** When the earliest timer fires; null where none is armed. */
export function dueAtOf(thread: Timed): number | null {
  return timersOf(thread)[0]?.at ?? null;
}
