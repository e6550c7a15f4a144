/** Timers fire once, not early beyond what clocks differ, and late only by what went wrong. */
import type { Entry } from '../../../core/thread/entry.ts';
import { HOUR, MINUTE } from '../../builders.ts';
import type { World } from '../world/world.ts';
import type { Watched } from './watched.ts';

/** Where nothing goes wrong: waits are rounded up to whole seconds, and then comes what a command takes. */
const LATE_MS_MAX = 2_000;
/** Where much goes wrong, and a lane is held up time and again. */
const HELD_UP_MS_MAX = 12 * HOUR;
/** How long what went wrong is felt after it has ended. */
const AFTERMATH_MS = 15 * MINUTE;
/** How long a function may take from reading its clock to writing. */
const UNDER_WAY_MS_MAX = 25 * MINUTE;

export function defectsOfTimer(thread: Watched, commandId: string, entries: Entry[], world: World): string[] {
  const { scheduler } = world;
  const { spec, generation, armed, armedAt } = thread;
  const expected = `fire_${thread.id.slice('thr_'.length)}_${generation}`;
  if (commandId !== expected) return [`timer ${commandId} fired that was not armed: ${expected}`];
  if (armed === null) return ['a timer fired where none was armed'];
  const firedAt = entries[0]?.at ?? 0;
  const lateMs = scheduler.now - Math.max(armed, armedAt);
  const isOff = Math.abs(firedAt - scheduler.now) > scheduler.skewMsMax + UNDER_WAY_MS_MAX;
  return [
    ...(firedAt < armed || scheduler.now < armed - scheduler.skewMsMax ? ['a timer fired early'] : []),
    ...(isOff ? ['a timer fired by a clock that nobody has'] : []),
    ...(lateMs > lateMsMax(Math.max(armed, armedAt), world) ? [`a timer fired ${lateMs} ms late`] : []),
    // There, only what was set aside is still waited for.
    ...(spec.status === 'closed' && spec.waitingSince === null ? ['a timer of a closed thread fired'] : []),
  ];
}

function lateMsMax(dueAt: number, { scheduler, regime, restingSince, director }: World): number {
  const isKind = regime.isKind || dueAt > restingSince;
  const troublesMs = director.troubles
    .filter(({ until }) => until + AFTERMATH_MS > dueAt)
    .reduce((sum, { from, until }) => sum + until - from + AFTERMATH_MS, 0);
  // A clock that is slow waits for too long; what one that is fast waits too little is waited for once more.
  return scheduler.skewMsMax + troublesMs + (isKind ? LATE_MS_MAX : HELD_UP_MS_MAX);
}
