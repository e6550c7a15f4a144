/** What a replay may not come to: `breaches>+5%`, `changes>10`, `promised-p90>+30%`. */
import type { ReplayReport } from './replay.ts';

const TEXT = /^(breaches|changes|promised-median|promised-p90)>(\+?)(\d+(?:\.\d+)?)(%?)$/;

/** The text is no threshold. */
export class BadThreshold extends Error {
  override readonly name = 'BadThreshold';
}

/**
 * @param text a measure, and what it may not exceed: a number or, with `+`, so much or so many percent more than
 *   before. What is promised is in minutes.
 * @throws {BadThreshold}
 */
export function isExceeded(text: string, report: ReplayReport): boolean {
  const [, measure, plus, amount, percent] = TEXT.exec(text.replaceAll(' ', '')) ?? [];
  if (measure === undefined || (plus === '' && percent === '%')) {
    const measures = 'breaches, changes, promised-median or promised-p90';
    throw new BadThreshold(`"${text}" is no threshold: ${measures}, then > and a number, +number or +number%.`);
  }
  const { before, after } = measured(measure, report);
  const more = percent === '%' ? (before * Number(amount)) / 100 : Number(amount);
  return after > (plus === '+' ? before + more : Number(amount));
}

function measured(measure: string, report: ReplayReport): { before: number; after: number } {
  const { breaches, differences, promisedMedianMs, promisedP90Ms } = report;
  if (measure === 'breaches') return breaches;
  if (measure === 'changes') return { before: 0, after: differences.length };
  const { before, after } = measure === 'promised-p90' ? promisedP90Ms : promisedMedianMs;
  return { before: minutesOf(before), after: minutesOf(after) };
}

export function minutesOf(ms: number | null): number {
  return Math.round((ms ?? 0) / 60_000);
}
