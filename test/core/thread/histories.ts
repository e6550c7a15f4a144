/** Histories of threads: any commands at any time, some sensible and some not. */
import fc from 'fast-check';
import type { CommandBody } from '../../../core/thread/command.ts';
import { SCORES } from '../../../core/thread/rating.ts';
import { PRIORITIES, SETTABLE_STATUSES } from '../../../core/thread/status.ts';
import { ANA, aCustomerMessage, aStart, aText, BEN, DAY, MONDAY, Story } from '../../builders.ts';

export const anyBody: fc.Arbitrary<CommandBody> = fc.oneof(
  fc.constant(aStart()),
  fc.constant(aCustomerMessage()),
  fc.constant({ type: 'customer-solve' } as const),
  fc.record({
    type: fc.constant('rate' as const),
    score: fc.constantFrom(...SCORES),
    comment: fc.constantFrom(null, 'It was late.'),
  }),
  fc.record({ type: fc.constant('seen' as const), upTo: fc.nat(20) }),
  fc.record({
    type: fc.constant('reply' as const),
    messageId: fc.constant('set below'),
    channel: fc.constant('api' as const),
    content: fc.constant(aText('An answer')),
    status: fc.option(fc.constantFrom(...SETTABLE_STATUSES), { nil: undefined }),
  }),
  fc.constant({ type: 'note', messageId: 'set below', channel: 'api', content: aText('SECRET') } as const),
  fc.record({ type: fc.constant('set-status' as const), status: fc.constantFrom(...SETTABLE_STATUSES) }),
  fc.record({ type: fc.constant('set-priority' as const), priority: fc.constantFrom(...PRIORITIES) }),
  fc.record({
    type: fc.constant('assign' as const),
    team: fc.constantFrom('support', 'billing', undefined),
    assignee: fc.constantFrom('ana', 'ben', null, undefined),
    takeOver: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('snooze' as const),
    until: fc.option(fc.integer({ min: MONDAY, max: MONDAY + 20 * DAY })),
  }),
  fc.constant({ type: 'wake' } as const),
  fc.record({ type: fc.constant('fire-timers' as const), generation: fc.nat(6) }),
  fc.constant({
    type: 'set-aside',
    reason: { code: 'defect', detail: '' },
    payload: { poison: true },
    payloadKey: null,
    waitingSince: MONDAY,
    customer: null,
  } as const),
);

const step = fc.record({
  body: anyBody,
  pause: fc.integer({ min: 0, max: 2 * DAY }),
  author: fc.constantFrom(ANA, BEN),
});
export const history = fc.array(step, { maxLength: 30 });

const NOT_BY_AGENTS: CommandBody['type'][] = [
  ...(['start', 'customer-message', 'customer-solve', 'seen', 'rate'] as const),
  ...(['set-aside', 'fire-timers'] as const),
];

/** The story of a history, which begins with a customer's message. */
export function told(steps: { body: CommandBody; pause: number; author: typeof ANA }[]): Story {
  const story = new Story();
  story.tell(aStart());
  for (const { body: wish, pause, author } of steps) {
    const isByAgent = !NOT_BY_AGENTS.includes(wish.type);
    const live = wish.type === 'fire-timers' && story.thread ? { ...wish, generation: story.head.generation } : wish;
    story.tell(live, { now: story.now + pause, ...(isByAgent ? { author } : {}) });
  }
  return story;
}
