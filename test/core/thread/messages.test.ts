import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../core/thread/content.ts';
import {
  ANA,
  aCustomer,
  aCustomerMessage,
  aReply,
  aStart,
  aStory,
  aText,
  DAY,
  defaultPolicy,
  entriesIn,
  HOUR,
  MINUTE,
  MONDAY,
  reasonOf,
  Story,
} from '../../builders.ts';

describe('starting a thread', () => {
  it('makes it new, waiting since the message was accepted, with the topic’s team', () => {
    const { head, entries } = aStory({ topic: 'billing', urgency: 'high' });
    expect(head).toMatchObject({
      status: 'new',
      team: 'billing',
      urgency: 'high',
      priority: 'normal',
      waitingSince: MONDAY,
      version: 1,
      started: true,
    });
    expect(entries.map(({ type }) => type)).toEqual(['started', 'message', 'promise']);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('promises what the customer was told on acceptance', () => {
    const story = new Story();
    story.tell(aStart(), { expectedReplyAt: MONDAY + HOUR });
    expect(story.head.expectedReplyAt).toBe(MONDAY + HOUR);
  });

  it('promises nothing where nothing was told', () => {
    const story = new Story();
    story.tell(aStart(), { expectedReplyAt: null });
    expect(story.head.expectedReplyAt).toBeNull();
    expect(story.entries.map(({ type }) => type)).not.toContain('promise');
  });

  it('is refused twice', () => {
    expect(reasonOf(aStory().tell(aStart()))).toBe('thread-exists');
  });

  it('by an agent waits for the customer and belongs to the agent', () => {
    const story = new Story();
    story.tell(aStart({ team: 'billing' }), { author: ANA });
    expect(story.head).toMatchObject({ status: 'pending', assignee: 'ana', waitingSince: null, answered: true });
    expect(story.head.expectedReplyAt).toBeNull();
  });
});

describe("a customer's message", () => {
  it.each(['pending', 'on-hold', 'solved'] as const)('reopens a %s thread', (status) => {
    const story = aStory();
    story.tell({ type: 'set-status', status });
    const decision = story.tell(aCustomerMessage());
    expect(story.head.status).toBe('open');
    expect(entriesIn(decision).find(({ type }) => type === 'change')?.cause.rule).toBe('customer-message-reopens');
  });

  it('leaves a new thread new', () => {
    const story = aStory();
    story.tell(aCustomerMessage());
    expect(story.head.status).toBe('new');
  });

  it('does not move the clock while an older one is unanswered', () => {
    const story = aStory();
    const promised = story.head.expectedReplyAt;
    story.tell(aCustomerMessage(), { now: MONDAY + HOUR });
    expect(story.head).toMatchObject({ waitingSince: MONDAY, expectedReplyAt: promised });
  });

  it('starts the clock anew after an answer, by the target for next replies', () => {
    const story = aStory();
    story.tell(aReply(), { now: MONDAY + HOUR });
    expect(story.head.waitingSince).toBeNull();
    story.tell(aCustomerMessage(), { now: MONDAY + 2 * HOUR });
    expect(story.head.waitingSince).toBe(MONDAY + 2 * HOUR);
    // two open hours after 14:00 in Berlin
    expect(story.head.expectedReplyAt).toBe(Date.parse('2026-11-23T15:00:00Z'));
  });

  it('keeps the earlier promise when two were told', () => {
    const story = new Story();
    story.tell(aStart(), { expectedReplyAt: MONDAY + 2 * HOUR });
    story.tell(aCustomerMessage(), { expectedReplyAt: MONDAY + HOUR });
    story.tell(aCustomerMessage(), { expectedReplyAt: MONDAY + 5 * HOUR });
    expect(story.head.expectedReplyAt).toBe(MONDAY + HOUR);
  });

  it('wakes a snoozed thread', () => {
    const story = aStory();
    story.tell({ type: 'snooze', until: MONDAY + DAY });
    story.tell(aCustomerMessage());
    expect(story.head.snooze).toBeNull();
  });

  it('takes on what the token now says of the customer, and forgets nothing', () => {
    const story = aStory({ customer: aCustomer({ email: null }) });
    story.tell(aCustomerMessage({ customer: aCustomer({ name: null, email: 'new@example.com' }) }));
    expect(story.head.customer).toMatchObject({ name: 'Cleo', email: 'new@example.com' });
  });

  it('to no thread is refused', () => {
    expect(reasonOf(new Story().tell(aCustomerMessage()))).toBe('unknown-thread');
  });
});

describe('an answer', () => {
  it('opens a new thread, and ends the waiting', () => {
    const story = aStory();
    story.tell(aReply());
    expect(story.head).toMatchObject({ status: 'open', waitingSince: null, expectedReplyAt: null, answered: true });
  });

  it.each(['open', 'pending', 'on-hold', 'solved'] as const)('may set the status to %s', (status) => {
    const story = aStory();
    story.tell(aReply({ status }));
    expect(story.head.status).toBe(status);
  });

  it('leaves any other status as it is', () => {
    const story = aStory();
    story.tell({ type: 'set-status', status: 'on-hold' });
    story.tell(aReply());
    expect(story.head.status).toBe('on-hold');
  });
});

describe('a note', () => {
  it('changes neither clock nor status, and no mail follows from it', () => {
    const story = aStory();
    const before = story.head;
    const decision = story.tell({ type: 'note', messageId: 'msg_1', channel: 'api', content: aText('internal') });
    expect(story.head).toMatchObject({ status: before.status, waitingSince: before.waitingSince, version: 2 });
    expect(decision).toMatchObject({ outcome: 'done', effects: [] });
  });
});

describe('a thread without a subject', () => {
  it.each([
    [contentOf({ text: '  Where\nis\u0000 it?  ', html: null }, []), 'Where is it?'],
    [contentOf({ text: null, html: '<h1>Hi</h1><p>there &amp; here</p>' }, []), 'Hi there & here'],
    [contentOf({ text: 'word '.repeat(40), html: null }, []), `${'word '.repeat(11)}word…`],
    [contentOf({ text: null, html: '<img src="x">' }, []), 'Your message'],
  ])('is named by its first words', (content, subject) => {
    const story = aStory({ subject: null, content });
    expect(story.head.subject).toBe(subject);
  });
});

describe('reading and solving by the customer', () => {
  it('marks entries as seen, never backwards', () => {
    const story = aStory();
    story.tell({ type: 'seen', upTo: 3 });
    const decision = story.tell({ type: 'seen', upTo: 1 });
    expect(story.head.seenSeq).toBe(3);
    expect(entriesIn(decision)).toEqual([]);
  });

  it('refuses to have seen what is not there', () => {
    expect(reasonOf(aStory().tell({ type: 'seen', upTo: 99 }))).toBe('unknown-entry');
  });

  it('solves: nothing is waited for any more, and the close is set', () => {
    const story = aStory();
    story.tell({ type: 'customer-solve' });
    expect(story.head).toMatchObject({ status: 'solved', waitingSince: null, expectedReplyAt: null });
    expect(story.head.closeAt).toBe(defaultPolicy.defaultTeam.hours.add(MONDAY, '4d'));
  });

  it('solving again changes nothing', () => {
    const story = aStory();
    story.tell({ type: 'customer-solve' });
    expect(entriesIn(story.tell({ type: 'customer-solve' }, { now: MONDAY + MINUTE }))).toEqual([]);
  });
});
