import { describe, expect, it } from 'vitest';
import type { Command } from '../../../core/thread/command.ts';
import type { Decision } from '../../../core/thread/draft.ts';
import { inboxClassOf } from '../../../core/thread/thread.ts';
import {
  aCustomer,
  aCustomerMessage,
  aReply,
  aStory,
  aThreadId,
  DAY,
  HOUR,
  MONDAY,
  reasonOf,
  Stories,
  Story,
} from '../../builders.ts';

/** Two threads of one customer, the older first, and their lanes in between. */
function pair(): { older: Story; newer: Story } {
  return { older: aStory({}, aThreadId('c1', MONDAY - DAY)), newer: aStory({}, aThreadId('c1', MONDAY)) };
}

function commandsOf(decision: Decision): Command[] {
  if (decision.outcome !== 'done') return [];
  return decision.effects.flatMap((effect) => (effect.type === 'command' ? [effect.command] : []));
}

function run(story: Story, command: Command | undefined): Decision {
  if (command === undefined) throw new Error('There is no command to run.');
  const { body, author, id, acceptedAt, expectedReplyAt } = command;
  const promise = expectedReplyAt === undefined ? {} : { expectedReplyAt };
  return story.tell(body, { author, id, acceptedAt, now: Math.max(story.now, acceptedAt), ...promise });
}

function carry(decision: Decision, ...stories: Story[]): void {
  new Stories(...stories).carry(decision);
}

describe('a merge', () => {
  it('closes the newer thread into the older, each naming the other', () => {
    const { older, newer } = pair();
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(newer.head).toMatchObject({ status: 'closed', mergedInto: older.id, mergingInto: null });
    expect(older.entries.at(-1)).toMatchObject({ type: 'merge', phase: 'absorbed', from: newer.id });
  });

  it('takes the customer’s waiting and promise along', () => {
    const { older, newer } = pair();
    older.tell(aReply({ status: 'pending' }), { now: MONDAY });
    const { waitingSince, expectedReplyAt } = newer.head;
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(older.head).toMatchObject({ status: 'open', waitingSince, expectedReplyAt });
    expect(newer.head.waitingSince).toBeNull();
  });

  it('brings a snoozed thread back into the inbox when the customer waits', () => {
    const { older, newer } = pair();
    older.tell(aReply({ status: 'pending' }));
    older.tell({ type: 'snooze', until: null });
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(older.head).toMatchObject({ status: 'open', snooze: null });
    expect(inboxClassOf(older.head)).toBe('u');
  });

  it.each([
    ['on-hold', 'solved', 'on-hold'],
    ['on-hold', 'pending', 'on-hold'],
    ['open', 'on-hold', 'open'],
    ['pending', 'open', 'open'],
    ['solved', 'on-hold', 'on-hold'],
    ['solved', 'solved', 'solved'],
  ] as const)('of a thread that is %s into one that is %s leaves it %s', (status, than, expected) => {
    const { older, newer } = pair();
    older.tell(aReply({ status: than }));
    newer.tell(aReply({ status }));
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(older.head.status).toBe(expected);
    expect(older.head.closeAt === null).toBe(expected !== 'solved');
  });

  it('is judged by the version of the thread that the agent named', () => {
    const { older, newer } = pair();
    older.tell({ type: 'set-priority', priority: 'high' });
    const stale = newer.tell({ type: 'merge', into: older.id, intoVersion: older.head.version - 1 });
    carry(stale, older, newer);
    expect(newer.entries.at(-1)).toMatchObject({ phase: 'refused', reason: { code: 'version-mismatch' } });
    carry(newer.tell({ type: 'merge', into: older.id, intoVersion: older.head.version }), older, newer);
    expect(newer.head.mergedInto).toBe(older.id);
  });

  it('moves the version of the older thread, which others may have open', () => {
    const { older, newer } = pair();
    const { version } = older.head;
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(older.head.version).toBe(version + 1);
  });

  it('stays pending until the older thread has accepted', () => {
    const { older, newer } = pair();
    newer.tell({ type: 'merge', into: older.id });
    expect(newer.head).toMatchObject({ mergingInto: older.id, mergedInto: null, status: 'new' });
    expect(reasonOf(newer.tell({ type: 'merge', into: older.id }))).toBe('merge-under-way');
  });

  it('sends later messages to where it went', () => {
    const { older, newer } = pair();
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    carry(newer.tell(aCustomerMessage()), older, newer);
    expect(older.entries.filter(({ type }) => type === 'message')).toHaveLength(2);
    expect(newer.entries.at(-1)).toMatchObject({ type: 'moved', to: older.id, because: 'merged' });
  });

  it('of the older into the newer is refused, as is one into itself', () => {
    const { older, newer } = pair();
    expect(reasonOf(older.tell({ type: 'merge', into: newer.id }))).toBe('merge-newer-into-older');
    expect(reasonOf(newer.tell({ type: 'merge', into: newer.id }))).toBe('merge-into-itself');
  });

  it('of two customers’ threads is refused', () => {
    const { newer } = pair();
    const foreign = aStory({ customer: aCustomer({ id: 'c2' }) }, aThreadId('c2', MONDAY - DAY));
    expect(reasonOf(newer.tell({ type: 'merge', into: foreign.id }))).toBe('merge-same-customer');
  });

  it('into a closed thread is refused there, and the newer one is told', () => {
    const { older, newer } = pair();
    older.tell({ type: 'set-status', status: 'solved' });
    older.tell({ type: 'fire-timers', generation: older.head.generation }, { now: MONDAY + 30 * DAY });
    carry(newer.tell({ type: 'merge', into: older.id }), older, newer);
    expect(newer.head).toMatchObject({ mergingInto: null, mergedInto: null, status: 'new' });
    expect(newer.entries.at(-1)).toMatchObject({ phase: 'refused', reason: { code: 'closed-is-immutable' } });
  });

  it('into a thread that was merged itself goes on to where that one went', () => {
    const oldest = aStory({}, aThreadId('c1', MONDAY - 2 * DAY));
    const { older, newer } = pair();
    carry(older.tell({ type: 'merge', into: oldest.id }), oldest, older);
    carry(newer.tell({ type: 'merge', into: older.id }), oldest, older, newer);
    expect(newer.head.mergedInto).toBe(oldest.id);
    expect(oldest.entries.filter(({ type }) => type === 'merge')).toHaveLength(2);
  });

  it('asks again when the customer writes meanwhile, so that no clock is lost, even if the older was answered', () => {
    const { older, newer } = pair();
    older.tell(aReply({ status: 'pending' }));
    const [absorb] = commandsOf(newer.tell({ type: 'merge', into: older.id }));
    const [complete] = commandsOf(run(older, absorb));
    older.tell(aReply({ status: 'pending' }), { now: MONDAY + HOUR });
    newer.tell(aCustomerMessage(), { now: MONDAY + 2 * HOUR });
    carry(run(newer, complete), older, newer);
    expect(newer.head).toMatchObject({ status: 'closed', mergedInto: older.id, lateSince: null });
    expect(older.head).toMatchObject({ status: 'open', waitingSince: MONDAY + 2 * HOUR });
  });

  it('is off when the older can take no more, and the newer stays with its clock', () => {
    const { older, newer } = pair();
    for (const story of [older, newer]) story.tell(aReply());
    const oldest = aStory({}, aThreadId('c1', MONDAY - 2 * DAY));
    const [absorb] = commandsOf(newer.tell({ type: 'merge', into: older.id }));
    const [complete] = commandsOf(run(older, absorb));
    older.tell({ type: 'merge', into: oldest.id });
    newer.tell(aCustomerMessage(), { now: MONDAY + HOUR });
    carry(run(newer, complete), older, newer);
    expect(newer.head).toMatchObject({ status: 'open', mergingInto: null, waitingSince: MONDAY + HOUR });
    expect(newer.entries.at(-1)).toMatchObject({ phase: 'refused', reason: { code: 'merge-under-way' } });
  });

  it('needs no second question for what was answered meanwhile', () => {
    const { older, newer } = pair();
    const [absorb] = commandsOf(newer.tell({ type: 'merge', into: older.id }));
    const [complete] = commandsOf(run(older, absorb));
    newer.tell(aCustomerMessage());
    newer.tell(aReply());
    carry(run(newer, complete), older, newer);
    expect(newer.head.mergedInto).toBe(older.id);
    expect(newer.entries.filter(({ type }) => type === 'merge')).toHaveLength(2);
  });

  it('to no thread at all is refused, and the newer one is told', () => {
    const { newer } = pair();
    const nobody = new Story(aThreadId('c1', MONDAY - DAY));
    carry(newer.tell({ type: 'merge', into: nobody.id }), nobody, newer);
    expect(newer.entries.at(-1)).toMatchObject({ phase: 'refused', reason: { code: 'unknown-thread' } });
  });
});

describe('merges begun at both ends', () => {
  it('form no cycle: only one direction is ever allowed', () => {
    const { older, newer } = pair();
    const first = older.tell({ type: 'merge', into: newer.id });
    const second = newer.tell({ type: 'merge', into: older.id });
    carry(second, older, newer);
    carry(first, older, newer);
    expect([older.head.mergedInto, newer.head.mergedInto]).toEqual([null, older.id]);
  });
});
