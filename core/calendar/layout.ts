/**
 * A calendar laid out over one year of real time: a sorted table of open intervals, with the sum of all before each.
 * It is open when the clock on the wall shows a time that the calendar calls open. So an hour that the clock skips is
 * not there, one that it shows twice is open twice, and an open hour is always sixty real minutes: daylight saving
 * needs no rule of its own. Years cover time without gap or overlap, so their sums may be added.
 */
import { Temporal } from 'temporal-polyfill';
import { type Calendar, type Days, daysOf, type Interval } from './calendar.ts';

/** One local year. All instants are epoch ms. */
export interface Year {
  /** Ascending, apart from each other: interval `i` is open in [opens[i], closes[i]). */
  opens: number[];
  closes: number[];
  /** Open ms of the year before interval `i`; at the end, of the whole year. */
  before: number[];
  /** From local midnight of the 1st of January to that of the next. */
  from: number;
  to: number;
}

/** A stretch of time in which the zone's offset from UTC is the same. */
interface Stretch {
  from: number;
  to: number;
  offsetMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Zones differ from UTC by less than a day. */
const MARGIN_MS = 2 * DAY_MS;

export class Layout {
  readonly timeZone: string;
  readonly #days: Days;
  readonly #years = new Map<number, Year>();

  constructor(calendar: Calendar) {
    this.timeZone = calendar.timeZone;
    this.#days = daysOf(calendar);
  }

  /** The local year that an instant is in. */
  yearOf(at: number): number {
    const guess = new Date(at).getUTCFullYear();
    if (at < this.#startOf(guess)) return guess - 1;
    return at < this.#startOf(guess + 1) ? guess : guess + 1;
  }

  year(number: number): Year {
    const known = this.#years.get(number);
    if (known !== undefined) return known;
    const year = this.#layOut(number);
    this.#years.set(number, year);
    return year;
  }

  /** What is open of a local date, breaks not yet taken away. @param day ms of its midnight, as if it were in UTC */
  hoursOn(day: number): Interval[] {
    const date = new Date(day).toISOString().slice(0, 10);
    const { holidays, dateHours, week } = this.#days;
    if (holidays.has(date) || holidays.has(date.slice(5))) return [];
    return dateHours.get(date) ?? week[weekdayOf(day)] ?? [];
  }

  #layOut(number: number): Year {
    const [from, to] = [this.#startOf(number), this.#startOf(number + 1)];
    const stretches = this.#stretchesIn(from - MARGIN_MS, to + MARGIN_MS);
    const open: [open: number, close: number][] = [];
    // The day before counts too: its last interval may run over midnight.
    for (let day = Date.UTC(number, 0, 0); day < Date.UTC(number + 1, 0, 1); day += DAY_MS) {
      for (const interval of this.#openOn(day)) {
        const [wallFrom, wallTo] = [day + interval.from * MINUTE_MS, day + interval.to * MINUTE_MS];
        for (const { from: since, to: until, offsetMs } of stretches) {
          open.push([Math.max(wallFrom - offsetMs, since, from), Math.min(wallTo - offsetMs, until, to)]);
        }
      }
    }
    return { ...tableOf(open.filter(([opens, closes]) => opens < closes)), from, to };
  }

  #openOn(day: number): Interval[] {
    const date = new Date(day).toISOString().slice(0, 10);
    const breaks = [...(this.#days.weeklyBreaks[weekdayOf(day)] ?? []), ...(this.#days.dateBreaks.get(date) ?? [])];
    return breaks.reduce((left, pause) => left.flatMap((interval) => without(interval, pause)), this.hoursOn(day));
  }

  #startOf(year: number): number {
    return new Temporal.PlainDate(year, 1, 1).toZonedDateTime(this.timeZone).epochMilliseconds;
  }

  #stretchesIn(from: number, to: number): Stretch[] {
    const stretches: Stretch[] = [];
    let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(this.timeZone);
    for (let since = from; since < to; ) {
      const next = at.getTimeZoneTransition('next');
      const until = Math.min(next?.epochMilliseconds ?? to, to);
      stretches.push({ from: since, to: until, offsetMs: at.offsetNanoseconds / 1_000_000 });
      if (next === null) break;
      since = until;
      at = next;
    }
    return stretches;
  }
}

/** Puts intervals into order, joins those that touch, and sums them up. */
function tableOf(open: [open: number, close: number][]): Pick<Year, 'opens' | 'closes' | 'before'> {
  const table: Pick<Year, 'opens' | 'closes' | 'before'> = { opens: [], closes: [], before: [0] };
  open.sort(([a], [b]) => a - b);
  for (const [opens, closes] of open) {
    const last = table.closes.at(-1);
    if (last !== undefined && opens <= last) table.closes[table.closes.length - 1] = Math.max(last, closes);
    else {
      table.opens.push(opens);
      table.closes.push(closes);
    }
  }
  let sum = 0;
  table.opens.forEach((opens, index) => {
    sum += (table.closes[index] ?? opens) - opens;
    table.before.push(sum);
  });
  return table;
}

function without({ from, to }: Interval, pause: Interval): Interval[] {
  const parts = [
    { from, to: Math.min(to, pause.from) },
    { from: Math.max(from, pause.to), to },
  ];
  return parts.filter((part) => part.from < part.to);
}

/** Monday is 0. The 1st of January 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day / DAY_MS + 3) % 7) + 7) % 7;
}
