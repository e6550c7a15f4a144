import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../core/effect/effect.ts';
import type { CommandBody } from '../../../core/thread/command.ts';
import type { Decision } from '../../../core/thread/draft.ts';
import {
  ANA,
  aCustomer,
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  CUSTOMER,
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  reasonOf,
} from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

const policy = aPolicy({
  letters: {
    reminder: { after: '2d' },
    rating: { after: '1h', url: 'https://acme.example/rate?thread={thread}' },
  },
});

function mailsIn(decision: Decision): string[] {
  const effects: Effect[] = decision.outcome === 'done' ? decision.effects : [];
  return effects.flatMap((effect) => (effect.type === 'mail' ? [`${effect.kind} ${effect.to}`] : []));
}

function lettersIn(story: TimedStory) {
  return story.entries.filter(({ type }) => type === 'letter');
}

/** One that was answered, with what followed: each so long after the one before. */
function answered(...then: [after: number, body: CommandBody][]): TimedStory {
  const story = new TimedStory(policy);
  story.tell(aStart());
  story.tell(aReply({ status: 'pending' }), { now: MONDAY + HOUR + MINUTE });
  for (const [after, body] of then) story.tell(body, { now: story.now + after });
  return story;
}

describe('a reminder', () => {
  it('is written once, when the customer has said nothing for so much open time', () => {
    const story = answered();
    story.passTo(MONDAY + 2 * DAY + HOUR);
    expect(lettersIn(story)).toEqual([]);
    const fired = story.fire(MONDAY + 2 * DAY + HOUR + MINUTE);
    expect(mailsIn(fired)).toEqual(['reminder customer']);
    expect(lettersIn(story)).toMatchObject([
      {
        letter: 'reminder',
        since: MONDAY + HOUR + MINUTE,
        author: { kind: 'system' },
        cause: { rule: 'letters/reminder' },
      },
    ]);
    story.passTo(MONDAY + 60 * DAY);
    expect(lettersIn(story)).toHaveLength(1);
  });

  it.each<[string, [number, CommandBody][]]>([
    ['the customer writes', [[HOUR, aCustomerMessage()]]],
    ['it is opened again', [[HOUR, { type: 'set-status', status: 'open' }]]],
    ['the customer is content', [[HOUR, { type: 'customer-solve' }]]],
  ])('is forgotten when %s', (_what, then) => {
    const story = answered(...then);
    story.passTo(MONDAY + 30 * DAY);
    expect(lettersIn(story).filter((entry) => 'letter' in entry && entry.letter === 'reminder')).toEqual([]);
  });

  it('waits anew from the last word', () => {
    const story = answered([DAY, aReply()]);
    story.passTo(MONDAY + 2 * DAY + 2 * HOUR);
    expect(lettersIn(story)).toEqual([]);
    story.passTo(MONDAY + 30 * DAY);
    expect(lettersIn(story)).toMatchObject([{ since: MONDAY + DAY + HOUR + MINUTE }]);
  });

  it('is not written to whom nobody has written yet, nor where no mail goes', () => {
    const silent = new TimedStory(policy);
    silent.tell(aStart());
    silent.tell({ type: 'set-status', status: 'pending' });
    const elsewhere = new TimedStory(policy);
    elsewhere.tell(aStart({ answerBy: 'api' }));
    elsewhere.tell(aReply({ status: 'pending' }));
    for (const story of [silent, elsewhere]) {
      story.passTo(MONDAY + 30 * DAY);
      expect(lettersIn(story)).toEqual([]);
    }
  });
});

describe('the question how content somebody was', () => {
  it('is asked once, after an answered thread was solved', () => {
    const story = answered([HOUR, { type: 'set-status', status: 'solved' }]);
    expect(mailsIn(story.fire(story.now + HOUR))).toEqual(['rating customer']);
    story.tell(aCustomerMessage());
    story.tell(aReply({ status: 'solved' }));
    story.passTo(MONDAY + 60 * DAY);
    expect(lettersIn(story)).toMatchObject([{ letter: 'rating' }]);
  });

  it('is not asked of a thread that nobody answered, or that was opened again', () => {
    const unanswered = new TimedStory(policy);
    unanswered.tell(aStart());
    unanswered.tell({ type: 'customer-solve' });
    const reopened = answered([HOUR, { type: 'set-status', status: 'solved' }], [MINUTE, aCustomerMessage()]);
    for (const story of [unanswered, reopened]) {
      story.passTo(MONDAY + 60 * DAY);
      expect(lettersIn(story)).toEqual([]);
    }
  });
});

describe('a transcript', () => {
  const toCustomer = { type: 'send-transcript', to: 'customer' } as const;

  it('goes to the customer, or to the agent who asks; also of a closed thread', () => {
    const story = answered();
    expect(mailsIn(story.tell(toCustomer, { author: CUSTOMER }))).toEqual(['transcript customer']);
    expect(mailsIn(story.tell({ type: 'send-transcript', to: 'author' }, { now: story.now + HOUR }))).toEqual([
      'transcript agent:ana',
    ]);
    story.tell({ type: 'set-status', status: 'solved' });
    story.passTo(MONDAY + 60 * DAY);
    expect(story.head.status).toBe('closed');
    expect(mailsIn(story.tell(toCustomer, { author: CUSTOMER }))).toEqual(['transcript customer']);
  });

  it('is not sent again within the hour, unless something was said', () => {
    const story = answered();
    story.tell(toCustomer);
    expect(reasonOf(story.tell(toCustomer, { now: story.now + HOUR - 1 }))).toBe('transcript-sent');
    expect(reasonOf(story.tell(toCustomer, { now: story.now + 1 }))).toBeUndefined();
    story.tell(aCustomerMessage());
    expect(reasonOf(story.tell(toCustomer))).toBeUndefined();
  });

  it('needs somebody to send it to', () => {
    const story = new TimedStory(policy);
    story.tell(aStart({ customer: aCustomer({ email: null }) }));
    expect(reasonOf(story.tell(toCustomer))).toBe('no-address');
    expect(reasonOf(story.tell({ type: 'send-transcript', to: 'author' }))).toBeUndefined();
  });
});

describe('an acknowledgement', () => {
  const isAcknowledged = (decision: Decision) => mailsIn(decision).includes('acknowledgement customer');

  it('is written where a thread begins, and not within the exchange that follows', () => {
    const story = new TimedStory(policy);
    expect(isAcknowledged(story.tell(aStart()))).toBe(true);
    for (const body of [aCustomerMessage(), aReply(), aCustomerMessage(), aReply({ status: 'pending' })]) {
      expect(isAcknowledged(story.tell(body))).toBe(false);
    }
    expect(isAcknowledged(story.tell(aCustomerMessage()))).toBe(false);
  });

  it('is written once more where what was solved begins to wait again', () => {
    const story = answered([HOUR, { type: 'set-status', status: 'solved' }]);
    expect(isAcknowledged(story.tell(aCustomerMessage()))).toBe(true);
    expect(isAcknowledged(story.tell(aCustomerMessage()))).toBe(false);
  });

  it('is for nobody without an address, nor for whom the business wrote to first', () => {
    const nobody = new TimedStory(policy);
    expect(isAcknowledged(nobody.tell(aStart({ customer: aCustomer({ email: null }) })))).toBe(false);
    const first = new TimedStory(policy);
    expect(isAcknowledged(first.tell(aStart(), { author: ANA }))).toBe(false);
    expect(isAcknowledged(first.tell(aCustomerMessage()))).toBe(false);
  });
});

describe('a customer who is answered here', () => {
  it('gets the transcript that they ask for, and is asked and reminded of nothing', () => {
    const story = new TimedStory(policy);
    story.tell(aStart({ answerBy: 'api' }));
    story.tell(aReply({ status: 'solved' }));
    expect(mailsIn(story.tell({ type: 'send-transcript', to: 'customer' }, { author: CUSTOMER }))).toEqual([
      'transcript customer',
    ]);
    story.passTo(MONDAY + 30 * DAY);
    expect(lettersIn(story)).toEqual([]);
  });

  it('gets no mail, until they write one', () => {
    const story = new TimedStory(policy);
    expect(mailsIn(story.tell(aStart({ answerBy: 'api' })))).toEqual(['notice team:support']);
    expect(mailsIn(story.tell(aReply()))).toEqual([]);
    story.tell(aCustomerMessage({ channel: 'email' }));
    expect(mailsIn(story.tell(aReply()))).toEqual(['reply customer']);
  });
});
