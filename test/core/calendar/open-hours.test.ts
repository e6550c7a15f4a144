import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarSchema } from '../../../core/calendar/calendar.ts';
import { OpenHours } from '../../../core/calendar/open-hours.ts';
import { HOUR, MINUTE } from '../../builders.ts';

const BERLIN = new OpenHours({
  timeZone: 'Europe/Berlin',
  hours: { mon_fri: ['08:00-12:00', '13:00-17:00'] },
});
const NIGHT = new OpenHours({ timeZone: 'America/New_York', hours: { fri: ['22:00-06:00'] } });
const ALWAYS = new OpenHours({ timeZone: 'UTC', hours: { mon_sun: ['00:00-24:00'] } });

function at(text: string): number {
  return Date.parse(text);
}

describe('open time', () => {
  it.each([
    ['within an interval', '2026-11-23T09:00+01:00', '1h', '2026-11-23T10:00+01:00'],
    ['over lunch', '2026-11-23T11:30+01:00', '1h', '2026-11-23T13:30+01:00'],
    ['over the night', '2026-11-23T16:30+01:00', '1h', '2026-11-24T08:30+01:00'],
    ['over the weekend', '2026-11-20T16:30+01:00', '45m', '2026-11-23T08:15+01:00'],
    ['from a closed instant', '2026-11-22T03:00+01:00', '4h', '2026-11-23T12:00+01:00'],
    ['up to the very end of an interval', '2026-11-23T11:00+01:00', '1h', '2026-11-23T12:00+01:00'],
    ['by business days', '2026-11-20T10:15+01:00', '1d', '2026-11-23T10:15+01:00'],
    ['by business days from a closed day', '2026-11-21T10:15+01:00', '2d', '2026-11-24T10:15+01:00'],
    ['by business days, moved to the next open instant', '2026-11-19T19:00+01:00', '1d', '2026-11-23T08:00+01:00'],
    ['by weeks over the change of clocks in spring', '2026-03-27T16:00+01:00', '8h', '2026-03-30T16:00+02:00'],
  ])('is added %s', (_, from, duration, expected) => {
    expect(BERLIN.add(at(from), duration)).toBe(at(expected));
  });

  it('is 60 real minutes an hour, also in the night when clocks change', () => {
    const autumn = new OpenHours({ timeZone: 'Europe/Berlin', hours: { sun: ['00:00-06:00'] } });
    // seven real hours are open on that Sunday
    expect(autumn.add(at('2026-10-25T00:00+02:00'), '7h')).toBe(at('2026-10-25T06:00+01:00'));
    const spring = new OpenHours({ timeZone: 'Europe/Berlin', hours: { sun: ['00:00-06:00'] } });
    expect(spring.add(at('2026-03-29T00:00+01:00'), '5h')).toBe(at('2026-03-29T06:00+02:00'));
  });

  it('has no interval that a gap in local time swallows', () => {
    const gap = new OpenHours({ timeZone: 'Europe/Berlin', hours: { sun: ['02:00-03:00'] } });
    expect(gap.nextOpen(at('2026-03-28T12:00Z'))).toBe(at('2026-04-05T02:00+02:00'));
  });

  it('runs over midnight into a day that is closed otherwise, and over the turn of the year', () => {
    expect(NIGHT.isOpen(at('2027-01-02T05:59-05:00'))).toBe(true);
    expect(NIGHT.nextClose(at('2027-01-01T23:00-05:00'))).toBe(at('2027-01-02T06:00-05:00'));
    expect(NIGHT.add(at('2026-12-25T23:00-05:00'), '8h')).toBe(at('2027-01-01T23:00-05:00'));
  });
});

describe('opening and closing', () => {
  it.each([
    ['2026-11-23T07:59:59.999+01:00', false, '2026-11-23T08:00+01:00', '2026-11-23T12:00+01:00'],
    ['2026-11-23T08:00+01:00', true, '2026-11-23T08:00+01:00', '2026-11-23T12:00+01:00'],
    ['2026-11-23T12:00+01:00', false, '2026-11-23T13:00+01:00', '2026-11-23T17:00+01:00'],
    ['2026-11-21T12:00+01:00', false, '2026-11-23T08:00+01:00', '2026-11-23T12:00+01:00'],
  ])('at %s', (instant, isOpen, opens, closes) => {
    expect(BERLIN.isOpen(at(instant))).toBe(isOpen);
    expect(BERLIN.nextOpen(at(instant))).toBe(at(opens));
    expect(BERLIN.nextClose(at(instant))).toBe(at(closes));
  });

  it('never closes where the calendar is always open', () => {
    expect(ALWAYS.isOpen(at('2026-02-28T23:59:59.999Z'))).toBe(true);
    expect(ALWAYS.nextClose(at('2026-11-23T12:00Z'))).toBeNull();
  });
});

describe('for every instant', () => {
  const instant = fc.integer({ min: at('2020-01-01T00:00Z'), max: at('2035-01-01T00:00Z') });
  const minutes = fc.integer({ min: 1, max: 99_998 });

  it('adding twice is adding the sum', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 9_999 }), (from, a, b) => {
        const once = BERLIN.add(from, `${a}m`);
        expect(once === null ? null : BERLIN.add(once, `${b}m`)).toBe(BERLIN.add(from, `${a + b}m`));
      }),
    );
  });

  it('more is later, and open time never passes faster than real time', () => {
    fc.assert(
      fc.property(instant, minutes, (from, a) => {
        const end = BERLIN.add(from, `${a}m`) ?? 0;
        expect(end - from).toBeGreaterThanOrEqual(a * MINUTE);
        expect(BERLIN.add(from, `${a + 1}m`) ?? 0).toBeGreaterThan(end);
        expect(BERLIN.add(from + MINUTE, `${a}m`) ?? 0).toBeGreaterThanOrEqual(end);
      }),
    );
  });

  it('a calendar that is always open adds plain time, in every zone', () => {
    const zones = ['UTC', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(instant, minutes, fc.constantFrom(...zones), (from, a, timeZone) => {
        const always = new OpenHours({ timeZone, hours: { mon_sun: ['00:00-24:00'] } });
        expect(always.add(from, `${a}m`)).toBe(from + a * MINUTE);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a calendar', () => {
  it.each([
    [{ timeZone: 'Mars/Olympus', hours: { mon: ['08:00-12:00'] } }, 'timeZone', 'IANA'],
    [{ timeZone: 'UTC', hours: {} }, 'hours', 'never opens'],
    [{ timeZone: 'UTC', hours: { monday: ['08:00-12:00'] } }, 'hours.monday', 'not a day'],
    [{ timeZone: 'UTC', hours: { mon: ['8-12'] } }, 'hours.mon.0', 'not an interval'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-24:30'] } }, 'hours.mon.0', 'after 24:00'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-08:00'] } }, 'hours.mon.0', 'empty'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-12:00', '11:00-13:00'] } }, 'hours', 'overlap'],
    [{ timeZone: 'UTC', hours: { sun: ['22:00-06:00'], mon: ['05:00-09:00'] } }, 'hours', 'overlap'],
    [{ timeZone: 'UTC', hours: { mon_fri: ['08:00-12:00'], fri: ['13:00-14:00'] } }, 'hours.fri', 'fri'],
  ])('that is wrong is refused, naming what: %j', (calendar, path, message) => {
    const { error } = calendarSchema.safeParse(calendar);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
    expect(error?.issues[0]?.message).toContain(message);
  });

  it('may name spans of days over the end of the week', () => {
    const calendar = calendarSchema.parse({ timeZone: 'UTC', hours: { sat_mon: ['10:00-11:00'] } });
    const hours = new OpenHours(calendar);
    expect(hours.nextOpen(at('2026-11-20T00:00Z'))).toBe(at('2026-11-21T10:00Z'));
    expect(hours.nextOpen(at('2026-11-23T11:00Z'))).toBe(at('2026-11-28T10:00Z'));
    expect(hours.add(at('2026-11-21T10:00Z'), '3h')).toBe(at('2026-11-23T10:00Z') + HOUR);
  });
});
