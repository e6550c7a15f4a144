import { describe, expect, it } from 'vitest';
import { claimedBusinessOf, isFounding } from '../../../core/ids.ts';
import {
  ANA,
  aCustomerMessage,
  aReply,
  aSetAside,
  aStart,
  aStory,
  aText,
  CUSTOMER,
  DAY,
  MONDAY,
  reasonOf,
  Stories,
  Story,
} from '../../builders.ts';

describe('a message on a closed thread', () => {
  function closedStory(): Story {
    const story = aStory();
    story.tell(aReply({ status: 'solved' }));
    story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + 30 * DAY });
    expect(story.head.status).toBe('closed');
    return story;
  }

  it('founds a linked follow-up, the same whenever it is decided again', () => {
    const story = closedStory();
    const before = story.head;
    const first = story.tell(aCustomerMessage({ content: aText('still broken') }), { id: 'cmd_acme_x_1' });
    if (first.outcome !== 'done') throw new Error('not done');
    const { forwardedTo } = first;
    expect(forwardedTo).toMatchObject({ author: CUSTOMER, body: { type: 'start', followUpOf: story.id } });
    expect(story.head).toMatchObject({ status: 'closed', followUp: forwardedTo?.thread });
    expect(isFounding(forwardedTo?.thread ?? '', forwardedTo?.id ?? '')).toBe(true);
    const again = new Story(story.id, story.now);
    again.thread = before;
    const second = again.tell(aCustomerMessage({ content: aText('still broken') }), { id: 'cmd_acme_x_1' });
    expect(second).toMatchObject({ forwardedTo: { id: forwardedTo?.id, thread: forwardedTo?.thread } });
  });

  it('goes to the follow-up there is already', () => {
    const story = closedStory();
    story.tell(aCustomerMessage());
    const { followUp } = story.head;
    const decision = story.tell(aCustomerMessage());
    expect(decision).toMatchObject({ forwardedTo: { thread: followUp, body: { type: 'customer-message' } } });
  });

  it('takes at most two steps, however many follow-ups there were', () => {
    const first = closedStory();
    const stories = new Stories(first);
    const landedIn: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const steps = stories.carry(first.tell(aCustomerMessage({ content: aText(`round ${round}`) })));
      expect(steps, 'the message, its move on, and the word of it').toBeLessThanOrEqual(3);
      const last = stories.of(first.head.followUp ?? '');
      expect(last.entries.at(-2)).toMatchObject({ content: aText(`round ${round}`) });
      landedIn.push(last.id);
      last.tell({ type: 'set-status', status: 'solved' });
      last.tell({ type: 'fire-timers', generation: last.head.generation }, { now: last.now + 30 * DAY });
      first.now = last.now;
    }
    expect(new Set(landedIn).size).toBe(5);
  });

  it('is not what an agent wrote: a start of theirs that was set aside is refused by then', () => {
    const story = new Story();
    story.tell(aSetAside({ waitingSince: null }));
    story.tell({ type: 'set-status', status: 'solved' });
    story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + 30 * DAY });
    expect(reasonOf(story.tell(aStart(), { author: ANA, redrives: 1 }))).toBe('closed-is-immutable');
  });

  it('keeps customer, subject, topic and team in the follow-up', () => {
    const story = closedStory();
    const decision = story.tell(aCustomerMessage());
    if (decision.outcome !== 'done' || decision.forwardedTo === undefined) throw new Error('not forwarded');
    const followUp = new Story(decision.forwardedTo.thread);
    followUp.tell(decision.forwardedTo.body, { author: decision.forwardedTo.author, id: decision.forwardedTo.id });
    const { subject, team, customer } = story.head;
    expect(followUp.head).toMatchObject({ subject, team, customer, status: 'new', followUpOf: story.id });
    expect(claimedBusinessOf(followUp.id)).toBe('acme');
  });
});
