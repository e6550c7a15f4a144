/** Patterns by RE2, whose search takes time in proportion to the text whatever the pattern; languages by tinyld. */
import { RE2JS } from 're2js';
import { detect } from 'tinyld';
import type { TextJudge } from './text-judge.ts';

/** So much of a text is looked at. */
const PATTERN_CHARS_MAX = 100_000;
const LANGUAGE_CHARS_MAX = 2_000;
/** Of fewer letters nobody can tell; a letter that stands for a syllable or a word counts for more. */
const LETTERS_MIN = 12;
const SYLLABLE_LETTERS = 3;
const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

export const textJudge: TextJudge = {
  matcher: (pattern) => {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text.slice(0, PATTERN_CHARS_MAX)).find();
  },
  languageOf: (text) => {
    const looked = text.slice(0, LANGUAGE_CHARS_MAX);
    const letters = looked.match(/\p{L}/gu)?.length ?? 0;
    const syllables = looked.match(SYLLABLES)?.length ?? 0;
    if (letters + syllables * (SYLLABLE_LETTERS - 1) < LETTERS_MIN) return null;
    return detect(looked) || null;
  },
};
