/** The subject of a thread that was started without one: its first words. */

import { beginningOf } from '../beginning.ts';
import { sayingIn } from '../email/texts.ts';
import { oneLine } from '../one-line.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Customer } from './thread.ts';

const CHARS_MAX = 60;

export function subjectFrom(text: string, customer: Customer, policy: CompiledPolicy): string {
  const words = oneLine(text);
  if (words === '') return sayingIn(policy.languageFor(customer.locale), policy.source.texts)('noSubject');
  if (words.length <= CHARS_MAX) return words;
  const cut = beginningOf(words, CHARS_MAX);
  const whole = cut.lastIndexOf(' ');
  return `${whole > 0 ? cut.slice(0, whole) : cut}…`;
}
