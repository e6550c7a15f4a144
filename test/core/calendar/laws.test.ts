/** The laws of open time, for any calendar, zone and instant; and a second opinion, minute by minute. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CalendarInput, calendarSchema, DAYS } from '../../../core/calendar/calendar.ts';
import { OpenHours } from '../../../core/calendar/open-hours.ts';
import { DAY, HOUR, MINUTE } from '../../builders.ts';

/** Zones with every kind of trouble: half hours, changes at midnight, a day that was skipped, none at all. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Cairo'];
const MORE_ZONES = ['Pacific/Chatham', 'Africa/Casablanca', 'Asia/Kathmandu', 'UTC'];
const zone = fc.constantFrom(...ZONES, ...MORE_ZONES);
const instant = fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2031-01-01T00:00Z') });
const minutes = fc.integer({ min: 1, max: 20_000 });

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
/** One or two intervals of a day, the last perhaps to its end. */
const dayHours = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 4 })
  .filter((cuts) => cuts.length % 2 === 0)
  .map((cuts) => {
    const sorted = [...cuts].sort((a, b) => a - b).map((quarter) => time(quarter * 15));
    return sorted.flatMap((from, index) => (index % 2 === 0 ? [`${from}-${sorted[index + 1]}`] : []));
  });
const calendars: fc.Arbitrary<CalendarInput> = fc
  .record({ timeZone: zone, days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }), dayHours })
  .chain(({ timeZone, days, dayHours: hours }) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      hours: fc.constant(Object.fromEntries(days.map((day) => [day, hours]))),
      holidays: fc.subarray(['12-25', '01-01', '2024-04-07', '2026-03-29', '2026-10-25']),
      dateHours: fc.constantFrom({}, { '2026-03-28': ['10:00-11:00'], '2026-10-25': ['00:00-24:00'] }),
      breaks: fc.constantFrom({}, { mon_sun: ['12:00-12:45'] }),
    }),
  );
const hoursOf = (calendar: CalendarInput): OpenHours => new OpenHours(calendarSchema.parse(calendar));

/** What the wall shows, by the platform's own formatter: nothing that is tested has a part in it. */
function wallOf(at: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    day: part('weekday').toLowerCase(),
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** Whether a calendar without intervals over midnight is open, told by the wall. */
function isOpenByTheWall(
  { timeZone, hours = {}, holidays = [], dateHours = {}, breaks = {} }: CalendarInput,
  at: number,
) {
  const { day, date, time: now } = wallOf(at, timeZone);
  const within = (intervals: string[]) => intervals.some((text) => now >= text.slice(0, 5) && now < text.slice(6));
  const closed = holidays as string[];
  if (closed.includes(date) || closed.includes(date.slice(5)) || within(breaks['mon_sun'] ?? [])) return false;
  return within(dateHours[date] ?? hours[day] ?? []);
}

describe('open time', () => {
  it('is what the clock on the wall says, minute by minute, also when clocks change', () => {
    const changes = ['2026-03-29T00:00Z', '2026-10-25T00:00Z', '2024-04-06T14:00Z', '2024-10-31T20:00Z'];
    fc.assert(
      fc.property(
        calendars,
        fc.constantFrom(...changes),
        fc.integer({ min: -600, max: 600 }),
        (calendar, change, off) => {
          const hours = hoursOf(calendar);
          const from = Date.parse(change) + off * MINUTE;
          let open = 0;
          for (let at = from; at < from + 6 * HOUR; at += MINUTE) {
            const isOpen = isOpenByTheWall(calendar, at);
            expect(hours.isOpen(at), `${calendar.timeZone} ${new Date(at).toISOString()}`).toBe(isOpen);
            if (isOpen) open += MINUTE;
          }
          expect(hours.elapsed(from, from + 6 * HOUR)).toBe(open);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('added twice is the sum added, in both directions', () => {
    fc.assert(
      fc.property(calendars, instant, minutes, minutes, (calendar, from, a, b) => {
        const hours = hoursOf(calendar);
        for (const sign of [1, -1]) {
          const once = hours.addMs(from, sign * a * MINUTE);
          const sum = hours.addMs(from, sign * (a + b) * MINUTE);
          // Each search gives up after thirty years: two of them come further than one.
          if (sum !== null) expect(once === null ? null : hours.addMs(once, sign * b * MINUTE)).toBe(sum);
        }
      }),
    );
  });

  it('that was added has elapsed, in both directions', () => {
    fc.assert(
      fc.property(calendars, instant, minutes, (calendar, from, a) => {
        const hours = hoursOf(calendar);
        const later = hours.addMs(from, a * MINUTE);
        const earlier = hours.addMs(from, -a * MINUTE);
        if (later !== null) expect(hours.elapsed(from, later)).toBe(a * MINUTE);
        if (earlier !== null) expect(hours.elapsed(earlier, from)).toBe(a * MINUTE);
      }),
    );
  });

  it('adds up over any instant in between, and never passes faster than real time', () => {
    fc.assert(
      fc.property(calendars, instant, instant, instant, (calendar, a, b, c) => {
        const hours = hoursOf(calendar);
        expect(hours.elapsed(a, b) + hours.elapsed(b, c)).toBe(hours.elapsed(a, c));
        expect(Math.abs(hours.elapsed(a, b))).toBeLessThanOrEqual(Math.abs(b - a));
      }),
    );
  });

  it('ends later for whoever starts later, and for whom more is added', () => {
    fc.assert(
      fc.property(calendars, instant, minutes, fc.integer({ min: 0, max: 3 * DAY }), (calendar, from, a, later) => {
        const hours = hoursOf(calendar);
        const end = hours.addMs(from, a * MINUTE);
        if (end === null) return;
        expect(hours.addMs(from + later, a * MINUTE)).toBeGreaterThanOrEqual(end);
        expect(hours.addMs(from, (a + 1) * MINUTE)).toBeGreaterThan(end);
      }),
    );
  });

  it('is the same however it is paused, as long as the pauses cover the same', () => {
    const pause = fc
      .tuple(instant, fc.integer({ min: 0, max: 30 * DAY }))
      .map(([from, ms]) => ({ from, to: from + ms }));
    fc.assert(
      fc.property(calendars, instant, instant, fc.array(pause, { maxLength: 4 }), (calendar, from, to, pauses) => {
        const hours = hoursOf(calendar);
        const split = pauses.flatMap((one) => {
          const middle = one.from + Math.floor((one.to - one.from) / 2);
          return [{ from: middle, to: one.to }, { from: one.from, to: middle }, one];
        });
        const paused = hours.elapsed(from, to, pauses);
        expect(hours.elapsed(from, to, split)).toBe(paused);
        expect(Math.abs(paused)).toBeLessThanOrEqual(Math.abs(hours.elapsed(from, to)));
      }),
    );
  });

  it('is plain time where it is always open, in every zone', () => {
    fc.assert(
      fc.property(instant, minutes, zone, (from, a, timeZone) => {
        const always = hoursOf({ timeZone, alwaysOpen: true });
        expect(always.addMs(from, a * MINUTE)).toBe(from + a * MINUTE);
        expect(always.addMs(from, -a * MINUTE)).toBe(from - a * MINUTE);
        expect(always.nextClose(from)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('opens before it closes, and both are as near as can be', () => {
    fc.assert(
      fc.property(calendars, instant, (calendar, at) => {
        const hours = hoursOf(calendar);
        const [opens, closes, last] = [hours.nextOpen(at), hours.nextClose(at), hours.lastOpen(at)];
        if (opens === null) return;
        expect(hours.isOpen(opens)).toBe(true);
        expect(hours.elapsed(at, opens)).toBe(0);
        if (closes !== null) {
          expect(closes).toBeGreaterThan(opens);
          expect(hours.isOpen(closes)).toBe(false);
          expect(hours.elapsed(opens, closes)).toBe(closes - opens);
        }
        if (last !== null) expect(hours.elapsed(last, at)).toBe(0);
      }),
    );
  });
});
