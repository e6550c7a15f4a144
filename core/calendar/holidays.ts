/** Where a calendar's holidays come from, as a policy writes them: dates, or a source resolved when it is read. */
import * as z from 'zod';

/** Of a country or a part of it, such as `{ country: 'DE', state: 'BE' }`, by its ISO 3166 code. */
const ofCountry = z.strictObject({
  country: z.string().min(2).max(3),
  state: z.string().min(1).max(10).optional(),
  region: z.string().min(1).max(20).optional(),
});
/** Of an iCalendar file (RFC 5545), found from the config file: every day of every event. */
const ofFile = z.strictObject({ ical: z.string().min(1) });

export type HolidaySource = z.infer<typeof ofCountry> | z.infer<typeof ofFile>;

const holiday = z.union([z.string(), ofCountry, ofFile], { error: 'is no date, no { country } and no { ical }' });

/** Dates of one year (`2026-12-24`) or of every year (`12-25`), and sources; a single one may stand alone. */
export const holidaysSchema = z.preprocess(
  (written) => (written === undefined || Array.isArray(written) ? written : [written]),
  z.array(holiday).default([]),
);
export type Holidays = string | HolidaySource | (string | HolidaySource)[];
