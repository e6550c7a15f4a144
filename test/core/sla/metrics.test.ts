/**
 * Each metric with its published meaning: Zendesk help, "Defining SLA policies" and "Understanding ticket reply time":
 * what it measures, in which statuses it counts, and what pauses, fulfils and starts it anew.
 */
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../core/sla/metric.ts';
import type { CommandBody } from '../../../core/thread/command.ts';
import { ANA, aCustomerMessage, aPolicy, aReply, aStart, aText, HOUR, MONDAY } from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

/** `10h` for one metric, in real time. */
function policyOf(metric: Metric) {
  return aPolicy({ sla: [{ id: 'all', metrics: { [metric]: { within: '10h', calendar: 'always' } } }] });
}

const note: CommandBody = { type: 'note', messageId: 'msg_1', channel: 'api', content: aText('a note') };
const status = (to: 'open' | 'pending' | 'on-hold' | 'solved'): CommandBody => ({ type: 'set-status', status: to });
const reply = aReply();
const customer = aCustomerMessage();
const toBilling: CommandBody = { type: 'assign', team: 'billing', takeOver: false };

/** What happens each an hour after the other, beginning with the customer's first message; and what the clock does. */
type Row = [metric: Metric, what: string, story: CommandBody[], events: string[], dueIn: number | null];

const ROWS: Row[] = [
  ['first-reply', 'runs from the first message', [], ['started'], 10],
  ['first-reply', 'is fulfilled by an agent’s reply', [reply], ['started', 'fulfilled'], null],
  ['first-reply', 'is not fulfilled by a note', [note], ['started'], 10],
  ['first-reply', 'does not wait while others are waited for', [status('on-hold')], ['started'], 10],
  ['first-reply', 'is not set back by a second message', [customer], ['started'], 10],
  ['first-reply', 'does not come again after a reply', [reply, customer], ['started', 'fulfilled'], null],
  ['next-reply', 'does not run before the first reply', [customer], [], null],
  ['next-reply', 'runs from the oldest message without an answer', [reply, customer, customer], ['started'], 12],
  [
    'next-reply',
    'is fulfilled, and starts anew',
    [reply, customer, reply, customer],
    ['started', 'fulfilled', 'started'],
    14,
  ],
  ['periodic-update', 'runs from an agent’s message', [reply], ['started'], 11],
  ['periodic-update', 'starts anew with each', [reply, customer, reply], ['started', 'fulfilled', 'started'], 13],
  ['periodic-update', 'goes on while pending', [reply, status('pending')], ['started'], 11],
  ['periodic-update', 'ends when solved', [reply, status('solved')], ['started', 'fulfilled'], null],
  ['pausable-update', 'pauses while pending', [reply, status('pending')], ['started', 'paused'], null],
  ['pausable-update', 'goes on by as much', [reply, status('pending'), customer], ['started', 'paused', 'resumed'], 12],
  ['requester-wait', 'runs from the beginning', [], ['started'], 10],
  ['requester-wait', 'counts on-hold', [status('on-hold')], ['started'], 10],
  ['requester-wait', 'pauses while pending', [status('pending')], ['started', 'paused'], null],
  ['requester-wait', 'goes on', [status('pending'), customer], ['started', 'paused', 'resumed'], 11],
  ['requester-wait', 'is not fulfilled by a reply', [reply], ['started'], 10],
  ['requester-wait', 'is fulfilled when solved', [status('solved')], ['started', 'fulfilled'], null],
  ['agent-work', 'pauses while on-hold', [status('on-hold')], ['started', 'paused'], null],
  [
    'agent-work',
    'goes on from one pause to another',
    [status('on-hold'), status('pending')],
    ['started', 'paused'],
    null,
  ],
  ['agent-work', 'goes on', [status('on-hold'), status('open')], ['started', 'paused', 'resumed'], 11],
  ['total-resolution', 'never pauses', [reply, status('pending'), status('on-hold')], ['started'], 10],
  ['total-resolution', 'is fulfilled when solved', [status('solved')], ['started', 'fulfilled'], null],
  ['group-ownership', 'runs from coming to the team', [], ['started'], 10],
  ['group-ownership', 'starts anew with another team', [toBilling], ['started', 'fulfilled', 'started'], 11],
  ['group-ownership', 'is fulfilled when solved', [status('solved')], ['started', 'fulfilled'], null],
];

describe.each(ROWS)('%s', (metric, what, bodies, events, dueIn) => {
  it(what, () => {
    const story = new TimedStory(policyOf(metric));
    story.tell(aStart());
    bodies.forEach((body, index) => {
      const author = body.type === 'customer-message' ? {} : { author: ANA };
      story.tell(body, { now: MONDAY + (index + 1) * HOUR, ...author });
    });
    expect(story.slaEntries.map(({ event }) => event)).toEqual(events);
    const running = story.head.clocks.find(({ endedAt, dueAt }) => endedAt === null && dueAt !== null);
    expect(running?.dueAt ?? null).toBe(dueIn === null ? null : MONDAY + dueIn * HOUR);
  });
});

describe('a clock', () => {
  it.each([
    ['continue', 13],
    ['restart', 15],
  ] as const)('that ran until it was solved, opened again: %s', (onReopen, dueIn) => {
    const within = { within: '10h', calendar: 'always', onReopen } as const;
    const story = new TimedStory(aPolicy({ sla: [{ id: 'all', metrics: { 'total-resolution': within } }] }));
    story.tell(aStart());
    story.tell(status('solved'), { now: MONDAY + 2 * HOUR, author: ANA });
    story.tell(customer, { now: MONDAY + 5 * HOUR });
    expect(story.dueAt('total-resolution')).toBe(MONDAY + dueIn * HOUR);
    expect(story.slaEntries.map(({ event, instance }) => [event, instance])).toEqual([
      ['started', 1],
      ['fulfilled', 1],
      ['started', 2],
    ]);
  });

  it('stands still where the policy says so, whatever the metric', () => {
    const target = { within: '10h', calendar: 'always', pausesIn: ['on-hold' as const] };
    const story = new TimedStory(aPolicy({ sla: [{ id: 'all', metrics: { 'first-reply': target } }] }));
    story.tell(aStart());
    story.tell(status('on-hold'), { now: MONDAY + HOUR, author: ANA });
    story.tell(status('open'), { now: MONDAY + 3 * HOUR, author: ANA });
    expect(story.dueAt('first-reply')).toBe(MONDAY + 12 * HOUR);
  });

  it.each([
    ['first-reply', [note], ['started', 'fulfilled']],
    ['next-reply', [reply, customer, note, customer], ['started', 'fulfilled', 'started']],
    ['periodic-update', [reply, note], ['started', 'fulfilled', 'started']],
  ] as [Metric, CommandBody[], string[]][])(
    'is ended by a note only where the policy says so: %s',
    (metric, bodies, events) => {
      const target = { within: '10h', calendar: 'always', notesCount: true };
      const story = new TimedStory(aPolicy({ sla: [{ id: 'all', metrics: { [metric]: target } }] }));
      story.tell(aStart());
      bodies.forEach((body, index) => {
        const author = body.type === 'customer-message' ? {} : { author: ANA };
        story.tell(body, { now: MONDAY + (index + 1) * HOUR, ...author });
      });
      expect(story.slaEntries.map(({ event }) => event)).toEqual(events);
    },
  );

  it('counts the open time of its calendar, or of the team', () => {
    const story = new TimedStory(aPolicy({ sla: [{ id: 'all', metrics: { 'first-reply': { within: '6h' } } }] }));
    story.tell(aStart()); // noon: lunch until one, four hours until five, two on Tuesday from eight
    expect(story.dueAt('first-reply')).toBe(Date.parse('2026-11-24T09:00:00Z'));
  });

  it('of a thread that an agent began runs from when the customer writes', () => {
    const story = new TimedStory(policyOf('next-reply'));
    story.tell(aStart(), { author: ANA });
    story.tell(customer, { now: MONDAY + HOUR });
    expect(story.dueAt('next-reply')).toBe(MONDAY + 11 * HOUR);
  });
});
