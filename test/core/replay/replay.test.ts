import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replay, type Replaying, retell } from '../../../core/replay/replay.ts';
import { BadThreshold, isExceeded } from '../../../core/replay/threshold.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import {
  ANA,
  aCustomer,
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  aText,
  aWorld,
  DAY,
  HOUR,
  MONDAY,
} from '../../builders.ts';
import { history, live } from '../../support/histories.ts';
import { TimedStory } from '../../support/timed-story.ts';

const MEASURED = aPolicy({
  sla: [{ id: 'all', metrics: { 'first-reply': { within: '4h', calendar: 'always', breach: { addTags: ['late'] } } } }],
});

function replaying(policy = MEASURED, until = MONDAY + DAY): Replaying {
  const { ids, textOf } = aWorld();
  return { policy, ids, textOf, until };
}

function lived(policy = MEASURED): TimedStory {
  const story = new TimedStory(policy);
  story.tell(aStart({ content: aText('Where is my refund?') }));
  story.tell(aReply({ status: 'pending' }), { now: MONDAY + 3 * HOUR, author: ANA });
  story.tell(aCustomerMessage(), { now: MONDAY + 5 * HOUR });
  story.tell({ type: 'assign', assignee: 'ana', takeOver: false }, { now: MONDAY + 5 * HOUR, author: ANA });
  story.tell({ type: 'set-status', status: 'solved' }, { now: MONDAY + 6 * HOUR, author: ANA });
  story.passTo(MONDAY + DAY);
  return story;
}

function reportOf(story: TimedStory, policy = MEASURED) {
  const replay = new Replay();
  replay.add(story.id, story.log, replaying(policy));
  return replay.report;
}

describe('a replay', () => {
  it('under the same policy comes to the same, for any history', () => {
    const saidBy = (entries: Entry[]) => entries.map(({ seq: _, cause, ...entry }) => ({ ...entry, rule: cause.rule }));
    fc.assert(
      fc.property(history, (told) => {
        const story = live({ ...told, change: 1_000 });
        const again = retell(story.id, story.log, replaying(story.policy, story.now));
        expect(saidBy(again?.entries ?? [])).toEqual(saidBy(story.entries));
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing where nothing would be different', () => {
    expect(reportOf(lived())).toMatchObject({
      threads: 1,
      differences: [],
      breaches: { before: 0, after: 0 },
      promisedMedianMs: { before: 4 * HOUR, after: 4 * HOUR },
      // The second message came when the office had closed.
      promisedP90Ms: { before: 17 * HOUR, after: 17 * HOUR },
    });
  });

  it('tells which threads would be with another team, priority or target, and what would be breached', () => {
    const stricter = aPolicy({
      routing: [
        {
          id: 'intake',
          on: ['start'],
          mode: 'first',
          rules: [{ id: 'money', when: { text: ['refund'] }, do: { team: 'billing', priority: 'high' } }],
        },
      ],
      sla: [
        { id: 'money', when: { team: ['billing'] }, metrics: { 'first-reply': { within: '2h', calendar: 'always' } } },
      ],
    });
    const story = lived();
    expect(reportOf(story, stricter)).toMatchObject({
      differences: [
        {
          thread: story.id,
          changes: ['team: support → billing', 'priority: normal → high', 'targets: all → money', 'breaches: 0 → 1'],
        },
      ],
      breaches: { before: 0, after: 1 },
    });
  });

  it('knows of a customer what was told of them then, by a record or with a message', () => {
    const policy = aPolicy({
      routing: [
        {
          ...{ id: 'vips', on: ['change', 'message'], mode: 'all' },
          rules: [
            { id: 'told', when: { segment: ['vip'] }, do: { priority: 'high' } },
            { id: 'moved', when: { address: ['vip.example'] }, do: { team: 'billing' } },
          ],
        },
      ],
    });
    const story = new TimedStory(MEASURED);
    story.tell(aStart());
    story.tell({ type: 'customer-told', customer: aCustomer({ segments: ['vip'], record: 1 }) }, { author: ANA });
    const customer = aCustomer({ email: 'c1@vip.example', segments: ['vip'], record: 2 });
    story.tell(aCustomerMessage({ customer }));
    expect(reportOf(story, policy).differences).toMatchObject([
      { changes: expect.arrayContaining(['team: support → billing', 'priority: normal → high']) },
    ]);
  });

  it('leaves out what was no doing of people', () => {
    const story = new TimedStory(MEASURED);
    story.tell({ type: 'record-delivery', send: 's', state: 'bounced', detail: '' });
    expect(reportOf(story).threads).toBe(0);
  });
});

describe('a limit of what a replay may come to', () => {
  const report = {
    ...{ threads: 9, differences: [{ thread: 't', changes: [] }], breaches: { before: 100, after: 106 } },
    promisedMedianMs: { before: null, after: HOUR },
    promisedP90Ms: { before: 2 * HOUR, after: HOUR },
  };

  it.each([
    ['breaches>+5%', true],
    ['breaches > +6%', false],
    ['breaches>+5', true],
    ['breaches>105', true],
    ['breaches>106', false],
    ['changes>0', true],
    ['changes>1', false],
    ['promised-median>59', true],
    ['promised-p90>+0%', false],
  ])('%s: %s', (limit, expected) => {
    expect(isExceeded(limit, report)).toBe(expected);
  });

  it.each(['breaches', 'breaches<5', 'waits>5', 'breaches>5%', 'breaches>+x'])('%s is none', (limit) => {
    expect(() => isExceeded(limit, report)).toThrow(BadThreshold);
  });
});
