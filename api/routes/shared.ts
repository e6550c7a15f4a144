/** What routes share. */
import type { Agent } from '../../core/policy/compiled-policy.ts';
import { accepted } from '../answers.ts';
import type { Call } from '../route.ts';

export const AGENT = { tag: 'Agents', callers: ['agent'] } as const;

export const ACCEPTED = {
  200: { description: 'Decided within the time that `Prefer: wait` gave.', schema: accepted },
  202: { description: 'Durable, and on its way.', schema: accepted },
};

export function agentIn({ principal }: Call<unknown, unknown, unknown>): Agent {
  if (principal.kind !== 'agent') throw new RangeError('A route for agents lets others in.');
  return principal.agent;
}
