/**
 * The shape of a calendar as a policy has it, and what makes one invalid.
 *
 *   { timeZone: 'Europe/Berlin', hours: { mon_fri: ['08:00-12:00', '13:00-17:30'], sat: ['22:00-02:00'] },
 *     holidays: ['12-25', '2026-05-14'], dateHours: { '2026-12-24': ['08:00-12:00'] },
 *     breaks: { fri: ['15:00-15:30'] } }
 *
 * An interval whose end is not after its start runs over midnight, and belongs to the day it begins on. `24:00` is the
 * end of the day. Of a date, a holiday counts before hours of its own, and those before the week's; breaks are taken
 * away from whatever is left.
 */
import * as z from 'zod';
import { type Holidays, holidaysSchema } from './holidays.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof DAYS)[number];

const DAY_MINUTES = 24 * 60;
const INTERVAL = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const YEARLY = /^(\d{2})-(\d{2})$/;

/** Minutes of one day, counted from its midnight; `to` may pass 1440 (over midnight). */
export interface Interval {
  from: number;
  to: number;
}

const intervals = z.array(z.string());

export const calendarSchema = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, { error: 'is not an IANA time zone, such as Europe/Berlin' }),
    /** Day and night, all year but holidays: in the place of `hours`. */
    alwaysOpen: z.literal(true).optional(),
    /** By day or span of days. */
    hours: z.record(z.string(), intervals.min(1)).default({}),
    /** Dates on which it is closed: of one year, of every year (`12-25`), or of a source that tells them. */
    holidays: holidaysSchema,
    /** Hours of a date instead of its weekday's; none: closed. */
    dateHours: z.record(z.string(), intervals).default({}),
    /** By date, day or span of days: closed meanwhile. */
    breaks: z.record(z.string(), intervals.min(1)).default({}),
  })
  .superRefine((calendar, context) => {
    for (const { path, message } of problemsOf(calendar)) context.addIssue({ code: 'custom', path, message });
  });

export type Calendar = z.infer<typeof calendarSchema>;
export type CalendarInput = Omit<z.input<typeof calendarSchema>, 'holidays'> & { holidays?: Holidays };

/** Holidays of a source are asked for before the source was read: `resolveHolidays` does. */
class UnresolvedHolidays extends Error {
  override readonly name = 'UnresolvedHolidays';
}

/** What a calendar says of each day, ready to be laid out. Only for calendars that the schema accepted. */
export interface Days {
  /** Of Monday (0) to Sunday (6), each list in order. */
  week: Interval[][];
  weeklyBreaks: Interval[][];
  /** By date, `2026-12-24`. */
  dateHours: ReadonlyMap<string, Interval[]>;
  dateBreaks: ReadonlyMap<string, Interval[]>;
  /** By date, or by month and day, `12-25`. */
  holidays: ReadonlySet<string>;
}

export function daysOf(calendar: Calendar): Days {
  const { alwaysOpen, hours, holidays, dateHours, breaks } = calendar;
  const byDay = (of: Record<string, string[]>) => Object.entries(of).filter(([key]) => !DATE.test(key));
  const byDate = (of: Record<string, string[]>) => Object.entries(of).filter(([key]) => DATE.test(key));
  const dated = (of: Record<string, string[]>) => new Map(byDate(of).map(([date, texts]) => [date, inOrder(texts)]));
  return {
    week: alwaysOpen === true ? DAYS.map(() => [{ from: 0, to: DAY_MINUTES }]) : weekOf(Object.entries(hours)),
    weeklyBreaks: weekOf(byDay(breaks)),
    dateHours: dated(dateHours),
    dateBreaks: dated(breaks),
    holidays: new Set(holidays.map(dateIn)),
  };
}

/** @throws {UnresolvedHolidays} */
function dateIn(holiday: Calendar['holidays'][number]): string {
  if (typeof holiday === 'string') return holiday;
  throw new UnresolvedHolidays(`Holidays of ${JSON.stringify(holiday)} were not resolved when the policy was loaded.`);
}

function weekOf(entries: [key: string, texts: string[]][]): Interval[][] {
  const week: Interval[][] = DAYS.map(() => []);
  for (const [key, texts] of entries) {
    for (const day of spanOf(key) ?? []) week[day] = [...(week[day] ?? []), ...inOrder(texts)];
  }
  return week;
}

function inOrder(texts: string[]): Interval[] {
  return texts.map(parseInterval).sort((a, b) => a.from - b.from);
}

interface Problem {
  path: (string | number)[];
  message: string;
}

function problemsOf(calendar: Calendar): Problem[] {
  const { alwaysOpen, hours, holidays, dateHours, breaks } = calendar;
  const within = (part: keyof Calendar, problems: Problem[]) =>
    problems.map(({ path, message }) => ({ path: [part, ...path], message }));
  const opens = alwaysOpen === true || Object.keys(hours).length > 0;
  const both = alwaysOpen === true && Object.keys(hours).length > 0;
  const problems = [
    ...(opens ? [] : [{ path: ['hours'], message: 'names no day: the calendar never opens' }]),
    ...(both ? [{ path: ['hours'], message: 'has no meaning where the calendar is always open' }] : []),
    ...within('hours', problemsOfHours(hours, isDay, 'is not a day or span of days, such as mon, sat_sun or mon_fri')),
    ...within('dateHours', problemsOfHours(dateHours, isDate, 'is not a date, such as 2026-12-24')),
    ...within('breaks', problemsOfHours(breaks, isDayOrDate, 'is neither a day, such as mon_fri, nor a date')),
    ...within(
      'holidays',
      holidays.flatMap((holiday, index) => {
        if (typeof holiday !== 'string' || isDate(holiday) || isYearly(holiday)) return [];
        return [{ path: [index], message: 'is not a date, such as 2026-12-24 or 12-24' }];
      }),
    ),
  ];
  return problems.length > 0 ? problems : within('hours', overlapsOf(hours));
}

function problemsOfHours(of: Record<string, string[]>, isKey: (key: string) => boolean, wrongKey: string): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<number, string>();
  for (const [key, texts] of Object.entries(of)) {
    if (!isKey(key)) problems.push({ path: [key], message: wrongKey });
    for (const day of spanOf(key) ?? []) {
      const other = taken.get(day);
      if (other !== undefined) problems.push({ path: [key], message: `names ${DAYS[day]}, and so does ${other}` });
      taken.set(day, key);
    }
    texts.forEach((text, index) => {
      const message = problemOfInterval(text);
      if (message !== undefined) problems.push({ path: [key, index], message });
    });
    if (problems.length === 0 && overlapsWithin(texts))
      problems.push({ path: [key], message: 'has intervals that overlap' });
  }
  return problems;
}

function problemOfInterval(text: string): string | undefined {
  if (!INTERVAL.test(text)) return 'is not an interval, such as 08:00-17:30';
  if (text.slice(6) > '24:00') return 'ends after 24:00';
  if (text.slice(0, 5) === text.slice(6)) return 'is empty: for a whole day write 00:00-24:00';
  return undefined;
}

function overlapsWithin(texts: string[]): boolean {
  return inOrder(texts).some(({ from }, index, all) => from < (all[index - 1]?.to ?? 0));
}

/** Overlaps between the days of a week: an interval that runs over midnight into the next day's first. */
function overlapsOf(hours: Record<string, string[]>): Problem[] {
  const week = weekOf(Object.entries(hours));
  return week.flatMap((day, index) => {
    const last = day.at(-1)?.to ?? 0;
    const next = (index + 1) % 7;
    const first = week[next]?.[0]?.from ?? DAY_MINUTES;
    if (last - DAY_MINUTES <= first) return [];
    return [{ path: [], message: `has intervals that overlap on ${DAYS[index]} or ${DAYS[next]}` }];
  });
}

/** The days of `mon`, or of `mon_fri`, from Monday (0); undefined for anything else. */
function spanOf(key: string): number[] | undefined {
  const [first, last = first, ...more] = key.split('_').map((name) => DAYS.indexOf(name as Day));
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return undefined;
  const span = ((last - first + 7) % 7) + 1;
  return Array.from({ length: span }, (_, offset) => (first + offset) % 7);
}

function isDay(key: string): boolean {
  return spanOf(key) !== undefined;
}

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return year !== undefined && isDayOfYear(Number(year), Number(month), Number(day));
}

/** Of every year, the 29th of February included. */
function isYearly(text: string): boolean {
  const [, month, day] = YEARLY.exec(text) ?? [];
  return month !== undefined && isDayOfYear(2028, Number(month), Number(day));
}

function isDayOrDate(key: string): boolean {
  return isDay(key) || isDate(key);
}

function isDayOfYear(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function parseInterval(text: string): Interval {
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
