import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveHolidays } from '../../../adapters/node/holidays.ts';
import { calendarSchema } from '../../../core/calendar/calendar.ts';
import type { Holidays } from '../../../core/calendar/holidays.ts';
import { MONDAY } from '../../builders.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-holidays-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function datesOf(holidays: Holidays): Promise<string[]> {
  const calendar = calendarSchema.parse({ timeZone: 'UTC', hours: { mon: ['08:00-09:00'] }, holidays });
  const resolved = await resolveHolidays(calendar, folder, MONDAY);
  return resolved.holidays.map(String);
}

function aFile(...events: string[][]): { ical: string } {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']);
  writeFileSync(
    join(folder, 'own.ics'),
    ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n'),
  );
  return { ical: 'own.ics' };
}

describe('holidays', () => {
  it('of a country and state are its public ones, for years to come', async () => {
    const dates = await datesOf({ country: 'DE', state: 'BE' });
    expect(dates.filter((date) => date.startsWith('2026'))).toEqual([
      '2026-01-01',
      '2026-03-08',
      '2026-04-03',
      '2026-04-06',
      '2026-05-01',
      '2026-05-14',
      '2026-05-25',
      '2026-10-03',
      '2026-12-25',
      '2026-12-26',
    ]);
    expect(new Set(dates.map((date) => date.slice(0, 4)))).toEqual(
      new Set(['2025', '2026', '2027', '2028', '2029', '2030', '2031', '2032']),
    );
  });

  it('that last for several days are all of them', async () => {
    const dates = await datesOf({ country: 'SA' });
    expect(dates).toEqual(expect.arrayContaining(['2026-03-19', '2026-03-20', '2026-03-21', '2026-03-22']));
  });

  it('of an iCalendar file are the days of its events, those that recur included', async () => {
    const dates = await datesOf(
      aFile(
        ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Works outing'],
        ['DTSTART;VALUE=DATE:20200704', 'DTEND;VALUE=DATE:20200705', 'RRULE:FREQ=YEARLY', 'SUMMARY:Founding day'],
      ),
    );
    expect(dates.filter((date) => date.startsWith('2026'))).toEqual([
      '2026-07-04',
      '2026-12-24',
      '2026-12-25',
      '2026-12-26',
    ]);
    expect(dates).toContain('2032-07-04');
  });

  it('of several sources are put together, each date once', async () => {
    const dates = await datesOf(['12-24', '2026-12-25', { country: 'DE' }]);
    expect(dates.filter((date) => date === '2026-12-25')).toHaveLength(1);
    expect(dates).toContain('12-24');
  });

  it.each([
    [{ country: 'XX' }, 'There is no country XX'],
    [{ country: 'DE', state: 'XX' }, 'DE has no state XX: there are BB, BE'],
    [{ country: 'DE', state: 'BY', region: 'XX' }, 'DE BY has no region XX'],
    [{ ical: 'missing.ics' }, 'cannot be read as an iCalendar file'],
  ])('of %j are refused, saying why', async (source, problem) => {
    await expect(datesOf(source)).rejects.toThrow(problem);
  });
});
