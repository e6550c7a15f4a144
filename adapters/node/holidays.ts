/**
 * Holidays of countries and of iCalendar files, made into dates when a config is loaded: so a policy that is deployed
 * holds dates alone, and what it decides never depends on a library's later opinion. Dates reach from last year to some
 * years ahead; deploying again moves them on.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Calendar } from '../../core/calendar/calendar.ts';
import type { HolidaySource } from '../../core/calendar/holidays.ts';

const YEARS_BACK = 1;
const YEARS_AHEAD = 6;
const DAY_MS = 86_400_000;
/** A single event may last so many days, and recur so many times within those years. */
const EVENT_DAYS_MAX = 60;
const RECURRENCES_MAX = 1_000;

/** A source of holidays is not known, or cannot be read. */
export class BadHolidays extends Error {
  override readonly name = 'BadHolidays';
}

/** A calendar whose holidays are dates alone. @param folder where iCalendar files are found @throws {BadHolidays} */
export async function resolveHolidays(calendar: Calendar, folder: string, now: number): Promise<Calendar> {
  const first = new Date(now).getUTCFullYear() - YEARS_BACK;
  const years = Array.from({ length: YEARS_BACK + YEARS_AHEAD + 1 }, (_, offset) => first + offset);
  const dates: string[] = [];
  for (const holiday of calendar.holidays) {
    if (typeof holiday === 'string') dates.push(holiday);
    else if ('ical' in holiday) dates.push(...(await datesOfFile(resolve(folder, holiday.ical), years)));
    else dates.push(...(await datesOfCountry(holiday, years)));
  }
  return { ...calendar, holidays: [...new Set(dates)].sort() };
}

async function datesOfCountry(of: Extract<HolidaySource, { country: string }>, years: number[]): Promise<string[]> {
  const { default: Holidays } = await import('date-holidays');
  const { country, state, region } = of;
  const known = new Holidays();
  const states = known.getStates(country);
  if (!Object.hasOwn(known.getCountries(), country)) throw new BadHolidays(`There is no country ${country}.`);
  if (state !== undefined && !Object.hasOwn(states ?? {}, state)) {
    throw new BadHolidays(`${country} has no state ${state}: there are ${Object.keys(states ?? {}).join(', ')}.`);
  }
  const regions = state === undefined ? {} : known.getRegions(country, state);
  if (region !== undefined && !Object.hasOwn(regions ?? {}, region)) {
    throw new BadHolidays(`${country} ${state ?? ''} has no region ${region}.`);
  }
  const holidays = new Holidays(country, state ?? '', region ?? '', { types: ['public'] });
  return years.flatMap((year) =>
    holidays.getHolidays(year).flatMap(({ date, start, end }) => {
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      return datesFrom(date.slice(0, 10), days);
    }),
  );
}

async function datesOfFile(path: string, years: number[]): Promise<string[]> {
  const { default: ICAL } = await import('ical.js');
  const [first, last] = [`${years[0]}-01-01`, `${years.at(-1)}-12-31`];
  let events: InstanceType<typeof ICAL.Event>[];
  try {
    const whole = new ICAL.Component(ICAL.parse(readFileSync(path, 'utf8')));
    events = whole.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
  } catch (failure) {
    throw new BadHolidays(`${path} cannot be read as an iCalendar file: ${(failure as Error).message}`);
  }
  return events.flatMap((event) => {
    const days = Math.min(EVENT_DAYS_MAX, Math.max(1, Math.ceil(event.duration.toSeconds() / (DAY_MS / 1_000))));
    const starts: string[] = [];
    const occurrences = event.iterator();
    for (let count = 0; count < RECURRENCES_MAX; count += 1) {
      const at = event.isRecurring() ? occurrences.next() : count === 0 ? event.startDate : undefined;
      const date = at?.toString().slice(0, 10);
      if (date === undefined || date > last) break;
      if (date >= first) starts.push(date);
    }
    return starts.flatMap((date) => datesFrom(date, days));
  });
}

function datesFrom(date: string, days: number): string[] {
  const first = Date.parse(`${date}T00:00:00Z`);
  return Array.from({ length: days }, (_, day) => new Date(first + day * DAY_MS).toISOString().slice(0, 10));
}
