/** When a clock is due, and what is to be done before and after that. */

import { parseDuration, times } from '../calendar/duration.ts';
import type { OpenHours } from '../calendar/open-hours.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Action } from '../rule/action-shape.ts';
import type { Thread } from '../thread/thread.ts';
import type { Clock, StepEvent } from './clock.ts';
import type { Applying, MetricTarget } from './target.ts';

type Counted = Pick<Clock, 'startedAt' | 'pauses'>;

/**
 * The instant at which so much open time has passed since the start, pauses left out.
 * @returns epoch ms; null where the calendar does not open for so long
 */
export function deadlineOf({ startedAt, pauses }: Counted, within: string, hours: OpenHours): number | null {
  const unpaused = hours.add(startedAt, within);
  if (unpaused === null || pauses.length === 0) return unpaused;
  let left = hours.elapsed(startedAt, unpaused);
  let from = startedAt;
  for (const pause of pauses) {
    const passed = hours.elapsed(from, pause.from);
    if (passed >= left) break;
    left -= passed;
    from = pause.to;
  }
  return hours.addMs(from, left);
}

export interface Step {
  event: StepEvent;
  at: number;
  action: Action;
}

/** The next warning, breach or repeat of a clock that is due at `dueAt`; undefined where none is left. */
export function nextStep(
  clock: Pick<Clock, 'startedAt' | 'warnings' | 'breachedAt' | 'repeats'>,
  dueAt: number | null,
  what: MetricTarget,
  hours: OpenHours,
): Step | undefined {
  if (dueAt === null) return undefined;
  if (clock.breachedAt !== null) {
    const { repeats } = what;
    if (repeats === undefined || clock.repeats >= repeats.times) return undefined;
    const at = hours.add(clock.breachedAt, times(repeats.every, clock.repeats + 1));
    return at === null ? undefined : { event: 'repeated', at, action: repeats.do };
  }
  // What would have been before the clock began is no warning.
  const warnings = warningsOf(what, dueAt, hours).filter(({ at }) => at > clock.startedAt);
  return warnings[clock.warnings] ?? { event: 'breached', at: dueAt, action: what.breach };
}

/** The earliest first. */
function warningsOf({ warnings }: MetricTarget, dueAt: number, hours: OpenHours): Step[] {
  const steps = warnings.map(({ before, do: action }): Step => {
    const parsed = parseDuration(before);
    const ms = 'openMs' in parsed ? parsed.openMs : 0;
    return { event: 'warned', at: hours.addMs(dueAt, -ms) ?? 0, action };
  });
  return steps.sort((a, b) => a.at - b.at);
}

/** The calendar that a target counts in: its own, or that of the thread’s team. */
export function hoursOf({ what }: Applying, { team }: Thread, policy: CompiledPolicy): OpenHours {
  return policy.calendar(what.calendar) ?? policy.teamOrDefault(team).hours;
}
