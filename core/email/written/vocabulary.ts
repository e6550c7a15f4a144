/**
 * What mail programs write around a quotation, in some forty languages: `words.json` has the words (alternatives
 * divided by |, * for any words between), this file finds them in a line. No rule asks which language a mail is in:
 * replies mix those of the writer, of the program and of the person quoted.
 */
import table from './words.json' with { type: 'json' };

/** A header of the quoted mail. */
export type Field = 'from' | 'to' | 'cc' | 'bcc' | 'date' | 'subject' | 'replyTo';
type Kind =
  | Field
  | 'on'
  | 'wrote'
  | 'self'
  | 'original'
  | 'forwarded'
  | 'passedOn'
  | 'fw'
  | 're'
  | 'sentFrom'
  | 'device'
  | 'closing';
type Words = Partial<Record<Kind, string>>;

const LANGUAGES = Object.entries(table as Record<string, Words>);
const FIELDS: Field[] = ['from', 'to', 'cc', 'bcc', 'date', 'subject', 'replyTo'];

const WORD = /[\p{L}\p{M}]+/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
/** Marks of direction and of width zero, which programs put around names; and Arabic vowels, which are optional. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u0640\u064b-\u0652]/g;

export function plain(text: string): string {
  return (
    text
      .replace(INVISIBLE, '')
      .replace(/\u00a0/g, ' ')
      .normalize('NFC')
      .toLowerCase()
      // The Turkish İ becomes two letters else, and fits no word that is written with a small one.
      .replace(/i\u0307/g, 'i')
  );
}

/** The letters of a text as words with one blank between: what is left when marks and dashes do not matter. */
export function wordsOf(text: string): string {
  return (plain(text).match(WORD) ?? []).join(' ');
}

/** All phrases of a kind, and the languages that have them. */
function phrases(kind: Kind): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [language, words] of LANGUAGES) {
    for (const phrase of words[kind]?.split('|') ?? []) found.set(phrase, [...(found.get(phrase) ?? []), language]);
  }
  return found;
}

const bareWords = (kind: Kind): string[] => [...phrases(kind).keys()].map(wordsOf);

const LABELS = new Map(FIELDS.flatMap((field) => [...phrases(field).keys()].map((label) => [plain(label), field])));
/** Languages by label, for prefixes that mean the opposite in two languages. */
const LABEL_LANGUAGES = new Map(
  FIELDS.flatMap((field) => [...phrases(field)].map(([label, languages]) => [plain(label), languages])),
);
const LABEL_CHARS_MAX = 24;

/** The field that a label (without its colon) names. */
export function fieldOf(label: string): Field | undefined {
  return label.length > LABEL_CHARS_MAX ? undefined : LABELS.get(plain(label.replace(/[*_\s]+/g, ' ')).trim());
}

export function languagesOf(label: string): string[] {
  return LABEL_LANGUAGES.get(plain(label).trim()) ?? [];
}

/** Phrases by their first word, so that a text is searched in one pass over its words. */
class Phrases {
  readonly #byFirstWord = new Map<string, string[]>();
  readonly #unspaced: RegExp | null;

  constructor(list: string[]) {
    const unspaced = list.filter((phrase) => UNSPACED.test(phrase)).map((phrase) => phrase.replaceAll(' ', '\\s?'));
    this.#unspaced = unspaced.length === 0 ? null : new RegExp(unspaced.sort(longestFirst).join('|'), 'gu');
    for (const phrase of list.filter((one) => !UNSPACED.test(one)).sort(longestFirst)) {
      const first = phrase.split(' ')[0] ?? '';
      this.#byFirstWord.set(first, [...(this.#byFirstWord.get(first) ?? []), phrase]);
    }
  }

  /** Where phrases stand in a plain text, in its order. */
  find(text: string): { start: number; end: number }[] {
    const words = [...text.matchAll(WORD)];
    const found = words.flatMap((match, at) => {
      const phrase = this.#byFirstWord.get(match[0])?.find((one) => this.#follows(words, at, one.split(' ')));
      const last = words[at + (phrase?.split(' ').length ?? 0) - 1];
      return phrase === undefined || last === undefined
        ? []
        : [{ start: match.index, end: last.index + last[0].length }];
    });
    if (this.#unspaced !== null && UNSPACED.test(text)) {
      for (const match of text.matchAll(this.#unspaced)) {
        found.push({ start: match.index, end: match.index + match[0].length });
      }
    }
    return found.sort((a, b) => a.start - b.start);
  }

  #follows(words: RegExpMatchArray[], at: number, phrase: string[]): boolean {
    return phrase.every((word, offset) => words[at + offset]?.[0] === word);
  }
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}

/** "wrote", in all languages. */
export const VERBS = new Phrases(bareWords('wrote'));
/** What an attribution may begin with: "On", "Am", "Le". */
export const OPENINGS = new Phrases(bareWords('on'));

/** "I": what a person's own sentence has, and no program writes. */
export const SELVES = new Phrases(bareWords('self'));

const SEPARATORS = new Map<string, 'original' | 'forwarded'>([
  ...bareWords('original').map((phrase) => [phrase, 'original'] as const),
  ...bareWords('forwarded').map((phrase) => [phrase, 'forwarded'] as const),
]);

/** What the words of a separator ("Original Message", also with names after them) announce. */
export function announcedBy(words: string): 'original' | 'forwarded' | undefined {
  const whole = SEPARATORS.get(words);
  if (whole !== undefined) return whole;
  for (let end = words.indexOf(' '); end > 0 && end < 60; end = words.indexOf(' ', end + 1)) {
    if (!words.slice(0, end).includes(' ')) continue;
    const kind = SEPARATORS.get(words.slice(0, end));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

const PASSED_ON = new RegExp([...phrases('passedOn').keys()].join('|'));

/** Whether words that stand above headers speak of a mail that was passed on, by a beginning of a word. */
export function speaksOfForwarding(words: string): boolean {
  return PASSED_ON.test(words);
}

const CLOSINGS = new Set(bareWords('closing'));

/** Whether words are what people close a letter with, and nothing else. */
export function isClosing(words: string): boolean {
  return CLOSINGS.has(words);
}

const SENT_FROM = [...phrases('sentFrom').keys()].map((phrase) => plain(phrase).split('*'));
const DEVICE = new RegExp([...phrases('device').keys()].map((word) => word.replace('.', '\\.')).join('|'));

/** "[Outlook for iOS](https://…)", as converters of HTML write links. */
const LINK = /\[([^[\]]{1,60})\]\([^()]{1,120}\)/g;

/** Whether a line is what a program adds by itself: "Sent from my iPhone". Its device is named at once. */
export function isSentFrom(line: string): boolean {
  if (line.length > 160) return false;
  const text = plain(line.replace(LINK, '$1')).replace(/^[\s*_>([<-]+|[\s*_.!)\]>]+$/g, '');
  const words = text.split(' ').length;
  if (/^sent from my [^,;:?]+$/.test(text) && words <= 6) return true;
  const device = text.search(DEVICE);
  const isAtOnce = device >= 0 && !/[,;:?!]/.test(text.slice(0, device)) && words <= 16;
  return isAtOnce && SENT_FROM.some(([head = '', tail]) => isGlob(text, head, tail));
}

function isGlob(text: string, head: string, tail: string | undefined): boolean {
  if (tail === undefined) return text.startsWith(head);
  return text.startsWith(head) && text.includes(tail, head.length + 1);
}

const FORWARD_PREFIXES = new Map([...phrases('fw')].map(([prefix, languages]) => [plain(prefix), languages]));
const REPLY_PREFIXES = new Map([...phrases('re')].map(([prefix, languages]) => [plain(prefix), languages]));
const SUBJECT_PREFIX = /^\s*(?:\[[^\]]{1,40}\]\s*)?([\p{L}][\p{L} ]{0,9})(?:\[\d+\])?\s?[:：]\s*/u;

/** What a subject says by its prefix, and the subject without it. "VS" forwards in Danish and answers in Finnish. */
export function readSubject(subject: string): { forwards: string[]; answers: string[]; rest: string } {
  const match = SUBJECT_PREFIX.exec(subject);
  const prefix = plain(match?.[1] ?? '').trim();
  const forwards = FORWARD_PREFIXES.get(prefix) ?? [];
  const answers = REPLY_PREFIXES.get(prefix) ?? [];
  return { forwards, answers, rest: forwards.length > 0 ? subject.slice(match?.[0].length) : subject };
}
