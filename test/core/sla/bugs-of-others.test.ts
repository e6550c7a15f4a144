/** Bugs that users of other products report, as tests that bear their names. */
import { describe, expect, it } from 'vitest';
import { ANA, aCustomerMessage, aPolicy, aReply, BEN, HOUR, MONDAY } from '../../builders.ts';
import { type Sla, WATCHED, watched } from '../../support/timed-story.ts';

const hours = (at: number | null | undefined) => (at == null ? at : (at - MONDAY) / HOUR);

describe('the bugs of others', () => {
  const byPriority: Sla = [
    {
      id: 'urgent',
      when: { priority: ['urgent'] },
      metrics: { 'requester-wait': { within: '6h', calendar: 'always' } },
    },
    { id: 'all', metrics: { 'requester-wait': { within: '10h', calendar: 'always' } } },
  ];

  it('a change of priority does not forget the pause', () => {
    const story = watched(byPriority);
    story.tell({ type: 'set-status', status: 'pending' }, { now: MONDAY + HOUR, author: ANA });
    story.tell(aCustomerMessage(), { now: MONDAY + 3 * HOUR });
    expect(hours(story.dueAt('requester-wait'))).toBe(12);
    story.tell({ type: 'set-priority', priority: 'urgent' }, { now: MONDAY + 4 * HOUR, author: ANA });
    expect(hours(story.dueAt('requester-wait'))).toBe(8);
    expect(story.slaEntries.at(-1)).toMatchObject({ event: 'moved', target: 'urgent', instance: 1 });
  });

  it('a change of policy counts from the original start, the pause left out', () => {
    const story = watched(byPriority);
    story.tell({ type: 'set-status', status: 'pending' }, { now: MONDAY + HOUR, author: ANA });
    story.tell(aCustomerMessage(), { now: MONDAY + 3 * HOUR });
    story.policy = aPolicy({
      sla: [{ id: 'all', metrics: { 'requester-wait': { within: '20h', calendar: 'always' } } }],
    });
    story.tell({ type: 'change-tags', add: ['x'], remove: [] }, { now: MONDAY + 4 * HOUR, author: ANA });
    expect(hours(story.dueAt('requester-wait'))).toBe(22);
  });

  it('a clock that goes on after a pause is counted by the target that applies by then, and says so', () => {
    const story = watched(byPriority);
    story.tell({ type: 'set-status', status: 'pending' }, { now: MONDAY + HOUR, author: ANA });
    story.tell({ type: 'set-priority', priority: 'urgent' }, { now: MONDAY + 2 * HOUR, author: ANA });
    story.tell(aCustomerMessage(), { now: MONDAY + 3 * HOUR });
    expect(story.head.clocks).toMatchObject([{ target: 'urgent', dueAt: MONDAY + 8 * HOUR }]);
    expect(story.slaEntries.at(-1)).toMatchObject({ event: 'resumed', target: 'urgent' });
  });

  it('a deadline that moves is breached at the new instant, not the old one', () => {
    const story = watched(byPriority);
    story.tell({ type: 'set-priority', priority: 'urgent' }, { now: MONDAY + HOUR, author: ANA });
    story.passTo(MONDAY + 24 * HOUR);
    expect(story.slaEntries.filter(({ event }) => event === 'breached').map(({ at }) => hours(at))).toEqual([6]);
  });

  it('what was breached is not breached again when the target gets looser and tighter', () => {
    const story = watched(byPriority);
    story.passTo(MONDAY + 11 * HOUR);
    story.tell({ type: 'set-priority', priority: 'urgent' }, { now: MONDAY + 11 * HOUR, author: ANA });
    story.tell({ type: 'set-priority', priority: 'low' }, { now: MONDAY + 12 * HOUR, author: ANA });
    story.passTo(MONDAY + 100 * HOUR);
    expect(story.clocks.filter((clock) => clock.endsWith('breached'))).toHaveLength(1);
  });

  it('an update does not stand in for the first reply', () => {
    const metrics = { 'first-reply': WATCHED, 'periodic-update': { within: '1h', calendar: 'always' } };
    const story = watched([{ id: 'all', metrics }]);
    story.passTo(MONDAY + 2 * HOUR);
    expect(story.head.clocks.map(({ metric }) => metric)).toEqual(['first-reply']);
    expect(hours(story.dueAt('first-reply'))).toBe(4);
  });

  it('nothing escalates after the answer', () => {
    const story = watched();
    story.tell(aReply(), { now: MONDAY + HOUR, author: ANA });
    expect(story.passTo(MONDAY + 100 * HOUR)).toBe(0);
    expect(story.entries.some(({ type }) => type === 'notified')).toBe(false);
  });

  it('an acknowledgement or another machine’s message is no answer', () => {
    const story = watched();
    story.tell(aReply(), { now: MONDAY + HOUR, author: { kind: 'assistant', id: 'bot', name: null } });
    expect(story.head).toMatchObject({ answered: false, waitingSince: MONDAY });
    expect(hours(story.dueAt('first-reply'))).toBe(4);
  });

  it('solving by mistake stops no clock: opened again, it runs from the message', () => {
    const story = watched();
    story.tell({ type: 'set-status', status: 'solved' }, { now: MONDAY + HOUR, author: ANA });
    story.tell({ type: 'set-status', status: 'open' }, { now: MONDAY + 3 * HOUR, author: BEN });
    expect(hours(story.dueAt('first-reply'))).toBe(4);
  });

  it('counts lunch breaks of nobody', () => {
    const story = watched([{ id: 'all', metrics: { 'first-reply': { within: '30m' } } }]);
    expect(story.dueAt('first-reply')).toBe(Date.parse('2026-11-23T12:30:00Z')); // noon to one is lunch
  });
});
