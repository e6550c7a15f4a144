/**
 * "This e-mail is confidential … if you are not the intended recipient … please delete it": what companies have their
 * servers append. Told by what it speaks of, in any language (`disclaimer-words.json` has beginnings of words): a
 * paragraph about this very mail, and about at least three of the four things that such texts are made of. What a
 * person writes about one of them stays.
 */
import words from './disclaimer-words.json' with { type: 'json' };
import { plain } from './vocabulary.ts';

const PARAGRAPH_CHARS_MAX = 4_000;
const PRINTING_CHARS_MAX = 200;
/** That it is secret, whom it is for, that it may have gone astray, what to do then. */
const TOPICS = [words.secret, words.forWhom, words.astray, words.whatThen];
const TOPICS_MIN = 3;

/** Whether a paragraph is one that a company has all its mails end with. */
export function isDisclaimer(paragraph: string): boolean {
  const text = plain(paragraph.slice(0, PARAGRAPH_CHARS_MAX)).replace(/\s+/g, ' ');
  const hasOneOf = (stems: string[]): boolean => stems.some((stem) => text.includes(stem));
  // "Please think of the environment before you print this."
  const isOfPrinting = text.length <= PRINTING_CHARS_MAX && !text.includes('?');
  if (isOfPrinting && hasOneOf(words.nature) && hasOneOf(words.print)) return true;
  return hasOneOf(words.thisMail) && TOPICS.filter(hasOneOf).length >= TOPICS_MIN;
}
