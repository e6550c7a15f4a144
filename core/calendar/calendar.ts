/**
 * The shape of a calendar as a policy writes it, and what makes one invalid.
 *
 *   { timeZone: 'Europe/Berlin', hours: { mon_fri: ['08:00-12:00', '13:00-17:30'], sat: ['22:00-02:00'] } }
 *
 * An interval whose end is not after its start runs over midnight. `24:00` is the end of the day.
 */
import * as z from 'zod';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof DAYS)[number];

const DAY_MINUTES = 24 * 60;
const INTERVAL = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

/** Open minutes of one weekday, counted from its midnight; `to` may pass 1440 (over midnight). */
export interface OpenInterval {
  from: number;
  to: number;
}

export const calendarSchema = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, { error: 'is not an IANA time zone, such as Europe/Berlin' }),
    hours: z.record(z.string(), z.array(z.string()).min(1)),
  })
  .superRefine((calendar, context) => {
    for (const problem of problemsOf(calendar.hours)) {
      context.addIssue({ code: 'custom', path: ['hours', ...problem.path], message: problem.message });
    }
  });

export type Calendar = z.infer<typeof calendarSchema>;

/** The open intervals of Monday (0) to Sunday (6), each list in order. Only for calendars that the schema accepted. */
export function weekOf(calendar: Calendar): OpenInterval[][] {
  const week: OpenInterval[][] = DAYS.map(() => []);
  for (const [key, intervals] of Object.entries(calendar.hours)) {
    for (const day of daysOf(key) ?? []) week[day]?.push(...intervals.map(parseInterval));
  }
  for (const day of week) day.sort((a, b) => a.from - b.from);
  return week;
}

interface Problem {
  path: (string | number)[];
  message: string;
}

function problemsOf(hours: Record<string, string[]>): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<number, string>();
  for (const [key, intervals] of Object.entries(hours)) {
    const days = daysOf(key);
    if (days === undefined) {
      problems.push({ path: [key], message: 'is not a day or span of days, such as mon, sat_sun or mon_fri' });
      continue;
    }
    for (const day of days) {
      const other = taken.get(day);
      if (other !== undefined) problems.push({ path: [key], message: `names ${DAYS[day]}, and so does ${other}` });
      taken.set(day, key);
    }
    intervals.forEach((text, index) => {
      const message = problemOfInterval(text);
      if (message !== undefined) problems.push({ path: [key, index], message });
    });
  }
  if (Object.keys(hours).length === 0) problems.push({ path: [], message: 'names no day: the calendar never opens' });
  return problems.length > 0 ? problems : overlapsOf(hours);
}

function problemOfInterval(text: string): string | undefined {
  if (!INTERVAL.test(text)) return 'is not an interval, such as 08:00-17:30';
  if (text.slice(6) > '24:00') return 'ends after 24:00';
  if (text.slice(0, 5) === text.slice(6)) return 'is empty: for a whole day write 00:00-24:00';
  return undefined;
}

/** Overlaps between the intervals of a week, one that runs over midnight into the next day included. */
function overlapsOf(hours: Record<string, string[]>): Problem[] {
  const week = weekOf({ timeZone: 'UTC', hours });
  const spans = week.flatMap((day, index) =>
    day.map(({ from, to }) => ({ day: index, from: index * DAY_MINUTES + from, to: index * DAY_MINUTES + to })),
  );
  const first = spans[0];
  if (first !== undefined) spans.push({ ...first, from: first.from + 7 * DAY_MINUTES, to: first.to + 7 * DAY_MINUTES });
  return spans.flatMap((span, index) => {
    const next = spans[index + 1];
    if (next === undefined || next.from >= span.to) return [];
    return [{ path: [], message: `has intervals that overlap on ${DAYS[span.day]} or ${DAYS[next.day]}` }];
  });
}

function daysOf(key: string): number[] | undefined {
  const [first, last = first, ...more] = key.split('_').map((name) => DAYS.indexOf(name as Day));
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return undefined;
  const span = ((last - first + 7) % 7) + 1;
  return Array.from({ length: span }, (_, offset) => (first + offset) % 7);
}

function parseInterval(text: string): OpenInterval {
  const [from = 0, to = 0] = text.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return { from, to: to > from ? to : to + DAY_MINUTES };
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
