/**
 * What conditions found. Rules keep it with what they did. Which target applies is looked for after every decision, and
 * not kept: it is looked for once more, by the same code, in the thread as it was then.
 */
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Inputs } from '../rule/condition.ts';
import { chooseTarget } from '../sla/keep-clocks.ts';
import type { Entry } from '../thread/entry.ts';
import { evolve } from '../thread/evolve.ts';
import { blankThread } from '../thread/thread.ts';

/**
 * @param policyOf the version that decided an entry, where it is kept
 * @returns by the number of the entry; of clocks only where the log has its beginning
 */
export function inputsIn(
  entries: Entry[],
  policyOf: (seq: number) => CompiledPolicy | undefined,
  threadId: string,
): Map<number, Inputs> {
  const found = new Map<number, Inputs>();
  const [first] = entries;
  let thread = blankThread(threadId, first?.at ?? 0);
  for (const entry of entries) {
    if (entry.type === 'rule') found.set(entry.seq, entry.inputs);
    const policy = entry.type === 'sla' && 'target' in entry && first?.seq === 1 ? policyOf(entry.seq) : undefined;
    if (policy !== undefined) {
      const { inputs } = chooseTarget(thread, policy, entry.at);
      if (Object.keys(inputs).length > 0) found.set(entry.seq, inputs);
    }
    if (first?.seq === 1) thread = evolve(thread, entry);
  }
  return found;
}
