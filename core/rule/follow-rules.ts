/**
 * Routing: the rule sets of a policy, applied to a thread after something happened there. What rules change may be what
 * others act on, so they are looked at again: each acts once in one decision, and a bound ends it all, and says so.
 */
import type { Draft } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import { perform } from './action.ts';
import { factsOf, judge } from './condition.ts';
import type { RuleSet, Trigger } from './rule-set.ts';

/** So often rules are looked at again because of what rules did. */
export const ROUNDS_MAX = 5;

/** When it is, and of which instant rules are judged: of an earlier one, where they come late. */
interface When {
  at: number;
  judgedAt: number;
}

/** @param text what was written just now */
export function followRules(draft: Draft, trigger: Trigger, text: string, when: When): void {
  const { at } = when;
  const { routing } = draft.world.policy.source;
  if (routing.length === 0 || draft.thread.status === 'closed') return;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = draft.thread;
    const now = round === 0 ? trigger : 'change';
    for (const set of routing) {
      if (set.on.includes(now) || set.on.includes('time')) followSet(draft, set, { text, ...when });
    }
    if (draft.thread === before) return;
  }
  draft.say({ type: 'rules-bounded', rounds: ROUNDS_MAX }, { author: SYSTEM, at });
}

interface Round extends When {
  text: string;
}

function followSet(draft: Draft, { id, mode, rules }: RuleSet, round: Round): void {
  for (const rule of rules) {
    const { holds, inputs } = judge(rule.when, factsOf(draft.thread, draft.world.policy, round.judgedAt, round.text));
    if (!holds) continue;
    const name = `${id}/${rule.id}`;
    const isSpent = rule.again ? draft.acted.has(name) : draft.thread.acted.includes(name);
    if (!isSpent) {
      draft.say({ type: 'rule', set: id, name: rule.id, inputs }, { author: SYSTEM, at: round.at });
      perform(draft, rule.do, { rule: name, at: round.at, of: null });
      draft.acted.add(name);
    }
    if (mode === 'first' || (rule.stop && !isSpent)) return;
  }
}
