import { describe, expect, it } from 'vitest';
import { byWhenInWords, type Reader } from '../../../core/email/instants.ts';

const SAID = Date.parse('2026-11-23T21:00:00Z'); // Monday, ten in the evening in Berlin

describe('by when something will be, in words', () => {
  it.each<[string, Partial<Reader>, string]>([
    ['2026-11-23T22:30:00Z', {}, 'today by 23:30'],
    ['2026-11-23T23:30:00Z', {}, 'tomorrow, Tuesday, by 00:30'],
    ['2026-11-24T09:30:00Z', {}, 'tomorrow, Tuesday, by 10:30'],
    ['2026-11-24T09:30:00Z', { language: 'de' }, 'morgen, Dienstag, bis 10:30 Uhr'],
    ['2026-11-24T02:30:00Z', { timeZone: 'America/New_York' }, 'today by 21:30'],
    ['2026-11-24T09:30:00Z', { isOwnZone: false }, 'tomorrow, Tuesday, by 10:30 CET'],
    ['2026-11-24T09:30:00Z', { language: 'de', isOwnZone: false }, 'morgen, Dienstag, bis 10:30 Uhr (MEZ)'],
    ['2026-11-27T09:30:00Z', {}, 'by Friday 27 November at 10:30'],
    ['2026-11-24T09:30:00Z', { language: 'ar' }, 'غدًا، الثلاثاء، حتى 10:30'],
    ['2026-11-27T09:30:00Z', { language: 'de' }, 'bis Freitag, 27. November um 10:30'],
  ])('%s for %j: %s', (at, changes, words) => {
    const reader: Reader = { language: 'en', timeZone: 'Europe/Berlin', isOwnZone: true, ...changes };
    expect(byWhenInWords(Date.parse(at), SAID, reader)).toBe(words);
  });

  it('counts days by the calendar, also where the clock is changed between', () => {
    const reader: Reader = { language: 'en', timeZone: 'Europe/Berlin', isOwnZone: true };
    const before = Date.parse('2026-10-24T22:30:00Z'); // half past midnight on the day with 25 hours
    expect(byWhenInWords(Date.parse('2026-10-25T22:30:00Z'), before, reader)).toBe('today by 23:30');
  });
});
