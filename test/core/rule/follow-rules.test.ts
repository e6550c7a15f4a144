import { describe, expect, it } from 'vitest';
import { ROUNDS_MAX } from '../../../core/rule/follow-rules.ts';
import { ANA, aCustomer, aCustomerMessage, aPolicy, aReply, aStart, aText, BEN, HOUR, MONDAY } from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

type Routing = NonNullable<NonNullable<Parameters<typeof aPolicy>[0]>['routing']>;

function routed(routing: Routing, start = aStart()): TimedStory {
  const story = new TimedStory(aPolicy({ routing }));
  story.tell(start);
  return story;
}
const acted = (story: TimedStory) => story.entries.flatMap((entry) => (entry.type === 'rule' ? [entry.name] : []));

const INVOICES = { id: 'invoices', when: { text: ['invoice*'] }, do: { team: 'billing', addTags: ['money'] } };
const VIPS = { id: 'vips', when: { segment: ['vip'] }, do: { priority: 'urgent' as const, assignee: 'ana' } };
const REST = { id: 'rest', do: { addTags: ['plain'] } };

describe('rules', () => {
  const vip = aStart({ content: aText('My invoice'), customer: aCustomer({ attributes: { segment: 'vip' } }) });

  it('in order until the first that holds', () => {
    const story = routed([{ id: 'intake', on: ['start'], mode: 'first', rules: [INVOICES, VIPS, REST] }], vip);
    expect(acted(story)).toEqual(['invoices']);
    expect(story.head).toMatchObject({ team: 'billing', tags: ['money'], priority: 'normal', assignee: null });
  });

  it('all that hold, in order', () => {
    const story = routed([{ id: 'intake', on: ['start'], mode: 'all', rules: [INVOICES, VIPS, REST] }], vip);
    expect(acted(story)).toEqual(['invoices', 'vips', 'rest']);
    expect(story.head).toMatchObject({
      team: 'billing',
      priority: 'urgent',
      assignee: 'ana',
      tags: ['money', 'plain'],
    });
  });

  it('all until one says to stop', () => {
    const rules = [{ ...INVOICES, stop: true }, VIPS];
    expect(acted(routed([{ id: 'intake', on: ['start'], mode: 'all', rules }], vip))).toEqual(['invoices']);
  });

  it('say which rule it was, by what, and what it did for which rule', () => {
    const story = routed([{ id: 'intake', on: ['start'], mode: 'first', rules: [INVOICES] }], vip);
    expect(story.entries).toContainEqual(
      expect.objectContaining({ type: 'rule', set: 'intake', name: 'invoices', inputs: { text: 'invoice*' } }),
    );
    expect(story.entries.filter(({ cause }) => cause.rule === 'intake/invoices').map(({ type }) => type)).toEqual([
      'change',
      'change',
    ]);
  });

  it('act once in a thread, unless they may again', () => {
    const rules = [
      { id: 'once', do: { addTags: ['once'] } },
      { id: 'again', again: true, do: { priority: 'raise' as const } },
    ];
    const story = routed([{ id: 'set', on: ['start', 'message'], mode: 'all', rules }]);
    story.tell({ type: 'change-tags', add: [], remove: ['once'] }, { author: ANA });
    story.tell(aCustomerMessage());
    expect(acted(story)).toEqual(['once', 'again', 'again']);
    expect(story.head).toMatchObject({ tags: [], priority: 'urgent' });
  });

  it('act on what they are for: beginnings, messages, changes', () => {
    const set = (on: 'start' | 'message' | 'change') => ({
      id: `on-${on}`,
      on: [on],
      mode: 'all' as const,
      rules: [{ id: on, again: true, do: { addTags: [on] } }],
    });
    const story = routed([set('start'), set('message')]);
    expect(acted(story)).toEqual(['start']);
    story.tell(aCustomerMessage());
    expect(acted(story)).toEqual(['start', 'message']);
    const changed = routed([set('change')]);
    const before = acted(changed).length;
    changed.tell(aReply(), { author: ANA });
    expect(acted(changed).length).toBe(before + 1);
    changed.tell({ type: 'seen', upTo: 1 });
    expect(acted(changed).length).toBe(before + 1);
  });

  it('act on what other rules did', () => {
    const rules = [{ id: 'escalate', when: { priority: ['urgent' as const] }, do: { team: 'billing' } }];
    const story = routed(
      [
        { id: 'intake', on: ['start'], mode: 'first', rules: [VIPS] },
        { id: 'follow', on: ['change'], mode: 'first', rules },
      ],
      vip,
    );
    expect(acted(story)).toEqual(['vips', 'escalate']);
    expect(story.head.team).toBe('billing');
  });

  it('never run in a circle', () => {
    const rules = Array.from({ length: 20 }, (_, index) => ({
      id: `r${index}`,
      again: true,
      when: index === 0 ? {} : { tag: [`t${index - 1}`] },
      do: { addTags: [`t${index}`] },
    })).reverse();
    const story = routed([{ id: 'chain', on: ['start', 'change'], mode: 'all', rules }]);
    expect(story.entries).toContainEqual(expect.objectContaining({ type: 'rules-bounded', rounds: ROUNDS_MAX }));
    expect(acted(story)).toHaveLength(ROUNDS_MAX);
  });

  it('take a thread from its owner where they send it to a team that is not theirs', () => {
    const rules = [{ id: 'to-billing', when: { tag: ['money'] }, do: { team: 'billing' } }];
    const story = routed([{ id: 'set', on: ['change'], mode: 'all', rules }]);
    story.tell({ type: 'assign', assignee: 'ben', takeOver: false }, { author: BEN });
    story.tell({ type: 'change-tags', add: ['money'], remove: [] }, { author: BEN });
    expect(story.head).toMatchObject({ team: 'billing', assignee: null });
  });

  it('solve, snooze and notify', () => {
    const rules = [
      { id: 'spam', when: { text: ['casino'] }, do: { status: 'solved' as const } },
      { id: 'later', when: { text: ['no hurry'] }, do: { snooze: '2h', notify: ['team' as const] } },
    ];
    const routing: Routing = [{ id: 'set', on: ['start'], mode: 'first', rules }];
    expect(routed(routing, aStart({ content: aText('Casino!') })).head).toMatchObject({
      status: 'solved',
      waitingSince: null,
      expectedReplyAt: null,
    });
    const later = routed(routing, aStart({ content: aText('There is no hurry.') }));
    expect(later.head.snooze).toEqual({ until: MONDAY + 3 * HOUR });
    expect(later.entries).toContainEqual(expect.objectContaining({ type: 'notified', to: 'team:support', of: null }));
  });

  it('decide before the promise is made, so that it is their team’s', () => {
    const story = routed([{ id: 'intake', on: ['start'], mode: 'first', rules: [INVOICES] }], vip);
    expect(story.head.expectedReplyAt).toBe(MONDAY + 4 * HOUR); // billing is always there
  });
});
