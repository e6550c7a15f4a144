/** What the product says in its own words, by language. Everything else in a mail was written by people. */
import type { Language } from '../policy/languages.ts';

export interface Texts {
  greeting: (name: string | null) => string;
  /** @param when by when the reply is expected, in words; null where no promise can be made */
  acknowledged: (when: string | null) => string;
  /** @param zone where it is not the reader's own */
  clock: (time: string, zone: string) => string;
  /** @param time of today, or of tomorrow with its weekday */
  today: (time: string) => string;
  tomorrow: (weekday: string, time: string) => string;
  by: (when: string) => string;
  /** A promise that cannot be kept, with the one in its place. */
  promisedAnew: (before: string, when: string) => string;
  carryOn: string;
  yourMessage: string;
  /** Files that a mail cannot carry. */
  notAttached: (names: string[]) => string;
  /** The subject of a message without words. */
  noSubject: string;
}

const TEXTS: Record<Language, Texts> = {
  en: {
    greeting: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
    acknowledged: (when) =>
      when === null
        ? 'thank you, your message has arrived. We will answer as soon as we can.'
        : `thank you, your message has arrived. You can expect our answer ${when}.`,
    clock: (time, zone) => `${time} ${zone}`.trimEnd(),
    today: (time) => `today by ${time}`,
    tomorrow: (weekday, time) => `tomorrow, ${weekday}, by ${time}`,
    by: (when) => `by ${when}`,
    promisedAnew: (before, when) =>
      `we are sorry: we cannot answer ${before}, as we said. You can expect our answer ${when}.`,
    carryOn: 'There is no need to wait for it: the answer comes to this address.',
    yourMessage: 'You wrote:',
    notAttached: (names) => `Too large for a mail, but kept in your thread: ${names.join(', ')}`,
    noSubject: 'Your message',
  },
  de: {
    greeting: (name) => (name === null ? 'Guten Tag,' : `Guten Tag ${name},`),
    acknowledged: (when) =>
      when === null
        ? 'vielen Dank, Ihre Nachricht ist angekommen. Wir antworten so bald wie möglich.'
        : `vielen Dank, Ihre Nachricht ist angekommen. Sie erhalten unsere Antwort ${when}.`,
    clock: (time, zone) => `${time} Uhr ${zone && `(${zone})`}`.trimEnd(),
    today: (time) => `heute bis ${time}`,
    tomorrow: (weekday, time) => `morgen, ${weekday}, bis ${time}`,
    by: (when) => `bis ${when}`,
    promisedAnew: (before, when) =>
      `es tut uns leid: Wir können nicht, wie angekündigt, ${before} antworten. Sie erhalten unsere Antwort ${when}.`,
    carryOn: 'Sie müssen nicht darauf warten: Die Antwort kommt an diese Adresse.',
    yourMessage: 'Sie schrieben:',
    notAttached: (names) => `Zu groß für eine E-Mail, aber in Ihrem Vorgang abgelegt: ${names.join(', ')}`,
    noSubject: 'Ihre Nachricht',
  },
};

export function textsIn(language: Language): Texts {
  return TEXTS[language];
}

const FORMAT_LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };
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
  return formatted(at, FORMAT_LOCALES[language], {
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
  const texts = textsIn(language);
  const locale = FORMAT_LOCALES[language];
  const zone = isOwnZone ? '' : zoneOf(at, locale, timeZone);
  const time = texts.clock(formatted(at, locale, { hour: '2-digit', minute: '2-digit', timeZone }), zone);
  const days = (dateOf(at, timeZone) - dateOf(saidAt, timeZone)) / DAY_MS;
  if (days === 0) return texts.today(time);
  if (days === 1) return texts.tomorrow(formatted(at, locale, { weekday: 'long', timeZone }), time);
  return texts.by(instantInWords(at, reader));
}

/** The date there, as the midnight of UTC that bears it. */
function dateOf(at: number, timeZone: string): number {
  return Date.parse(formatted(at, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }));
}
