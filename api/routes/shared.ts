/** What routes share. */
import type { Agent } from '../../core/policy/compiled-policy.ts';
import { accepted } from '../answers.ts';
import type { Call } from '../route.ts';

export const EVERYBODY = ['customer', 'capability', 'visitor', 'agent'] as const;
export const OWN_THREAD = ['customer', 'capability'] as const;
export const AGENT = { tag: 'Agents', callers: ['agent'] } as const;

export const ACCEPTED = {
  200: { description: 'Decided within the time that `Prefer: wait` gave.', schema: accepted },
  202: { description: 'Durable, and on its way.', schema: accepted },
};

export function agentIn({ principal }: Call<unknown, unknown, unknown>): Agent {
  if (principal.kind !== 'agent') throw new RangeError('A route for agents lets others in.');
  return principal.agent;
}

/** The customer who calls, by their own token or that of their thread. */
export function writerIn({ principal }: Call<unknown, unknown, unknown>) {
  if (principal.kind !== 'customer' && principal.kind !== 'capability') {
    throw new RangeError('A route for customers lets others in.');
  }
  return principal;
}
