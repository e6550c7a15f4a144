import { describe, expect, it } from 'vitest';
import { factsOf, judge } from '../../../core/rule/condition.ts';
import type { BodyOf } from '../../../core/thread/command.ts';
import type { Decision } from '../../../core/thread/draft.ts';
import { SCORES } from '../../../core/thread/rating.ts';
import {
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  aThreadId,
  DAY,
  defaultPolicy,
  HOUR,
  MINUTE,
  MONDAY,
  reasonOf,
  Story,
} from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

const rate = (score: 1 | 2 | 3 | 4 | 5, comment: string | null = null): BodyOf<'rate'> => {
  return { type: 'rate', score, comment };
};

function saidIn(decision: Decision): string[] {
  return decision.outcome === 'done' ? decision.entries.map(({ type }) => type) : [];
}

function begun(...then: Parameters<Story['tell']>[0][]): Story {
  const story = new Story();
  story.tell(aStart());
  for (const body of then) story.tell(body);
  return story;
}

describe('a rating', () => {
  it('is an entry of its own by the customer, and nothing else moves', () => {
    const story = begun(aReply());
    const before = story.head;
    const decision = story.tell(rate(4, 'Quick, but not friendly.'), { now: MONDAY + HOUR });
    const { seq, updatedAt, visibleAt, ...same } = before;
    expect(decision).toMatchObject({
      entries: [{ type: 'rating', score: 4, comment: 'Quick, but not friendly.', author: { kind: 'customer' } }],
      effects: [{ type: 'event', name: 'thread.rated' }],
    });
    const rating = { score: 4, comment: 'Quick, but not friendly.', at: MONDAY + HOUR };
    expect(story.head).toMatchObject({ ...same, rating });
  });

  it.each<[string, Story, string | undefined]>([
    ['that was not begun', new Story(), 'unknown-thread'],
    ['that nobody answered', begun(), 'nothing-to-rate'],
    ['that was answered', begun(aReply()), undefined],
    ['that waits for the customer', begun(aReply({ status: 'pending' })), undefined],
    ['that was answered, and written to again', begun(aReply(), aCustomerMessage()), undefined],
    ['that was solved without a word', begun({ type: 'set-status', status: 'solved' }), undefined],
    ['that its customer solved', begun({ type: 'customer-solve' }), undefined],
  ])('of a thread %s', (_which, story, refusedBy) => {
    expect(reasonOf(story.tell(rate(3)))).toBe(refusedBy);
  });

  it('of a closed thread is refused', () => {
    const story = new TimedStory(defaultPolicy);
    story.tell(aStart());
    story.tell(aReply({ status: 'solved' }));
    story.passTo(MONDAY + 30 * DAY);
    expect(reasonOf(story.tell(rate(3)))).toBe('closed-is-immutable');
  });

  it('of a merged thread is refused by the name of that in which it goes on', () => {
    const into = aThreadId('c1', MONDAY - DAY);
    const story = begun(aReply(), { type: 'merge', into }, { type: 'complete-merge', into });
    const decision = story.tell(rate(3));
    expect(decision).toMatchObject({ outcome: 'rejected', reason: { code: 'closed-is-immutable' } });
    expect(decision.outcome === 'rejected' && decision.reason.detail).toContain(into);
  });

  it('may be changed: the last word counts and is all of it', () => {
    const story = begun(aReply(), rate(1, 'Slow.'));
    expect(saidIn(story.tell(rate(5)))).toEqual(['rating']);
    expect(story.head.rating).toEqual({ score: 5, comment: null, at: MONDAY });
  });

  it.each(SCORES)('of %i that is said again is not said twice', (score) => {
    const story = begun(aReply(), rate(score, 'Fine.'));
    expect(saidIn(story.tell(rate(score, 'Fine.')))).toEqual([]);
  });

  it('is kept when the thread goes on', () => {
    const story = begun(aReply({ status: 'solved' }), rate(2), aCustomerMessage(), aReply({ status: 'solved' }));
    expect(story.head.rating).toMatchObject({ score: 2 });
  });

  it('is not asked for once it is there', () => {
    const letters = { rating: { after: '1h', url: 'https://acme.example/rate' } };
    const policy = aPolicy({ letters });
    const early = new TimedStory(policy);
    early.tell(aStart());
    early.tell(aReply());
    early.tell(rate(5));
    early.tell({ type: 'set-status', status: 'solved' });
    const meanwhile = new TimedStory(policy);
    meanwhile.tell(aStart());
    meanwhile.tell(aReply({ status: 'solved' }));
    meanwhile.tell(rate(5));
    for (const story of [early, meanwhile]) {
      story.passTo(MONDAY + 60 * DAY);
      expect(story.entries.filter(({ type }) => type === 'letter')).toEqual([]);
    }
  });

  it('does not keep a reminder from being written', () => {
    const story = new TimedStory(aPolicy({ letters: { reminder: { after: '2d' } } }));
    story.tell(aStart());
    story.tell(aReply({ status: 'pending' }));
    story.tell(rate(3));
    story.passTo(MONDAY + 30 * DAY);
    expect(story.entries).toContainEqual(expect.objectContaining({ type: 'letter', letter: 'reminder' }));
  });
});

describe('a rule', () => {
  const unhappy = {
    id: 'unhappy',
    when: { rating: [1 as const, 2 as const] },
    do: { status: 'open', notify: ['owner'] },
  };
  const policy = aPolicy({ routing: [{ id: 'care', on: ['change'], mode: 'all', rules: [unhappy as never] }] });

  it('acts on a low rating', () => {
    const story = new TimedStory(policy);
    story.tell(aStart());
    story.tell(aReply({ status: 'solved' }));
    const decision = story.tell(rate(1), { now: MONDAY + MINUTE });
    expect(story.head).toMatchObject({ status: 'open', waitingSince: null });
    expect(decision).toMatchObject({
      effects: [
        { type: 'mail', kind: 'alert' },
        { type: 'event', name: 'thread.rated' },
      ],
    });
  });

  it('lets a good one be', () => {
    const story = new TimedStory(policy);
    story.tell(aStart());
    story.tell(aReply({ status: 'solved' }));
    story.tell(rate(4));
    expect(story.head.status).toBe('solved');
  });

  it('says what it found', () => {
    const { head } = begun(aReply(), rate(2));
    expect(judge({ rating: [1, 2] }, factsOf(head, policy, MONDAY))).toEqual({ holds: true, inputs: { rating: 2 } });
  });
});

describe('solving', () => {
  it('what is solved already changes nothing', () => {
    const story = begun(aReply({ status: 'solved' }));
    expect(saidIn(story.tell({ type: 'customer-solve' }))).toEqual([]);
    expect(reasonOf(story.tell({ type: 'customer-solve' }))).toBeUndefined();
  });
});
