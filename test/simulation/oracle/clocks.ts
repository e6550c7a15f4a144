/** What must hold of every clock of a thread, whatever went wrong on the way to its log. */
import { clocksAfter } from '../../../core/sla/clock.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import type { Watched } from './watched.ts';

type ClockEntry = Entry & { type: 'sla' };

/** Each begins once and ends at most once; nothing of it comes twice, early, or after its end. */
export function defectsOfClocks({ id, entries, folded, spec }: Watched, now: number): string[] {
  const clocks = new Map<string, ClockEntry[]>();
  for (const entry of entries) {
    if (entry.type !== 'sla') continue;
    const name = `${entry.metric} ${entry.instance}`;
    clocks.set(name, [...(clocks.get(name) ?? []), entry]);
  }
  const found = [...clocks].flatMap(([name, own]) => defectsOfClock(own).map((defect) => `clock ${name} ${defect}`));
  const late = (folded?.clocks ?? []).flatMap(({ metric, dueAt, endedAt, breachedAt }) => {
    const isSilent = endedAt === null && dueAt !== null && dueAt < now && breachedAt === null;
    return isSilent ? [`clock ${metric} is late, and nobody was told`] : [];
  });
  const isMeasured = folded?.clocks.some(({ metric, endedAt }) => metric.endsWith('-reply') && endedAt === null);
  const isForgotten = spec.waitingSince !== null && isMeasured !== true;
  return [...found, ...late, ...(isForgotten ? ['nothing measures how long its customer waits'] : [])].map(
    (defect) => `${id}: ${defect}`,
  );
}

function defectsOfClock(entries: ClockEntry[]): string[] {
  const events = entries.map(({ event }) => event);
  const times = (event: string) => events.filter((one) => one === event).length;
  const end = events.findIndex((event) => event === 'fulfilled' || event === 'cancelled');
  const early = entries.filter((entry) => entry.event === 'breached' && entry.at < (entry.dueAt ?? 0));
  const breach = events.indexOf('breached');
  return [
    ...(events[0] === 'started' && times('started') === 1 ? [] : ['did not start once']),
    ...(end < 0 || end === events.length - 1 ? [] : ['went on after its end']),
    ...(times('breached') > 1 || times('warned') > 1 || times('repeated') > 2 ? ['told too often'] : []),
    ...(early.length > 0 ? ['was breached early'] : []),
    ...(breach >= 0 && events.indexOf('warned') > breach ? ['warned after it was too late'] : []),
  ];
}

/** By when the reply is due once these entries are there; undefined where nothing measures it, or it is late. */
export function replyDueAt(folded: Thread | undefined, entries: Entry[], at: number): number | undefined {
  const clocks = entries.reduce(
    (before, entry) => (entry.type === 'sla' ? clocksAfter(before, entry) : before),
    folded?.clocks ?? [],
  );
  const running = clocks.find(({ metric, endedAt, dueAt }) => {
    return metric.endsWith('-reply') && endedAt === null && dueAt !== null && dueAt >= at;
  });
  return running?.dueAt ?? undefined;
}
