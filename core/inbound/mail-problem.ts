/**
 * Why an agent's mail cannot be what it wants to be: which reason, and what is put into its words. It is told in the
 * agent's language, so no words are kept; and a reason without a text in each language does not compile.
 */
import { isProblemCode, type ProblemCode } from '../email/problem-in-words.ts';
import type { PLACEHOLDERS, Values } from '../email/texts/placeholders.ts';
import type { BodyOf, Command } from '../thread/command.ts';
import type { Reason } from '../thread/entry.ts';
import type { MailProblem } from '../thread/mail-facts.ts';
import type { Thread } from '../thread/thread.ts';

/** Never words: those are in the texts. */
export type ToldProblem = Exclude<MailProblem, string>;
type Name<C extends ProblemCode> = `refusal:${C}`;

export function problem<C extends ProblemCode>(
  code: C,
  ...[values]: (typeof PLACEHOLDERS)[Name<C>] extends readonly [] ? [] : [Values<Name<C>>]
): ToldProblem {
  return { code, values: values ?? {} };
}

/** What the thread, as it is, says to a command. */
export function refusalOf({ code, detail }: Reason, { assignee }: Thread, { body }: Command): ToldProblem {
  const values = { owner: assignee ?? '', assignee: (body as Partial<BodyOf<'assign'>>).assignee ?? '' };
  return isProblemCode(code) ? { code, values } : problem('by-rule', { detail });
}
