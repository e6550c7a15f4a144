import { describe, expect, it } from 'vitest';
import { fold } from '../../../core/thread/evolve.ts';
import { inboxClassOf } from '../../../core/thread/thread.ts';
import {
  aCustomer,
  aCustomerMessage,
  aReply,
  aSetAside,
  aStart,
  aStory,
  DAY,
  HOUR,
  MONDAY,
  reasonOf,
  Story,
} from '../../builders.ts';

describe('the automatic close', () => {
  it('comes after the time that the policy gives, in the team’s open time', () => {
    const story = aStory();
    story.tell({ type: 'set-status', status: 'solved' });
    // four business days after a Monday in the lunch break: Friday when the office opens again
    const closeAt = Date.parse('2026-11-27T12:00:00Z');
    expect(story.head.closeAt).toBe(closeAt);
    const { generation } = story.head;
    expect(story.tell({ type: 'fire-timers', generation }, { now: closeAt - 1 })).toMatchObject({ outcome: 'early' });
    story.tell({ type: 'fire-timers', generation }, { now: closeAt });
    expect(story.head).toMatchObject({ status: 'closed', closeAt: null });
    expect(story.entries.at(-1)).toMatchObject({
      at: closeAt,
      author: { kind: 'system' },
      cause: { rule: 'auto-close' },
    });
  });

  it('does not come once the customer has written again', () => {
    const story = aStory();
    story.tell({ type: 'set-status', status: 'solved' });
    story.tell(aCustomerMessage());
    expect(story.head).toMatchObject({ status: 'open', closeAt: null });
  });

  it('does not come while a set-aside message waits for us', () => {
    const story = aStory();
    story.tell({ type: 'set-status', status: 'solved' });
    story.tell(aSetAside());
    expect(story.head).toMatchObject({ status: 'open', closeAt: null, waitingSince: MONDAY });
  });
});

describe('a set-aside', () => {
  it('keeps the payload and the reason, and starts the customer’s clock', () => {
    const story = aStory();
    story.tell(aReply());
    story.tell(aSetAside());
    expect(story.entries.at(-1)).toMatchObject({ type: 'set-aside', payload: { type: 'customer-message' } });
    expect(story.head).toMatchObject({ waitingSince: MONDAY, setAsides: [6] });
  });

  it('of the first command makes a thread that is there and waits', () => {
    const story = new Story();
    story.tell(aSetAside({ customer: aCustomer() }));
    expect(story.head).toMatchObject({ started: false, status: 'new', waitingSince: MONDAY, customer: { id: 'c1' } });
    expect(inboxClassOf(story.head)).toBe('u');
    story.tell(aCustomerMessage());
    expect(story.head.version).toBe(1);
  });

  it('is redriven once, by a command that names it', () => {
    const story = new Story();
    story.tell(aSetAside({ customer: aCustomer() }));
    story.tell(aStart(), { redrives: 1 });
    expect(story.head).toMatchObject({ started: true, subject: 'My order', setAsides: [] });
    expect(story.entries).toContainEqual(expect.objectContaining({ type: 'redriven', setAside: 1 }));
    expect(reasonOf(story.tell(aCustomerMessage(), { redrives: 1 }))).toBe('not-set-aside');
  });

  it('of a customer’s message brings a snoozed thread back into the inbox', () => {
    const story = aStory();
    story.tell({ type: 'snooze', until: null });
    story.tell(aSetAside());
    expect(inboxClassOf(story.head)).toBe('u');
  });

  it('is the fold of its log also when it is a thread’s first entry', () => {
    const story = new Story();
    story.tell(aSetAside(), { acceptedAt: MONDAY, now: MONDAY + 5 });
    expect(fold(story.id, story.entries)).toEqual(story.head);
  });

  it('of a start opens the thread again when it is redriven, whatever became of the thread', () => {
    const solved = new Story();
    solved.tell(aSetAside());
    solved.tell({ type: 'set-status', status: 'solved' });
    solved.tell(aStart(), { redrives: 1 });
    expect(solved.head).toMatchObject({ status: 'open', closeAt: null, waitingSince: MONDAY });
    const closed = new Story();
    closed.tell(aSetAside());
    closed.tell({ type: 'set-status', status: 'solved' });
    closed.tell({ type: 'fire-timers', generation: closed.head.generation }, { now: MONDAY + 30 * DAY });
    const decision = closed.tell(aStart(), { redrives: 1 });
    expect(decision).toMatchObject({ forwardedTo: { body: { type: 'start', followUpOf: closed.id } } });
    expect(closed.head).toMatchObject({ status: 'closed', setAsides: [], waitingSince: null });
  });

  it('is dismissed by an agent who names it', () => {
    const story = aStory();
    story.tell(aSetAside());
    const [seq] = story.head.setAsides;
    expect(reasonOf(story.tell({ type: 'dismiss' }))).toBe('names-nothing');
    story.tell({ type: 'dismiss' }, { redrives: seq ?? 0 });
    expect(story.head.setAsides).toEqual([]);
    expect(story.entries.at(-1)).toMatchObject({ type: 'dismissed', setAside: seq, author: { kind: 'agent' } });
  });
});

describe('a rejected mail', () => {
  it('is an entry of the thread, and moves no version', () => {
    const story = aStory();
    const { version } = story.head;
    story.tell({ type: 'record-delivery', send: 'snd_1', state: 'rejected', detail: 'no such mailbox' });
    expect(story.entries.at(-1)).toMatchObject({ type: 'delivery', send: 'snd_1', detail: 'no such mailbox' });
    expect(story.head.version).toBe(version);
  });

  it.each<[kind: string, state: 'rejected' | 'unsure' | 'bounced', told: string[]]>([
    ['reply', 'rejected', ['agent:ben reply-lost', 'agent:ana reply-lost']],
    ['reply', 'unsure', ['agent:ben reply-lost', 'agent:ana reply-lost']],
    ['reply', 'bounced', ['agent:ben address-bounced', 'agent:ana address-bounced']],
    ['acknowledgement', 'rejected', []],
    ['acknowledgement', 'bounced', ['agent:ben address-bounced']],
    ['notice', 'rejected', ['agent:ana notice-lost']],
    ['notice', 'bounced', ['agent:ana notice-lost']],
    ['alert', 'rejected', []],
    ['alert', 'bounced', []],
  ])('of a mail of the kind %s that is %s for good is told to %j', (kind, state, told) => {
    const story = aStory();
    story.tell({ type: 'assign', assignee: 'ben', takeOver: true });
    const before = story.entries.length;
    const isFinal = state === 'bounced';
    story.tell({ type: 'record-delivery', send: `snd_acme_1_3_${kind}`, state, detail: '', isFinal });
    const alerts = story.entries.slice(before).filter((entry) => entry.type === 'notified');
    expect(alerts.map(({ to, cause }) => `${to} ${cause.rule}`)).toEqual(told);
  });

  it('is told to nobody while it may still arrive', () => {
    const story = aStory();
    story.tell({ type: 'record-delivery', send: 'snd_acme_1_3_reply', state: 'bounced', detail: 'Transient' });
    expect(story.entries.at(-1)).toMatchObject({ type: 'delivery' });
  });
});

describe('several timers', () => {
  it('that are due fire in the order of their instants', () => {
    const story = aStory();
    story.tell({ type: 'snooze', until: MONDAY + HOUR });
    story.thread = { ...story.head, closeAt: MONDAY + 2 * HOUR, status: 'solved' };
    story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + DAY });
    expect(story.entries.slice(-2).map(({ cause }) => cause.rule)).toEqual(['snooze-over', 'auto-close']);
  });
});
