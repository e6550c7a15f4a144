/** Rules on time: they act as soon as they hold, also where nothing happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, judge } from '../../../core/rule/condition.ts';
import { aCustomerMessage, aReply, DAY, HOUR, MINUTE } from '../../builders.ts';
import { AFTERNOON, acted, type Rule, TEAMS, timed } from '../../support/timed-rules.ts';

describe('a rule on time', () => {
  it('acts at the instant from which it holds, in the team’s open time, and once', () => {
    const story = timed([{ id: 'late', when: { waiting: '3h' }, do: { priority: 'raise' } }]);
    expect(story.head.lookAt).toBe(Date.parse('2026-11-24T08:00:00Z')); // two hours today, one tomorrow
    story.passTo(AFTERNOON + 9 * DAY);
    expect(acted(story)).toEqual(['late 2026-11-24T08:00:00.000Z']);
    expect(story.head).toMatchObject({ priority: 'high', lookAt: null });
  });

  it('acts at once where it holds already', () => {
    const story = timed([{ id: 'new', when: { status: ['new'] }, do: { addTags: ['seen'] } }]);
    expect(story.head).toMatchObject({ tags: ['seen'], lookAt: null });
  });

  it('is not looked at again where what happened has made it pointless', () => {
    const story = timed([{ id: 'late', when: { waiting: '1h' }, do: { priority: 'raise' } }]);
    story.tell(aReply(), { now: AFTERNOON + 30 * MINUTE });
    expect(story.head.lookAt).toBeNull();
    story.tell(aCustomerMessage(), { now: AFTERNOON + 40 * MINUTE });
    story.passTo(AFTERNOON + DAY);
    expect(acted(story)).toEqual(['late 2026-11-23T15:40:00.000Z']);
  });

  it('that was due before a command was accepted has acted before it, whenever its timer comes', () => {
    const story = timed([{ id: 'late', when: { waiting: '1h' }, do: { addTags: ['late'] } }]);
    story.now = AFTERNOON + 90 * MINUTE; // no timer has fired
    story.tell(aReply());
    const types = story.entries.map(({ type }) => type);
    expect(types.indexOf('rule')).toBeLessThan(types.lastIndexOf('message'));
    expect(story.head.tags).toEqual(['late']);
  });

  it('is judged of the instant from which it held, also by a timer that comes late', () => {
    const story = timed([{ id: 'closing', when: { open: false }, do: { addTags: ['night'] } }]);
    expect(story.head.lookAt).toBe(Date.parse('2026-11-23T16:00:00Z'));
    story.fire(Date.parse('2026-11-24T09:00:00Z')); // when it is open again
    expect(story.head.tags).toEqual(['night']);
  });

  it('leaves a timer that is stale without an answer', () => {
    const story = timed([{ id: 'late', when: { waiting: '1h' }, do: { priority: 'raise' } }]);
    const { generation } = story.head;
    story.tell(aReply());
    expect(story.tell({ type: 'fire-timers', generation }).outcome).toBe('stale');
  });

  it('in a set of which the first that holds acts does not go on firing behind one that has acted', () => {
    const rules: Rule[] = [
      { id: 'first', when: { waiting: '1h' }, do: { addTags: ['a'] } },
      { id: 'never', when: { waiting: '2h' }, do: { addTags: ['b'] } },
    ];
    const story = timed(rules, 'first');
    expect(story.passTo(AFTERNOON + 9 * DAY)).toBe(1);
    expect(story.head.tags).toEqual(['a']);
  });

  it('may ask how long nobody wrote, and how long the status is what it is', () => {
    const story = timed([
      { id: 'idle', when: { idle: '1h', status: ['pending'] }, do: { addTags: ['idle'] } },
      { id: 'solve', when: { status: ['pending'], inStatus: '1d' }, do: { status: 'solved' } },
    ]);
    story.tell(aReply({ status: 'pending' }), { now: AFTERNOON + HOUR });
    story.passTo(AFTERNOON + 2 * DAY);
    expect(acted(story)).toEqual(['idle 2026-11-23T16:00:00.000Z', 'solve 2026-11-24T15:00:00.000Z']);
    expect(story.head.status).toBe('solved');
  });

  it('ends with the thread', () => {
    const story = timed([{ id: 'late', when: { idle: '9d' }, do: { addTags: ['x'] } }]);
    story.tell({ type: 'set-status', status: 'solved' });
    story.passTo(AFTERNOON + 30 * DAY);
    expect(story.head).toMatchObject({ status: 'closed', lookAt: null, tags: [] });
  });

  it('may not act again and again', () => {
    const rule = { id: 'late', when: { waiting: '1h' }, do: {}, again: true };
    expect(() => timed([rule])).toThrow('routing.0.rules.0.again: a rule on time acts once');
  });

  it('acts at the first instant at which it holds, whatever it asks of time (law)', () => {
    const length = fc.constantFrom('30m', '2h', '5h', '1d', '3d');
    const question = fc.record(
      {
        ...{ waiting: length, idle: length, inStatus: length, open: fc.boolean() },
        teamOpen: fc.constantFrom<string[]>(['denver'], ['weekend'], ['denver', 'weekend'], ['billing']),
      },
      { requiredKeys: [] },
    );
    const not = question.map((asked) => ({ ...asked, not: { teamOpen: ['denver'] } }));
    const when = fc.oneof(question, not, fc.record({ any: fc.array(question, { minLength: 1, maxLength: 3 }) }));
    fc.assert(
      fc.property(when, (condition) => {
        const watched = timed([{ id: 'rule', when: condition, do: { addTags: ['x'] } }]);
        watched.passTo(AFTERNOON + 10 * DAY);
        // By looking at the thread as it began every half an hour, as nobody would.
        const looked = timed([{ id: 'rule', when: { tag: ['never'] }, do: {} }]);
        const instants = Array.from({ length: 20 * 24 + 1 }, (_, index) => AFTERNOON + index * 30 * MINUTE);
        const first = instants.find((now) => judge(condition, factsOf(looked.head, looked.policy, now)).holds);
        expect(acted(watched)).toEqual(first === undefined ? [] : [`rule ${new Date(first).toISOString()}`]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('with rules on time', () => {
  it('a thread that nobody takes goes to the team that is to help out', () => {
    const story = timed([
      { id: 'fallback', when: { team: ['support'], assignee: ['nobody'], waiting: '30m' }, do: { team: 'billing' } },
    ]);
    story.passTo(AFTERNOON + HOUR);
    expect(story.head.team).toBe('billing');
  });

  it('follow the sun: what waits when a team closes goes to the one that is open, with its log', () => {
    const story = timed([
      { id: 'sun', when: { team: ['support'], open: false, status: ['new', 'open'] }, do: { team: 'billing' } },
    ]);
    story.passTo(Date.parse('2026-11-23T15:59:59Z'));
    expect(story.head.team).toBe('support');
    story.passTo(Date.parse('2026-11-23T16:00:00Z'));
    expect(story.head.team).toBe('billing');
    expect(story.entries.at(-2)).toMatchObject({ type: 'change', field: 'team', cause: { rule: 'clock/sun' } });
  });

  it('and goes where another team is there by then, as soon as that opens', () => {
    const when = { team: ['support'], open: false, teamOpen: ['weekend'] };
    const story = timed([{ id: 'sun', when, do: { team: 'weekend' } }]);
    story.passTo(AFTERNOON + 9 * DAY);
    expect(acted(story)).toEqual(['sun 2026-11-28T09:00:00.000Z']);
    expect(story.head.team).toBe('weekend');
  });

  it('and is found also where two teams meet once in weeks, with few looks until then', () => {
    const within = { name: 'Within', address: 'i@acme.example', calendar: 'within', agents: ['ben'] };
    const when = { team: ['support'], open: false, teamOpen: ['within'] };
    const story = timed([{ id: 'sun', when, do: { team: 'within' } }], 'all', { teams: { ...TEAMS, within } });
    expect(story.passTo(AFTERNOON + 40 * DAY)).toBeLessThan(25);
    expect(acted(story)).toEqual(['sun 2026-12-14T08:00:00.000Z']);
  });

  it('and nobody looks where no opening can make it hold', () => {
    const when = { team: ['support'], open: false, teamOpen: ['weekend'], tag: ['vip'] };
    const story = timed([{ id: 'sun', when, do: { team: 'weekend' } }]);
    expect(story.head.lookAt).toBeNull();
    story.tell({ type: 'change-tags', add: ['vip'], remove: [] });
    story.passTo(AFTERNOON + 9 * DAY);
    expect(acted(story)).toEqual(['sun 2026-11-28T09:00:00.000Z']);
  });
});
