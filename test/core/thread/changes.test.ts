import { describe, expect, it } from 'vitest';
import type { CommandBody } from '../../../core/thread/command.ts';
import { TAGS_MAX } from '../../../core/thread/thread.ts';
import {
  ANA,
  aPolicy,
  aReply,
  aStory,
  aText,
  BEN,
  DAY,
  defaultPolicy,
  entriesIn,
  HOUR,
  MONDAY,
  reasonOf,
  type Story,
} from '../../builders.ts';

function closed(): Story {
  const story = aStory();
  story.tell({ type: 'set-status', status: 'solved' });
  story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + 30 * DAY });
  return story;
}

const AGENT_COMMANDS: CommandBody[] = [
  aReply(),
  { type: 'note', messageId: 'msg_1', channel: 'api', content: aText() },
  { type: 'set-status', status: 'open' },
  { type: 'set-priority', priority: 'high' },
  { type: 'set-subject', subject: 'Other' },
  { type: 'change-tags', add: ['vip'], remove: [] },
  { type: 'assign', assignee: 'ana', takeOver: false },
  { type: 'snooze', until: null },
  { type: 'wake' },
  { type: 'merge', into: 'thr_acme_other' },
];

describe('a closed thread', () => {
  it.each(AGENT_COMMANDS)('is not changed by $type', (body) => {
    const story = closed();
    expect(reasonOf(story.tell(body))).toBe('closed-is-immutable');
  });

  it('is not solved by its customer', () => {
    expect(reasonOf(closed().tell({ type: 'customer-solve' }))).toBe('closed-is-immutable');
  });
});

describe('a change', () => {
  it.each([
    [{ type: 'set-status', status: 'on-hold' }, { status: 'on-hold' }],
    [{ type: 'set-priority', priority: 'urgent' }, { priority: 'urgent' }],
    [{ type: 'set-subject', subject: 'Refund' }, { subject: 'Refund' }],
    [{ type: 'change-tags', add: ['b', 'a', 'b'], remove: ['c'] }, { tags: ['b', 'a'] }],
    [{ type: 'assign', team: 'billing', takeOver: false }, { team: 'billing' }],
    [{ type: 'snooze', until: MONDAY + HOUR }, { snooze: { until: MONDAY + HOUR } }],
    [{ type: 'snooze', until: null }, { snooze: { until: null } }],
  ] as [CommandBody, object][])('is made, counted and logged: $0.type', (body, expected) => {
    const story = aStory();
    const { version } = story.head;
    const decision = story.tell(body);
    expect(story.head).toMatchObject({ ...expected, version: version + 1 });
    expect(entriesIn(decision)).toMatchObject([{ type: 'change', author: ANA, at: MONDAY }]);
    expect(entriesIn(story.tell(body)), 'made again it changes nothing').toEqual([]);
  });

  it('with If-Match is refused when the thread moved meanwhile', () => {
    const story = aStory();
    expect(reasonOf(story.tell({ type: 'set-priority', priority: 'low' }, { ifMatch: 1 }))).toBeUndefined();
    expect(reasonOf(story.tell({ type: 'set-priority', priority: 'high' }, { ifMatch: 1 }))).toBe('version-mismatch');
  });

  it('of tags is bounded', () => {
    const many = Array.from({ length: TAGS_MAX + 1 }, (_, index) => `t${index}`);
    expect(reasonOf(aStory().tell({ type: 'change-tags', add: many, remove: [] }))).toBe('too-many-tags');
  });
});

describe('assignment', () => {
  it('lets an agent claim what nobody owns', () => {
    const story = aStory();
    story.tell({ type: 'assign', assignee: 'ben', takeOver: false }, { author: BEN });
    expect(story.head.assignee).toBe('ben');
  });

  it('lets the owner hand the thread over, or give it back', () => {
    const story = aStory();
    story.tell({ type: 'assign', assignee: 'ben', takeOver: false }, { author: BEN });
    story.tell({ type: 'assign', assignee: 'ana', takeOver: false }, { author: BEN });
    expect(story.head.assignee).toBe('ana');
    story.tell({ type: 'assign', assignee: null, takeOver: false }, { author: ANA });
    expect(story.head.assignee).toBeNull();
  });

  it.each([
    ['without saying takeOver', ANA, false, 'owned'],
    ['without the right', BEN, true, 'take-over-right'],
    ['with the right and saying so', ANA, true, undefined],
  ] as const)('of an owned thread %s', (_, author, takeOver, expected) => {
    const story = aStory();
    const owner = author === ANA ? BEN : ANA;
    story.tell({ type: 'assign', assignee: owner.id, takeOver: false }, { author: owner });
    expect(reasonOf(story.tell({ type: 'assign', assignee: author.id, takeOver }, { author }))).toBe(expected);
    expect(story.head.assignee).toBe(expected === undefined ? author.id : owner.id);
  });

  it('to a team that the owner is not in takes the thread from them, and so needs the same right', () => {
    const { support, billing } = defaultPolicy.source.teams;
    if (support === undefined || billing === undefined) throw new Error('The default policy has both teams.');
    const policy = aPolicy({ teams: { support, billing, other: { ...support, agents: ['ben'] } } });
    const story = aStory();
    story.tell({ type: 'assign', assignee: 'ana', takeOver: false }, { author: ANA, policy });
    const away = { type: 'assign', team: 'other', takeOver: false } as const;
    expect(reasonOf(story.tell(away, { author: BEN, policy }))).toBe('owned');
    expect(reasonOf(story.tell({ ...away, takeOver: true }, { author: BEN, policy }))).toBe('take-over-right');
    expect(reasonOf(story.tell({ ...away, team: 'billing' }, { author: BEN, policy })), 'she is in it').toBeUndefined();
    expect(story.head).toMatchObject({ team: 'billing', assignee: 'ana' });
    expect(reasonOf(story.tell(away, { author: ANA, policy })), 'the owner herself').toBeUndefined();
    expect(story.head).toMatchObject({ team: 'other', assignee: null });
  });

  it('is for agents who may answer', () => {
    const story = aStory();
    expect(reasonOf(story.tell({ type: 'assign', assignee: 'eve', takeOver: false }))).toBe('assignee-cannot-reply');
  });

  it('refuses teams and agents that the policy does not have', () => {
    expect(reasonOf(aStory().tell({ type: 'assign', team: 'sales', takeOver: false }))).toBe('unknown-team');
    expect(reasonOf(aStory().tell({ type: 'assign', assignee: 'zoe', takeOver: false }))).toBe('unknown-agent');
  });

  it('to another team takes the thread from an owner who is not in it', () => {
    const story = aStory();
    story.tell({ type: 'assign', assignee: 'ben', takeOver: false }, { author: BEN });
    const decision = story.tell({ type: 'assign', team: 'billing', takeOver: false }, { author: BEN });
    expect(story.head).toMatchObject({ team: 'billing', assignee: null });
    expect(entriesIn(decision)[1]?.cause.rule).toBe('assignee-not-in-team');
  });
});

describe('a snooze', () => {
  it('ends at its instant by itself', () => {
    const story = aStory();
    story.tell({ type: 'snooze', until: MONDAY + HOUR });
    const { generation } = story.head;
    expect(story.tell({ type: 'fire-timers', generation }, { now: MONDAY + HOUR - 1 })).toEqual({
      outcome: 'early',
      dueAt: MONDAY + HOUR,
    });
    story.tell({ type: 'fire-timers', generation }, { now: MONDAY + HOUR });
    expect(story.head.snooze).toBeNull();
    expect(story.entries.at(-1)?.cause.rule).toBe('snooze-over');
  });

  it('is refused in the past and on a solved thread', () => {
    expect(reasonOf(aStory().tell({ type: 'snooze', until: MONDAY }))).toBe('snooze-in-the-past');
    const story = aStory();
    story.tell({ type: 'set-status', status: 'solved' });
    expect(reasonOf(story.tell({ type: 'snooze', until: null }))).toBe('solved-is-not-snoozed');
  });

  it('is ended by solving, and by waking', () => {
    for (const body of [{ type: 'set-status', status: 'solved' }, { type: 'wake' }] as const) {
      const story = aStory();
      story.tell({ type: 'snooze', until: null });
      story.tell(body);
      expect(story.head.snooze).toBeNull();
    }
  });
});
