/**
 * Arithmetic in open time. A calendar is unrolled, a year at a time and only when asked for, into a sorted table of
 * real instants; after that every question is a binary search. Daylight saving needs no rule of its own: the table
 * holds instants, so an open hour is always 60 real minutes. A local time that does not exist is moved forward by the
 * gap, one that exists twice means the first ("compatible" in Temporal and RFC 5545).
 */
import { Temporal } from 'temporal-polyfill';
import { type Calendar, type OpenInterval, weekOf } from './calendar.ts';
import { type Duration, parseDuration } from './duration.ts';

/** How far a search looks before it says that the calendar does not open again. */
const SEARCH_YEARS_MAX = 30;
const YEAR_MS = 366 * 24 * 3_600_000;

interface Year {
  /** Epoch ms, ascending: interval `i` is open in [opens[i], closes[i]). */
  opens: number[];
  closes: number[];
}

/** One calendar, compiled. All instants are epoch ms. */
export class OpenHours {
  readonly timeZone: string;
  readonly #week: OpenInterval[][];
  readonly #years = new Map<number, Year>();

  constructor(calendar: Calendar) {
    this.timeZone = calendar.timeZone;
    this.#week = weekOf(calendar);
  }

  isOpen(at: number): boolean {
    for (const [open] of this.#intervalsEndingAfter(at)) return open <= at;
    return false;
  }

  /** The first open instant at or after `at`; null where there is none within 30 years. */
  nextOpen(at: number): number | null {
    for (const [open] of this.#intervalsEndingAfter(at)) return Math.max(open, at);
    return null;
  }

  /** When the open time at `at`, or else the next one, ends; null where it lasts for more than a year: always open. */
  nextClose(at: number): number | null {
    let end: number | null = null;
    for (const [open, close] of this.#intervalsEndingAfter(at)) {
      if (end !== null && open > end) return end;
      if (end !== null && end - at > YEAR_MS) return null;
      end = close;
    }
    return null;
  }

  /** The instant at which `duration` has passed in open time; null where the calendar does not open for so long. */
  add(at: number, duration: string): number | null {
    return this.#add(at, parseDuration(duration));
  }

  #add(at: number, duration: Duration): number | null {
    if ('openDays' in duration) return this.#addDays(at, duration.openDays);
    let rest = duration.openMs;
    for (const [open, close] of this.#intervalsEndingAfter(at)) {
      const from = Math.max(open, at);
      if (rest <= close - from) return from + rest;
      rest -= close - from;
    }
    return null;
  }

  #addDays(at: number, days: number): number | null {
    const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.timeZone);
    let date = start.toPlainDate();
    for (let counted = 0; counted < days; ) {
      date = date.add({ days: 1 });
      if (this.#isOpenDay(date)) counted += 1;
    }
    return this.nextOpen(instantOf(date, start.toPlainTime(), this.timeZone));
  }

  #isOpenDay(date: Temporal.PlainDate): boolean {
    return (this.#week[date.dayOfWeek - 1]?.length ?? 0) > 0;
  }

  /** The open intervals that end after `at`, in order. */
  *#intervalsEndingAfter(at: number): Generator<[open: number, close: number]> {
    // The year before counts too: its last interval may run over midnight, and zones differ from UTC by up to 14 h.
    const first = new Date(at).getUTCFullYear() - 1;
    for (let number = first; number <= first + SEARCH_YEARS_MAX; number += 1) {
      const { opens, closes } = this.#year(number);
      for (let i = firstAbove(closes, at); i < opens.length; i += 1) yield [opens[i] ?? 0, closes[i] ?? 0];
    }
  }

  #year(number: number): Year {
    const known = this.#years.get(number);
    if (known !== undefined) return known;
    const year: Year = { opens: [], closes: [] };
    let date = Temporal.PlainDate.from({ year: number, month: 1, day: 1 });
    for (; date.year === number; date = date.add({ days: 1 })) {
      for (const { from, to } of this.#week[date.dayOfWeek - 1] ?? []) {
        const open = this.#instantAt(date, from);
        const close = this.#instantAt(date, to);
        if (close <= open) continue; // swallowed by a gap in local time
        year.opens.push(open);
        year.closes.push(close);
      }
    }
    this.#years.set(number, year);
    return year;
  }

  #instantAt(date: Temporal.PlainDate, minutes: number): number {
    const day = minutes >= 1440 ? date.add({ days: 1 }) : date;
    const rest = minutes % 1440;
    return instantOf(day, new Temporal.PlainTime(Math.floor(rest / 60), rest % 60), this.timeZone);
  }
}

function instantOf(date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): number {
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

/** The index of the first number greater than `value` in an ascending list. */
function firstAbove(ascending: number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
