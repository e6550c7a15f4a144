/** Instants as a person would write them. */
import type { Language } from '../policy/languages.ts';

interface DateWords {
  locale: string;
  /** @param zone where it is not the reader's own */
  clock: (time: string, zone: string) => string;
  /** @param time of today, or of tomorrow with its weekday */
  today: (time: string) => string;
  tomorrow: (weekday: string, time: string) => string;
  by: (when: string) => string;
}

const WORDS: Record<Language, DateWords> = {
  en: {
    locale: 'en-GB',
    clock: (time, zone) => `${time} ${zone}`.trimEnd(),
    today: (time) => `today by ${time}`,
    tomorrow: (weekday, time) => `tomorrow, ${weekday}, by ${time}`,
    by: (when) => `by ${when}`,
  },
  de: {
    locale: 'de-DE',
    clock: (time, zone) => `${time} Uhr ${zone && `(${zone})`}`.trimEnd(),
    today: (time) => `heute bis ${time}`,
    tomorrow: (weekday, time) => `morgen, ${weekday}, bis ${time}`,
    by: (when) => `bis ${when}`,
  },
  ar: {
    locale: 'ar-u-nu-latn-hc-h23',
    clock: (time, zone) => `${time} ${zone && `(${zone})`}`.trimEnd(),
    today: (time) => `اليوم حتى ${time}`,
    tomorrow: (weekday, time) => `غدًا، ${weekday}، حتى ${time}`,
    by: (when) => `حتى ${when}`,
  },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

function formatted(at: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return formatOf(locale, options).format(at);
}

/** What a zone is called at an instant: CET, MEZ. */
function zoneOf(at: number, locale: string, timeZone: string): string {
  const parts = formatOf(locale, { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** How somebody reads an instant. */
export interface Reader {
  language: Language;
  timeZone: string;
  /** Whether the zone is their own: another is named. */
  isOwnZone: boolean;
}

/** An instant as a person would write it, with the zone where it is not the reader's own. */
export function instantInWords(at: number, { language, timeZone, isOwnZone }: Reader): string {
  return formatted(at, WORDS[language].locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    ...(isOwnZone ? {} : { timeZoneName: 'short' }),
  });
}

const DAY_MS = 86_400_000;

/** By when something will be, as a person would say it at `saidAt`: “tomorrow, Tuesday, by 10:30”. */
export function byWhenInWords(at: number, saidAt: number, reader: Reader): string {
  const { language, timeZone, isOwnZone } = reader;
  const words = WORDS[language];
  const { locale } = words;
  const zone = isOwnZone ? '' : zoneOf(at, locale, timeZone);
  const time = words.clock(formatted(at, locale, { hour: '2-digit', minute: '2-digit', timeZone }), zone);
  const days = (dateOf(at, timeZone) - dateOf(saidAt, timeZone)) / DAY_MS;
  if (days === 0) return words.today(time);
  if (days === 1) return words.tomorrow(formatted(at, locale, { weekday: 'long', timeZone }), time);
  return words.by(instantInWords(at, reader));
}

/** The date there, as the midnight of UTC that bears it. */
function dateOf(at: number, timeZone: string): number {
  return Date.parse(formatted(at, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }));
}
