/**
 * Arithmetic in open time, in both directions. A calendar is laid out a year at a time and only when asked for; after
 * that every question is a binary search in a year's table, and a sum over whole years.
 */
import { Temporal } from 'temporal-polyfill';
import type { Calendar } from './calendar.ts';
import { type Duration, parseDuration } from './duration.ts';
import { Layout, type Year } from './layout.ts';

/** How far a search looks before it says that the calendar does not open again. */
const SEARCH_YEARS_MAX = 30;
const SEARCH_DAYS_MAX = SEARCH_YEARS_MAX * 366;
const DAY_MS = 86_400_000;
const ALWAYS_OPEN_MS = 366 * 24 * 3_600_000;

/** A stretch of time that does not count. */
export interface Pause {
  from: number;
  to: number;
}

/** One calendar, compiled. All instants are epoch ms. */
export class OpenHours {
  readonly timeZone: string;
  readonly #layout: Layout;

  constructor(calendar: Calendar) {
    this.timeZone = calendar.timeZone;
    this.#layout = new Layout(calendar);
  }

  isOpen(at: number): boolean {
    const { opens, closes } = this.#layout.year(this.#layout.yearOf(at));
    return (opens[firstAbove(closes, at)] ?? Number.POSITIVE_INFINITY) <= at;
  }

  /** The first open instant at or after `at`; null where there is none within 30 years. */
  nextOpen(at: number): number | null {
    for (const [open] of this.#intervalsAfter(at)) return Math.max(open, at);
    return null;
  }

  /** When the open time at `at`, or else the next one, ends; null where it lasts for more than a year: always open. */
  nextClose(at: number): number | null {
    let end: number | null = null;
    for (const [open, close] of this.#intervalsAfter(at)) {
      if (end !== null && open > end) return end;
      end = close;
      if (end - at > ALWAYS_OPEN_MS) return null;
    }
    return end;
  }

  /** The last open instant at or before `at`, a closing included; null where there is none within 30 years. */
  lastOpen(at: number): number | null {
    const last = this.#layout.yearOf(at);
    for (let number = last; number > last - SEARCH_YEARS_MAX; number -= 1) {
      const { opens, closes } = this.#layout.year(number);
      const index = firstAbove(opens, at) - 1;
      if (index >= 0) return Math.min(closes[index] ?? at, at);
    }
    return null;
  }

  /** The instant at which `duration` has passed in open time; null where the calendar does not open for so long. */
  add(at: number, duration: string): number | null {
    const parsed: Duration = parseDuration(duration);
    return 'openDays' in parsed ? this.#addDays(at, parsed.openDays) : this.addMs(at, parsed.openMs);
  }

  /**
   * The instant at which so much open time has passed since `at` or, for a negative amount, at which so much was still
   * to pass until `at`. Nothing added is the next open instant. Forwards it is the end of an interval rather than the
   * beginning of the next, backwards the other way round. Null where the calendar is not open for so long in 30 years.
   */
  addMs(at: number, openMs: number): number | null {
    if (openMs === 0) return this.nextOpen(at);
    const step = openMs > 0 ? 1 : -1;
    let number = this.#layout.yearOf(at);
    let year = this.#layout.year(number);
    /** Of the year, the open time that has passed when all is added. */
    let target = openBefore(year, at) + openMs;
    for (let years = 0; years < SEARCH_YEARS_MAX; years += 1) {
      const whole = year.before.at(-1) ?? 0;
      if (step > 0 ? target <= whole && whole > 0 : target >= 0 && whole > 0) return instantAt(year, target, step);
      number += step;
      const next = this.#layout.year(number);
      target += step > 0 ? -whole : (next.before.at(-1) ?? 0);
      year = next;
    }
    return null;
  }

  /** Open ms between two instants, those of pauses left out; negative where `to` is before `from`. */
  elapsed(from: number, to: number, pauses: readonly Pause[] = []): number {
    if (to < from) return 0 - this.elapsed(to, from, pauses);
    const paused = joined(pauses).reduce((sum, pause) => {
      const [since, until] = [Math.max(pause.from, from), Math.min(pause.to, to)];
      return since < until ? sum + this.#openBetween(since, until) : sum;
    }, 0);
    return this.#openBetween(from, to) - paused;
  }

  /** The open intervals between two instants, clipped to them: at most so many, from the first. */
  intervalsBetween(from: number, to: number, limit: number): Pause[] {
    const found: Pause[] = [];
    for (const [open, close] of this.#intervalsAfter(from)) {
      if (open >= to || found.length === limit) break;
      const last = found.at(-1);
      if (last?.to === open) last.to = Math.min(close, to);
      else found.push({ from: Math.max(open, from), to: Math.min(close, to) });
    }
    return found;
  }

  #openBetween(from: number, to: number): number {
    const last = this.#layout.yearOf(to);
    let number = this.#layout.yearOf(from);
    let sum = -openBefore(this.#layout.year(number), from);
    for (; number < last; number += 1) sum += this.#layout.year(number).before.at(-1) ?? 0;
    return sum + openBefore(this.#layout.year(last), to);
  }

  #addDays(at: number, days: number): number | null {
    const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.timeZone);
    const first = Date.UTC(start.year, start.month - 1, start.day);
    let passed = 0;
    for (let counted = 0; counted < days; ) {
      passed += 1;
      if (passed > SEARCH_DAYS_MAX) return null;
      if (this.#layout.hoursOn(first + passed * DAY_MS).length > 0) counted += 1;
    }
    // The same time of day, as far as that day has it.
    return this.nextOpen(start.add({ days: passed }).epochMilliseconds);
  }

  /** The open intervals that end after `at`, in order; the last of a year and the first of the next may touch. */
  *#intervalsAfter(at: number): Generator<[open: number, close: number]> {
    const first = this.#layout.yearOf(at);
    for (let number = first; number < first + SEARCH_YEARS_MAX; number += 1) {
      const { opens, closes } = this.#layout.year(number);
      for (let i = firstAbove(closes, at); i < opens.length; i += 1) yield [opens[i] ?? 0, closes[i] ?? 0];
    }
  }
}

/** Open ms of the year up to an instant in it. */
function openBefore({ opens, closes, before }: Year, at: number): number {
  const index = firstAbove(closes, at);
  return (before[index] ?? 0) + Math.max(0, at - (opens[index] ?? at));
}

/** The instant of the year up to which so much of it was open; of two, the earlier (1) or the later (-1). */
function instantAt({ opens, closes, before }: Year, openMs: number, direction: 1 | -1): number {
  const index = direction > 0 ? Math.max(0, firstAtLeast(before, openMs) - 1) : firstAbove(before, openMs) - 1;
  if (index >= opens.length) return closes.at(-1) ?? 0;
  return (opens[index] ?? 0) + openMs - (before[index] ?? 0);
}

/** Pauses in order, those that overlap as one. */
function joined(pauses: readonly Pause[]): Pause[] {
  const all: Pause[] = [];
  for (const { from, to } of [...pauses].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** The index of the first number greater than `value` in an ascending list. */
function firstAbove(ascending: readonly number[], value: number): number {
  return firstWhere(ascending, (number) => number > value);
}

function firstAtLeast(ascending: readonly number[], value: number): number {
  return firstWhere(ascending, (number) => number >= value);
}

function firstWhere(ascending: readonly number[], holds: (number: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
