import { describe, expect, it } from 'vitest';
import type { BodyOf } from '../../../core/thread/command.ts';
import type { Customer } from '../../../core/thread/thread.ts';
import {
  ANA,
  aCustomer,
  aCustomerMessage,
  aPolicy,
  aReply,
  aSetAside,
  aStart,
  aStory,
  aThreadId,
  CUSTOMER,
  DAY,
  entriesIn,
  MONDAY,
  reasonOf,
  Stories,
  Story,
} from '../../builders.ts';

const VISITOR = aCustomer({ id: 'visitor_1', name: 'Somebody', email: 'typed@example.com' });

function told(changes: Partial<Customer> = {}, more: Partial<BodyOf<'customer-told'>> = {}): BodyOf<'customer-told'> {
  return { type: 'customer-told', customer: aCustomer({ record: 2, segments: [], ...changes }), ...more };
}

function closed(story: Story): Story {
  story.tell(aReply({ status: 'solved' }));
  story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + 30 * DAY });
  expect(story.head.status).toBe('closed');
  return story;
}

describe('a customer of whom something else is known', () => {
  it('is known so by their thread, where nothing else moves: not its version, and not what the customer sees', () => {
    const story = aStory();
    const { version, visibleAt, waitingSince } = story.head;
    const decision = story.tell(told({ segments: ['vip'], attributes: { plan: 'gold' } }), { author: ANA });
    expect(entriesIn(decision)).toMatchObject([
      { type: 'change', field: 'customer', author: { kind: 'system' }, cause: { rule: 'customer-told' } },
    ]);
    expect(story.head).toMatchObject({ version, visibleAt, waitingSince });
    expect(story.head.customer).toMatchObject({ segments: ['vip'], attributes: { plan: 'gold' }, record: 2 });
  });

  it('changes nothing where nothing is different, or an older version of the record says so', () => {
    const story = aStory();
    story.tell(told({ segments: ['vip'] }));
    expect(entriesIn(story.tell(told({ segments: ['vip'] })))).toEqual([]);
    expect(entriesIn(story.tell(told({ segments: ['vip'], record: 9 })))).toEqual([]);
    expect(entriesIn(story.tell(told({ segments: [], record: 1 })))).toEqual([]);
    story.tell(aCustomerMessage({ customer: aCustomer({ segments: [], record: 1 }) }));
    expect(story.head.customer.segments).toEqual(['vip']);
  });

  it('is looked at by rules on a change, and by the targets', () => {
    const policy = aPolicy({
      routing: [
        {
          id: 'vips',
          on: ['change'],
          mode: 'all',
          rules: [{ id: 'up', when: { segment: ['vip'] }, do: { priority: 'high' } }],
        },
      ],
      sla: [
        { id: 'vip', when: { customer: { plan: 'gold' } }, metrics: { 'first-reply': { within: '1h' } } },
        { id: 'all', metrics: { 'first-reply': { within: '4h' } } },
      ],
    });
    const story = new Story();
    story.tell(aStart(), { policy });
    expect(story.head).toMatchObject({ priority: 'normal', clocks: [{ target: 'all' }] });
    story.tell(told({ segments: ['vip'], attributes: { plan: 'gold' } }), { policy, author: ANA });
    expect(story.head).toMatchObject({ priority: 'high', clocks: [{ target: 'vip' }] });
  });

  it.each<[string, () => Story, BodyOf<'customer-told'>, string]>([
    ['there is no thread', () => new Story(), told(), 'unknown-thread'],
    ['its first message was set aside', () => setAside(), told(), 'not-begun'],
    ['it is another’s', () => aStory(), told({ id: 'c2' }), 'other-customer'],
    [
      'it is another’s than who is linked',
      () => aStory(),
      told({ id: 'c2' }, { linked: 'visitor_1' }),
      'other-customer',
    ],
    ['it is closed', () => closed(aStory()), told({ segments: ['vip'] }), 'closed-is-immutable'],
  ])('is refused where %s', (_, storyOf, body, reason) => {
    expect(reasonOf(storyOf().tell(body))).toBe(reason);
  });
});

function setAside(): Story {
  const story = new Story();
  story.tell(aSetAside({ customer: aCustomer() }));
  return story;
}

describe('a visitor who turned out to be a customer', () => {
  const link = (changes: Partial<Customer> = {}) => told({ email: null, ...changes }, { linked: 'visitor_1' });

  it('is that customer from then on: what is not known of these stays', () => {
    const story = aStory({ customer: VISITOR });
    story.tell(link({ segments: ['vip'] }), { author: CUSTOMER });
    expect(story.head.customer).toEqual(
      aCustomer({ email: 'typed@example.com', record: 2, segments: ['vip'], organisation: undefined }),
    );
    expect(entriesIn(story.tell(link({ segments: ['vip'] })))).toEqual([]);
    expect(reasonOf(story.tell(told({ id: 'c2' }, { linked: 'visitor_1' })))).toBe('other-customer');
  });

  it('is so also where the thread is closed, and where it goes on, of which no list may know yet', () => {
    const story = closed(aStory({ customer: VISITOR }, aThreadId('visitor_1')));
    const stories = new Stories(story);
    stories.carry(story.tell(aCustomerMessage({ customer: VISITOR }), { author: { ...CUSTOMER, id: 'visitor_1' } }));
    const followUp = story.head.followUp ?? '';
    expect(stories.of(followUp).head.customer.id).toBe('visitor_1');
    const decision = story.tell(link(), { author: CUSTOMER });
    expect(entriesIn(decision)).toMatchObject([{ type: 'change', field: 'customer', author: CUSTOMER }]);
    expect(story.head.status).toBe('closed');
    stories.carry(decision);
    expect(stories.of(followUp).head.customer.id).toBe('c1');
    expect(stories.carry(story.tell(link())), 'told again').toBe(0);
  });

  it('may have both threads merged, the older of which was begun as a visitor', () => {
    const older = aStory({ customer: VISITOR }, aThreadId('visitor_1', MONDAY));
    const newer = aStory({}, aThreadId('c1', MONDAY + 1));
    const stories = new Stories(older, newer);
    const merge = { type: 'merge', into: older.id } as const;
    expect(reasonOf(newer.tell(merge))).toBe('merge-same-customer');
    expect(reasonOf(newer.tell({ ...merge, intoCustomer: 'visitor_1' }))).toBe('merge-same-customer');
    older.tell(link(), { author: CUSTOMER });
    stories.carry(newer.tell({ ...merge, intoCustomer: 'c1' }));
    expect(newer.head).toMatchObject({ mergedInto: older.id, status: 'closed' });
  });

  it('is looked for once more by the target’s own lane, whatever was known when the merge was asked for', () => {
    const older = aStory({ customer: VISITOR }, aThreadId('visitor_1', MONDAY));
    const newer = aStory({}, aThreadId('c1', MONDAY + 1));
    new Stories(older, newer).carry(newer.tell({ type: 'merge', into: older.id, intoCustomer: 'c1' }));
    expect(newer.entries.at(-1)).toMatchObject({ phase: 'refused', reason: { code: 'merge-same-customer' } });
  });
});
