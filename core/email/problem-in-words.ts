/** Why a mail of an agent was not posted, as they are told. */
import type { MailProblem } from '../thread/mail-facts.ts';
import { TEXT_NAMES, type TextName } from './texts/placeholders.ts';
import type { Say } from './texts.ts';

export type ProblemCode = TextName extends infer Name ? (Name extends `refusal:${infer Code}` ? Code : never) : never;

export function isProblemCode(code: string): code is ProblemCode {
  return (TEXT_NAMES as string[]).includes(`refusal:${code}`);
}

/** Of a reason that only a later version knows, its code. */
export function problemInWords(problem: MailProblem, say: Say): string {
  if (typeof problem === 'string') return problem;
  const { code, values } = problem;
  if (!isProblemCode(code)) return code;
  return (say as (name: TextName, values: Record<string, string>) => string)(`refusal:${code}`, values);
}
