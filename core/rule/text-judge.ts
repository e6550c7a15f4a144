/**
 * What conditions ask of a text that takes a library to answer. Intake decides too, and is to stay small: so the
 * libraries come from outside (`judge-text.ts`), and only where a policy asks.
 */

/** Beside policies that are shipped as files: a CommonJS module that exports `textJudge`. */
export const TEXT_JUDGE_FILE = 'text-judge.cjs';

export interface TextJudge {
  /** Finds a pattern in a text. @throws where it is none (RE2 syntax), or takes too many steps */
  matcher(pattern: string): (text: string) => boolean;
  /** All that it may find (ISO 639-1). */
  languages: readonly string[];
  /** The language of a text (ISO 639-1); null where it is too short to tell, or in none that is known. */
  languageOf(text: string): string | null;
}

/** Asks a judge, who is obtained when there is something to ask, nothing twice. */
export class TextQuestions {
  readonly #obtain: () => TextJudge;
  readonly #matchers = new Map<string, (text: string) => boolean>();
  #judge: TextJudge | undefined;
  #last: { text: string; language: string | null } | undefined;

  constructor(obtain: () => TextJudge) {
    this.#obtain = obtain;
  }

  /** The first of the patterns that a text has. */
  firstMatch(patterns: readonly string[], text: string): string | undefined {
    return patterns.find((pattern) => this.#matcher(pattern)(text));
  }

  languageOf(text: string): string | null {
    if (this.#last?.text !== text) this.#last = { text, language: this.#obtained().languageOf(text) };
    return this.#last.language;
  }

  #matcher(pattern: string): (text: string) => boolean {
    const known = this.#matchers.get(pattern) ?? this.#obtained().matcher(pattern);
    this.#matchers.set(pattern, known);
    return known;
  }

  #obtained(): TextJudge {
    this.#judge ??= this.#obtain();
    return this.#judge;
  }
}
