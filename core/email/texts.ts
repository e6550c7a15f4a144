/** What the product says in its own words, by language. Everything else in a mail was written by people. */
import { directionOf, type Language } from '../policy/languages.ts';
import { ARABIC } from './texts/arabic.ts';
import { ENGLISH } from './texts/english.ts';
import { GERMAN } from './texts/german.ts';
import { fill, type PLACEHOLDERS, type TextName, type Texts, type Values } from './texts/placeholders.ts';

/** A language without a text, or a text without a language, does not compile. */
export const TEXTS: Record<Language, Texts> = { en: ENGLISH, de: GERMAN, ar: ARABIC };

/** What a business says in words of its own: of any text, in each of its languages. */
export type OwnTexts = { [N in TextName]?: { [L in Language]?: string | undefined } | undefined };

/** Says a text; what is put into it is checked by the compiler. */
export type Say = <N extends TextName>(
  name: N,
  ...values: (typeof PLACEHOLDERS)[N] extends readonly [] ? [] : [Values<N>]
) => string;

export function sayingIn(language: Language, own: OwnTexts = {}): Say {
  const isolated = directionOf(language) === 'rtl' ? isolate : (value: string) => value;
  return (name, ...[values]) => {
    const entries = Object.entries<string>(values ?? {}).map(([key, value]) => [key, isolated(value)]);
    return fill(own[name]?.[language] ?? TEXTS[language][name], Object.fromEntries(entries));
  };
}

/** A name or subject of the other direction must not turn the words around it (Unicode Standard Annex 9, FSI, PDI). */
function isolate(value: string): string {
  return `\u2068${value}\u2069`;
}
