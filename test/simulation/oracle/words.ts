/** The words of simulated people: each message has some that no other has. */
import type { Command } from '../../../core/thread/command.ts';
import type { Content } from '../../../core/thread/content.ts';

const WORDS = /words-\d+\./;

/** Long bodies hold their words at the beginning and at the end: an excerpt has the first only. */
export function wordsOf({ body }: Pick<Command, 'body'>): { words: string; times: number } {
  if (!('content' in body)) return { words: '', times: 0 };
  const words = wordsIn(body.content);
  const times = timesIn(textOf(body.content), words);
  return { words, times: body.content.body === undefined ? times : 2 };
}

export function wordsIn(content: Content): string {
  return WORDS.exec(textOf(content))?.[0] ?? '';
}

export function timesIn(text: string, words: string): number {
  return words === '' ? 0 : text.split(words).length - 1;
}

function textOf({ parts }: Content): string {
  return parts.map((part) => (part.type === 'text' ? part.text : part.type === 'html' ? part.html : '')).join(' ');
}

/** JSON with its keys in order, for comparison. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
