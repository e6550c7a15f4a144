/** What a function prints: its log. */
import { vi } from 'vitest';

/** Catches what is printed from now on, until all is restored. @returns the lines so far */
export function printedLines(): () => string[] {
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      printed.push(String(chunk));
      return true;
    });
  }
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...all) => void printed.push(`${all.join(' ')}\n`));
  }
  return () =>
    printed
      .join('')
      .split('\n')
      .filter((line) => line !== '');
}
