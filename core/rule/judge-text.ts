/** Patterns by RE2, whose search takes time in proportion to the text whatever the pattern; languages by tinyld. */
import { RE2JS } from 're2js';
import { detect, supportedLanguages, toISO2 } from 'tinyld';
import type { TextJudge } from './text-judge.ts';

/**
 * A search takes steps in proportion to the text times the instructions of the pattern, so it is their product that is
 * bounded: a pattern as people write them is looked for in all of a text, one that repeats much in less of it.
 */
const PATTERN_STEPS_MAX = 10_000_000;
const PATTERN_CHARS_MAX = 100_000;
/** Far more than somebody writes (`a{400}` is four hundred). */
const INSTRUCTIONS_MAX = 500;
/** So much of a text tells its language. */
const LANGUAGE_CHARS_MAX = 2_000;
/** Of fewer letters nobody can tell; a letter that stands for a syllable or a word counts for more. */
const LETTERS_MIN = 12;
const SYLLABLE_LETTERS = 3;
const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

export const textJudge: TextJudge = {
  matcher: (pattern) => {
    const compiled = RE2JS.compile(pattern);
    const instructions = compiled.programSize();
    if (instructions > INSTRUCTIONS_MAX) throw new LargePattern('it repeats too much');
    const charsMax = Math.min(PATTERN_CHARS_MAX, Math.floor(PATTERN_STEPS_MAX / instructions));
    return (text) => compiled.test(text.slice(0, charsMax));
  },
  languages: supportedLanguages
    .map(toISO2)
    .filter((code) => code.length === 2)
    .sort(),
  languageOf: (text) => {
    const looked = text.slice(0, LANGUAGE_CHARS_MAX);
    const letters = looked.match(/\p{L}/gu)?.length ?? 0;
    const syllables = looked.match(SYLLABLES)?.length ?? 0;
    if (letters + syllables * (SYLLABLE_LETTERS - 1) < LETTERS_MIN) return null;
    return detect(looked) || null;
  },
};

/** A pattern would take too many steps, on any text. */
class LargePattern extends Error {
  override readonly name = 'LargePattern';
}
