import { describe, expect, it } from 'vitest';
import { INSTANT_MAX } from '../../../core/thread/command.ts';
import { ANA, aCustomer, aPolicy, aReply, aStart, aText, CUSTOMER, HOUR, MONDAY, Stories } from '../../builders.ts';
import { TimedStory, WATCHED, watched } from '../../support/timed-story.ts';

const hours = (at: number | null | undefined) => (at == null ? at : (at - MONDAY) / HOUR);

describe('a deadline', () => {
  it('is warned of, breached, and told of again, each at its instant with what it does', () => {
    const story = watched();
    story.passTo(MONDAY + 24 * HOUR);
    expect(story.slaEntries.map(({ event, at }) => [event, hours(at)])).toEqual([
      ['started', 0],
      ['warned', 2],
      ['warned', 3.5],
      ['breached', 4],
      ['repeated', 5],
      ['repeated', 6],
    ]);
    const told = story.entries.flatMap((entry) => (entry.type === 'notified' ? [[entry.to, hours(entry.at)]] : []));
    expect(told).toEqual([
      ['team:support', 3.5],
      ['team:billing', 4],
      ['agent:ana', 4],
      ['team:support', 5],
      ['team:billing', 6],
    ]);
    expect(story.head).toMatchObject({ priority: 'high', tags: ['late'], team: 'billing' });
  });

  it('says of all it does which target and metric it is for', () => {
    const story = watched();
    story.passTo(MONDAY + 24 * HOUR);
    const rules = new Set(story.entries.filter(({ at }) => at > MONDAY).map(({ cause }) => cause.rule));
    expect([...rules].sort()).toEqual(['sla/all', 'sla/all/first-reply']);
  });

  it('mails whoever is told, once for each', () => {
    const story = watched();
    story.passTo(MONDAY + 3 * HOUR);
    const decision = story.fire(MONDAY + 4 * HOUR);
    const mails = decision.outcome === 'done' ? decision.effects.filter(({ type }) => type === 'mail') : [];
    expect(mails).toMatchObject([
      { kind: 'alert', to: 'team:support' },
      { kind: 'alert', to: 'team:billing' },
      { kind: 'alert', to: 'agent:ana' },
    ]);
  });

  it('that a sweep missed for hours catches up, in order', () => {
    const story = watched();
    story.fire(MONDAY + 9 * HOUR);
    expect(story.clocks.map((clock) => clock.split(' ')[1])).toEqual([
      'started',
      'warned',
      'warned',
      'breached',
      'repeated',
      'repeated',
    ]);
    expect(story.fire(MONDAY + 9 * HOUR).outcome).toBe('stale');
  });

  it('is breached before an answer that came too late, even if no timer said so', () => {
    const story = watched();
    story.thread = { ...story.head };
    const late = { author: ANA, acceptedAt: MONDAY + 5 * HOUR };
    // Past the timers: as when the sweep does not run.
    Object.getPrototypeOf(TimedStory.prototype).tell.call(story, aReply(), {
      ...late,
      now: late.acceptedAt,
      policy: story.policy,
    });
    expect(story.clocks.map((clock) => clock.split(' ')[1])).toEqual([
      'started',
      'warned',
      'warned',
      'breached',
      'repeated',
      'fulfilled',
    ]);
  });

  it('is not warned of before its clock began', () => {
    const story = watched([{ id: 'all', metrics: { 'first-reply': { ...WATCHED, within: '1h' } } }]);
    story.passTo(MONDAY + HOUR);
    expect(story.clocks).toEqual(['first-reply started', 'first-reply warned', 'first-reply breached']);
  });

  it('ends with a merge, on the thread that goes away', () => {
    const [older, newer] = [new TimedStory(watched().policy), new TimedStory(watched().policy, MONDAY + 1)];
    const stories = new Stories(older, newer);
    older.tell(aStart());
    newer.tell(aStart());
    stories.carry(newer.tell({ type: 'merge', into: older.id }, { author: ANA }));
    expect(newer.clocks).toEqual(['first-reply started', 'first-reply cancelled']);
    expect(older.head.clocks).toMatchObject([{ metric: 'first-reply', endedAt: null }]);
    expect(newer.passTo(MONDAY + 100 * HOUR)).toBe(0);
  });
});

describe('the promise', () => {
  it('is the deadline of the reply, where there is one', () => {
    const story = watched();
    expect(hours(story.head.expectedReplyAt)).toBe(4);
    expect(story.entries.at(-1)).toMatchObject({ type: 'promise' });
  });

  it('is by the target of the segment, and never after the deadline', () => {
    const vip = { when: { segment: ['vip'] }, metrics: { 'first-reply': { within: '1h', calendar: 'always' } } };
    const story = new TimedStory(aPolicy({ sla: [{ id: 'vip', ...vip }] }));
    story.tell(aStart({ customer: aCustomer({ attributes: { segment: 'vip' } }) }));
    expect(hours(story.head.expectedReplyAt)).toBe(1);
    const other = new TimedStory(story.policy);
    other.tell(aStart());
    expect(other.head.clocks).toEqual([]);
    expect(hours(other.head.expectedReplyAt)).toBe(5); // four hours of the office, after lunch
  });
});

describe('a promise that cannot be kept', () => {
  const target = { within: '4h', calendar: 'always', warnings: [{ before: '1h', do: { promiseAnew: '4h' } }] };
  const moved = () => watched([{ id: 'all', metrics: { 'first-reply': target } }]);

  it('is moved before it lapses, and the customer is told, once', () => {
    const story = moved();
    const decision = story.fire(MONDAY + 3 * HOUR);
    expect(hours(story.head.expectedReplyAt)).toBe(22); // two hours until the office closes, two on Tuesday
    expect(decision.outcome === 'done' && decision.effects.filter(({ type }) => type === 'mail')).toMatchObject([
      { kind: 'promise', to: 'customer' },
    ]);
    expect(story.entries.at(-1)).toMatchObject({ type: 'promise', instead: MONDAY + 4 * HOUR });
    story.passTo(MONDAY + 100 * HOUR);
    expect(story.entries.filter(({ type }) => type === 'promise')).toHaveLength(2);
  });

  it('is kept where the answer came', () => {
    const story = moved();
    story.tell(aReply(), { now: MONDAY + HOUR, author: ANA });
    expect(story.passTo(MONDAY + 100 * HOUR)).toBe(0);
  });

  it('is not moved to an earlier time, and not made where there was none', () => {
    const earlier = { ...target, warnings: [{ before: '8h', do: { promiseAnew: '10m' } }] };
    const story = watched([{ id: 'all', metrics: { 'total-resolution': { ...earlier, within: '9h' } } }]);
    story.passTo(MONDAY + 2 * HOUR);
    expect(story.clocks).toContain('total-resolution warned');
    expect(story.entries.filter(({ type }) => type === 'promise')).toHaveLength(1);
  });
});

describe('a calendar that never opens again', () => {
  it('has no deadline, and nothing fires', () => {
    const never = { timeZone: 'UTC', hours: { mon: ['08:00-09:00'] }, breaks: { mon: ['08:00-09:00'] } };
    const business = aPolicy().source.calendars;
    const policy = aPolicy({
      calendars: { ...business, never } as never,
      sla: [{ id: 'all', metrics: { 'total-resolution': { within: '1h', calendar: 'never' } } }],
    });
    const story = new TimedStory(policy);
    story.tell(aStart(), { author: CUSTOMER });
    expect(story.head.clocks).toMatchObject([{ dueAt: null, nextAt: null }]);
    expect(story.passTo(INSTANT_MAX)).toBe(0);
    expect(
      story.tell({ type: 'note', messageId: 'm', channel: 'api', content: aText() }, { author: ANA }).outcome,
    ).toBe('done');
  });
});
