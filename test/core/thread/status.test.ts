import { describe, expect, it } from 'vitest';
import { BrokenTransitions, checkTransitions, STATUSES, TRANSITIONS, transition } from '../../../core/thread/status.ts';

describe('the transition table', () => {
  it('keeps every hard rule', () => {
    expect(() => checkTransitions(TRANSITIONS)).not.toThrow();
  });

  it.each([
    ['new never comes back', 'open', 'pending', 'new'],
    ['closed is immutable', 'closed', 'open', 'open'],
    ["a customer's message on pending, on-hold or solved reopens", 'solved', 'customer-message', 'solved'],
    ['only a solved thread closes by itself', 'open', 'auto-close', 'closed'],
  ] as const)('is refused where it breaks: %s', (rule, from, happening, to) => {
    const broken = { ...TRANSITIONS, [from]: { ...TRANSITIONS[from], [happening]: to } };
    expect(() => checkTransitions(broken)).toThrow(BrokenTransitions);
    expect(() => checkTransitions(broken)).toThrow(rule);
  });

  it('is refused where a status has no answer to a happening', () => {
    const { merge: _, ...row } = TRANSITIONS.open;
    const broken = { ...TRANSITIONS, open: row } as unknown as typeof TRANSITIONS;
    expect(() => checkTransitions(broken)).toThrow('every status answers every happening');
  });

  it.each(STATUSES)('lets nothing change a closed thread, and a merge close a %s one', (status) => {
    expect(transition('closed', 'customer-message')).toEqual({ refusedBy: 'closed-is-immutable' });
    if (status !== 'closed') expect(transition(status, 'merge')).toBe('closed');
  });
});
