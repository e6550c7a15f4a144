/** Histories of a thread at random, under policies at random. */
import fc from 'fast-check';
import type { Condition } from '../../core/rule/condition-shape.ts';
import { METRICS } from '../../core/sla/metric.ts';
import type { CommandBody } from '../../core/thread/command.ts';
import { ANA, aCustomer, aCustomerMessage, aPolicy, aReply, aStart, aText, MINUTE } from '../builders.ts';
import { TimedStory } from './timed-story.ts';

const BODIES: CommandBody[] = [
  aReply(),
  aReply({ status: 'pending' }),
  aReply({ status: 'solved' }),
  ...(['open', 'pending', 'on-hold', 'solved'] as const).map((status): CommandBody => ({ type: 'set-status', status })),
  ...(['low', 'urgent'] as const).map((priority): CommandBody => ({ type: 'set-priority', priority })),
  { type: 'assign', team: 'billing', takeOver: true },
  { type: 'assign', team: 'support', assignee: 'ana', takeOver: true },
  { type: 'snooze', until: null },
  { type: 'customer-solve' },
  { type: 'rate', score: 2, comment: null },
  { type: 'rate', score: 4, comment: 'It was late.' },
  ...[[], ['vip']].map((segments): CommandBody => {
    return { type: 'customer-told', customer: aCustomer({ segments, record: 1 }) };
  }),
  { type: 'note', messageId: 'msg_1', channel: 'api', content: aText('a note') },
];

const WHENS: Condition[] = [
  {},
  { priority: ['urgent'] },
  { team: ['support'] },
  { segment: ['vip'] },
  { not: { tag: ['late'] } },
  { open: true },
];

const metricTarget = fc.record({
  within: fc.constantFrom('30m', '3h', '2d'),
  calendar: fc.constantFrom(undefined, 'always', 'office'),
  onReopen: fc.constantFrom('continue' as const, 'restart' as const),
  notesCount: fc.boolean(),
  warnings: fc.constantFrom([], [{ before: '20m', do: { priority: 'raise' as const } }]),
  breach: fc.constantFrom({}, { addTags: ['late'] }, { team: 'billing', notify: ['owner' as const] }),
  repeats: fc.constantFrom(undefined, { every: '45m', times: 3, do: { notify: ['team' as const] } }),
});
const target = fc.record({
  when: fc.constantFrom(...WHENS.slice(1)),
  metrics: fc.dictionary(fc.constantFrom(...METRICS), metricTarget, { minKeys: 1 }),
});
const sla = fc
  .tuple(fc.array(target, { maxLength: 2 }), target)
  .map(([some, last]) => [...some, { ...last, when: {} }].map((one, index) => ({ id: `t${index}`, ...one })));
const step = fc.tuple(fc.nat({ max: 600 }), fc.option(fc.constantFrom(...BODIES), { nil: undefined, freq: 4 }));
/** Another policy is deployed before that step. */
export const history = fc.record({
  policies: fc.tuple(sla, sla),
  steps: fc.array(step, { maxLength: 25 }),
  change: fc.nat(25),
});

/** Lives through a history, and the two months after it. */
export function live({
  policies,
  steps,
  change,
}: typeof history extends fc.Arbitrary<infer H> ? H : never): TimedStory {
  const [first, second] = policies.map((one) => aPolicy({ sla: JSON.parse(JSON.stringify(one)) }));
  const story = new TimedStory(first ?? aPolicy());
  story.tell(aStart());
  steps.forEach(([minutes, body], index) => {
    if (index === change) story.policy = second ?? story.policy;
    const now = story.now + minutes * MINUTE;
    if (body === undefined) story.tell(aCustomerMessage(), { now });
    else story.tell(body, { now, ...(['customer-solve', 'rate'].includes(body.type) ? {} : { author: ANA }) });
  });
  story.passTo(story.now + 60 * 24 * 60 * MINUTE);
  return story;
}
