/** What the product says in its own words, by language. Everything else in a mail was written by people. */
import type { Language } from '../policy/policy.ts';

export interface Texts {
  greeting: (name: string | null) => string;
  /** @param when the expected reply, in words; null where no promise can be made */
  acknowledged: (when: string | null) => string;
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
        : `thank you, your message has arrived. You can expect our answer by ${when}.`,
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
        : `vielen Dank, Ihre Nachricht ist angekommen. Sie erhalten unsere Antwort bis ${when}.`,
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

/** An instant as a person would write it, with the zone where it is not the reader's own. */
export function instantInWords(at: number, language: Language, timeZone: string, isReadersZone: boolean): string {
  const key = `${language} ${timeZone} ${isReadersZone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(FORMAT_LOCALES[language], {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: '2-digit',
      minute: '2-digit',
      timeZone,
      ...(isReadersZone ? {} : { timeZoneName: 'short' }),
    });
    formats.set(key, format);
  }
  return format.format(at);
}
