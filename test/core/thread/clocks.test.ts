import { describe, expect, it } from 'vitest';
import {
  ANA,
  aCustomerMessage,
  aReply,
  aSetAside,
  aStart,
  aStory,
  DAY,
  MINUTE,
  MONDAY,
  Story,
} from '../../builders.ts';

describe('the clock of a message that nobody answered', () => {
  it('goes on when its thread was solved by mistake and is opened again', () => {
    const story = aStory();
    const { waitingSince, expectedReplyAt } = story.head;
    story.tell({ type: 'set-status', status: 'solved' }, { now: MONDAY + MINUTE });
    expect(story.head).toMatchObject({ waitingSince: null, expectedReplyAt: null });
    story.tell({ type: 'set-status', status: 'open' }, { now: MONDAY + 2 * MINUTE });
    expect(story.head).toMatchObject({ status: 'open', waitingSince, expectedReplyAt });
  });

  it('is over when the customer solved the thread, or writes anew', () => {
    const byCustomer = aStory();
    byCustomer.tell({ type: 'customer-solve' });
    byCustomer.tell({ type: 'set-status', status: 'open' });
    expect(byCustomer.head.waitingSince).toBeNull();
    const anew = aStory();
    anew.tell({ type: 'set-status', status: 'solved' });
    anew.tell(aCustomerMessage(), { now: MONDAY + DAY });
    expect(anew.head.waitingSince).toBe(MONDAY + DAY);
  });

  it('is over when the thread was answered', () => {
    const story = aStory();
    story.tell(aReply({ status: 'solved' }));
    story.tell({ type: 'set-status', status: 'open' });
    expect(story.head.waitingSince).toBeNull();
  });
});

describe('a promise that has passed', () => {
  it('is replaced by one that is still to come when the customer writes again', () => {
    const story = aStory();
    const told = story.head.expectedReplyAt ?? 0;
    story.tell(aCustomerMessage(), { now: told + MINUTE });
    expect(story.head.expectedReplyAt).toBeGreaterThan(told + MINUTE);
    expect(story.head.waitingSince).toBe(MONDAY);
  });
});

describe('the clock that closes a solved thread', () => {
  it('ends when an agent’s first message, which had been set aside, begins the thread after all', () => {
    const story = new Story();
    story.tell(aSetAside({ waitingSince: null }));
    story.tell({ type: 'set-status', status: 'solved' });
    story.tell(aStart(), { author: ANA, redrives: 1 });
    expect(story.head).toMatchObject({ status: 'pending', closeAt: null });
  });
});
