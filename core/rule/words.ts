/** The words of a text, as conditions look for them: whatever their case and however they were typed. */

/** So much of a text is looked at. */
const CHARS_MAX = 100_000;

/** Words, each between blanks, so that a phrase is found by a search. */
function spaced(text: string): string {
  const plain = text.slice(0, CHARS_MAX).normalize('NFKC').toLowerCase();
  return ` ${plain
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
    .join(' ')} `;
}

export function wordsOf(text: string): { firstOf(wanted: readonly string[]): string | undefined } {
  const all = spaced(text);
  return {
    /** The first of these words and phrases that the text has. `invoice*`: a word that begins so. */
    firstOf: (wanted) =>
      wanted.find((phrase) => {
        const looked = spaced(phrase);
        return looked.trim() !== '' && all.includes(phrase.endsWith('*') ? looked.trimEnd() : looked);
      }),
  };
}
