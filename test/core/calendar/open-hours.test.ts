import { describe, expect, it } from 'vitest';
import { type CalendarInput, calendarSchema } from '../../../core/calendar/calendar.ts';
import { OpenHours } from '../../../core/calendar/open-hours.ts';
import { HOUR } from '../../builders.ts';

function openHours(calendar: CalendarInput): OpenHours {
  return new OpenHours(calendarSchema.parse(calendar));
}

const BERLIN = openHours({
  timeZone: 'Europe/Berlin',
  hours: { mon_fri: ['08:00-12:00', '13:00-17:00'] },
});
const NIGHT = openHours({ timeZone: 'America/New_York', hours: { fri: ['22:00-06:00'] } });
const ALWAYS = openHours({ timeZone: 'UTC', hours: { mon_sun: ['00:00-24:00'] } });

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
    const autumn = openHours({ timeZone: 'Europe/Berlin', hours: { sun: ['00:00-06:00'] } });
    // seven real hours are open on that Sunday
    expect(autumn.add(at('2026-10-25T00:00+02:00'), '7h')).toBe(at('2026-10-25T06:00+01:00'));
    const spring = openHours({ timeZone: 'Europe/Berlin', hours: { sun: ['00:00-06:00'] } });
    expect(spring.add(at('2026-03-29T00:00+01:00'), '5h')).toBe(at('2026-03-29T06:00+02:00'));
  });

  it('has no interval that a gap in local time swallows', () => {
    const gap = openHours({ timeZone: 'Europe/Berlin', hours: { sun: ['02:00-03:00'] } });
    expect(gap.nextOpen(at('2026-03-28T12:00Z'))).toBe(at('2026-04-05T02:00+02:00'));
  });

  it('runs over midnight into a day that is closed otherwise, and over the turn of the year', () => {
    expect(NIGHT.isOpen(at('2027-01-02T05:59-05:00'))).toBe(true);
    expect(NIGHT.nextClose(at('2027-01-01T23:00-05:00'))).toBe(at('2027-01-02T06:00-05:00'));
    expect(NIGHT.add(at('2026-12-25T23:00-05:00'), '8h')).toBe(at('2027-01-01T23:00-05:00'));
  });
});

describe('exceptions', () => {
  const hours = openHours({
    timeZone: 'Europe/Berlin',
    hours: { mon_fri: ['08:00-12:00', '13:00-17:00'] },
    holidays: ['12-25', '2026-05-14', '2026-12-31'],
    dateHours: { '2026-12-24': ['08:00-10:00'], '2026-12-27': ['10:00-12:00'], '2026-12-31': ['08:00-12:00'] },
    breaks: { fri: ['15:00-15:30'], '2026-12-27': ['10:30-11:00'] },
  });

  it.each([
    ['a holiday of one year', '2026-05-13T16:30+02:00', '1h', '2026-05-15T08:30+02:00'],
    ['but not of the next', '2027-05-13T16:30+02:00', '1h', '2027-05-14T08:30+02:00'],
    ['a holiday of every year', '2029-12-24T16:30+01:00', '1h', '2029-12-26T08:30+01:00'],
    [
      'hours of a date, which are in the place of its weekday’s',
      '2026-12-24T09:30+01:00',
      '1h',
      '2026-12-27T10:30+01:00',
    ],
    ['a holiday, whatever hours its date has', '2026-12-30T16:30+01:00', '1h', '2027-01-01T08:30+01:00'],
    ['a break of every Friday', '2026-11-27T14:30+01:00', '1h', '2026-11-27T16:00+01:00'],
  ])('pass over %s', (_, from, duration, expected) => {
    expect(hours.add(at(from), duration)).toBe(at(expected));
  });

  it('count no business day that is a holiday, and one that is open for an hour', () => {
    expect(hours.add(at('2026-12-23T10:00+01:00'), '2d')).toBe(at('2026-12-27T10:00+01:00'));
    expect(hours.add(at('2026-05-13T10:00+02:00'), '1d')).toBe(at('2026-05-15T10:00+02:00'));
  });

  it('an interval over midnight belongs to the day it begins on', () => {
    const night = openHours({ timeZone: 'UTC', hours: { mon_sun: ['22:00-02:00'] }, holidays: ['2026-11-24'] });
    expect(night.elapsed(at('2026-11-23T22:00Z'), at('2026-11-25T22:00Z'))).toBe(4 * HOUR);
    expect(night.isOpen(at('2026-11-24T01:00Z'))).toBe(true);
    expect(night.isOpen(at('2026-11-25T01:00Z'))).toBe(false);
  });

  it('may leave nothing open for ever', () => {
    const never = openHours({ timeZone: 'UTC', hours: { mon: ['08:00-09:00'] }, breaks: { mon: ['07:00-10:00'] } });
    expect(never.add(at('2026-11-23T00:00Z'), '1h')).toBeNull();
    expect(never.add(at('2026-11-23T00:00Z'), '1d')).toBeNull();
    expect(never.nextOpen(at('2026-11-23T00:00Z'))).toBeNull();
    expect(never.nextClose(at('2026-11-23T00:00Z'))).toBeNull();
    expect(never.lastOpen(at('2026-11-23T00:00Z'))).toBeNull();
  });

  it('of a source that nobody resolved are not passed over in silence', () => {
    expect(() => openHours({ ...WEEK, holidays: { country: 'DE' } })).toThrow('were not resolved');
  });
});

describe('elapsed open time', () => {
  it.each([
    ['2026-11-23T08:00+01:00', '2026-11-23T17:00+01:00', [], 8 * HOUR],
    ['2026-11-23T17:00+01:00', '2026-11-23T08:00+01:00', [], -8 * HOUR],
    ['2026-11-20T16:00+01:00', '2026-11-23T09:00+01:00', [], 2 * HOUR],
    [
      '2026-11-23T08:00+01:00',
      '2026-11-23T17:00+01:00',
      [
        ['09:00', '10:00'],
        ['09:30', '12:30'],
      ],
      5 * HOUR,
    ],
    ['2026-11-23T08:00+01:00', '2026-11-23T09:00+01:00', [['07:00', '10:00']], 0],
  ])('from %s to %s, without %j', (from, to, pauses, expected) => {
    const paused = (pauses as string[][]).map(([since, until]) => ({
      from: at(`2026-11-23T${since}+01:00`),
      to: at(`2026-11-23T${until}+01:00`),
    }));
    expect(BERLIN.elapsed(at(from), at(to), paused)).toBe(expected);
  });

  it('tells which intervals it is made of', () => {
    const intervals = BERLIN.intervalsBetween(at('2026-11-23T11:00+01:00'), at('2026-11-24T09:00+01:00'), 10);
    expect(intervals).toEqual([
      { from: at('2026-11-23T11:00+01:00'), to: at('2026-11-23T12:00+01:00') },
      { from: at('2026-11-23T13:00+01:00'), to: at('2026-11-23T17:00+01:00') },
      { from: at('2026-11-24T08:00+01:00'), to: at('2026-11-24T09:00+01:00') },
    ]);
    expect(BERLIN.intervalsBetween(at('2026-11-23T11:00+01:00'), at('2027-11-24T09:00+01:00'), 2)).toHaveLength(2);
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

const WEEK = { timeZone: 'UTC', hours: { mon_fri: ['08:00-17:00'] } };

describe('a calendar', () => {
  it.each([
    [{ timeZone: 'Mars/Olympus', hours: { mon: ['08:00-12:00'] } }, 'timeZone', 'IANA'],
    [{ timeZone: 'UTC', hours: {} }, 'hours', 'never opens'],
    [{ timeZone: 'UTC', hours: { monday: ['08:00-12:00'] } }, 'hours.monday', 'not a day'],
    [{ timeZone: 'UTC', hours: { mon: ['8-12'] } }, 'hours.mon.0', 'not an interval'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-24:30'] } }, 'hours.mon.0', 'after 24:00'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-08:00'] } }, 'hours.mon.0', 'empty'],
    [{ timeZone: 'UTC', hours: { mon: ['08:00-12:00', '11:00-13:00'] } }, 'hours.mon', 'overlap'],
    [{ timeZone: 'UTC', hours: { sun: ['22:00-06:00'], mon: ['05:00-09:00'] } }, 'hours', 'overlap'],
    [{ timeZone: 'UTC', hours: { mon_fri: ['08:00-12:00'], fri: ['13:00-14:00'] } }, 'hours.fri', 'fri'],
    [{ timeZone: 'UTC', alwaysOpen: true, hours: { mon: ['08:00-12:00'] } }, 'hours', 'no meaning'],
    [{ ...WEEK, holidays: ['2026-02-29'] }, 'holidays.0', 'not a date'],
    [{ ...WEEK, holidays: ['13-01'] }, 'holidays.0', 'not a date'],
    [{ ...WEEK, holidays: [{ land: 'DE' }] }, 'holidays.0', 'no { country }'],
    [{ ...WEEK, dateHours: { '12-24': ['08:00-12:00'] } }, 'dateHours.12-24', 'not a date'],
    [{ ...WEEK, dateHours: { '2026-12-24': ['8-12'] } }, 'dateHours.2026-12-24.0', 'not an interval'],
    [{ ...WEEK, breaks: { lunch: ['12:00-13:00'] } }, 'breaks.lunch', 'neither a day'],
  ])('that is wrong is refused, naming what: %j', (calendar, path, message) => {
    const { error } = calendarSchema.safeParse(calendar);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
    expect(error?.issues[0]?.message).toContain(message);
  });

  it('may name spans of days over the end of the week', () => {
    const hours = openHours({ timeZone: 'UTC', hours: { sat_mon: ['10:00-11:00'] } });
    expect(hours.nextOpen(at('2026-11-20T00:00Z'))).toBe(at('2026-11-21T10:00Z'));
    expect(hours.nextOpen(at('2026-11-23T11:00Z'))).toBe(at('2026-11-28T10:00Z'));
    expect(hours.add(at('2026-11-21T10:00Z'), '3h')).toBe(at('2026-11-23T10:00Z') + HOUR);
  });
});
