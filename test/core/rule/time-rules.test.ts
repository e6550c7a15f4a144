/** Rules on time: they act as soon as they hold, also where nothing happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, judge } from '../../../core/rule/condition.ts';
import type { Condition } from '../../../core/rule/condition-shape.ts';
import { dueAtOf } from '../../../core/thread/thread.ts';
import { aCustomerMessage, aPolicy, aReply, aStart, DAY, HOUR, MINUTE, MONDAY } from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

type Routing = NonNullable<NonNullable<Parameters<typeof aPolicy>[0]>['routing']>;
type Rule = Routing[number]['rules'][number];

const TEAMS = {
  support: { name: 'Support', address: 's@acme.example', calendar: 'office', agents: ['ana', 'ben'] },
  billing: { name: 'Billing', address: 'b@acme.example', calendar: 'always', agents: ['ana'] },
};
const AFTERNOON = MONDAY + 3 * HOUR; // 15:00 in Berlin, open until 17:00

function timed(rules: Rule[], mode: 'first' | 'all' = 'all', changes: object = {}): TimedStory {
  const policy = aPolicy({ teams: TEAMS, routing: [{ id: 'clock', on: ['time'], mode, rules }], ...changes });
  const story = new TimedStory(policy, AFTERNOON);
  story.tell(aStart());
  return story;
}

const BREACHED = [{ id: 'all', metrics: { 'first-reply': { within: '1h', breach: { addTags: ['late'] } } } }];

const acted = (story: TimedStory) =>
  story.entries.flatMap((entry) =>
    entry.type === 'rule' ? [`${entry.name} ${new Date(entry.at).toISOString()}`] : [],
  );

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

  it('acts at once where a deadline’s own action makes it hold', () => {
    const rules: Rule[] = [{ id: 'rescue', when: { tag: ['late'] }, do: { team: 'billing', priority: 'urgent' } }];
    const story = timed(rules, 'all', { sla: BREACHED });
    story.passTo(AFTERNOON + 2 * HOUR);
    expect(acted(story)).toEqual(['rescue 2026-11-23T15:00:00.000Z']);
    expect(story.head).toMatchObject({ team: 'billing', priority: 'urgent' });
  });

  it('that a deadline makes hold has acted before what comes later, whether or not a timer fired', () => {
    const rules: Rule[] = [{ id: 'rescue', when: { tag: ['late'] }, do: { addTags: ['rescued'] } }];
    const story = timed(rules, 'all', { sla: BREACHED });
    story.now = AFTERNOON + 90 * MINUTE; // no timer has fired
    story.tell(aReply());
    const types = story.entries.map(({ type }) => type);
    expect(types.indexOf('rule')).toBeLessThan(types.lastIndexOf('message'));
    expect(story.head.tags).toEqual(['late', 'rescued']);
  });

  it('sees a deadline that its own action has brought into the past, and what that does', () => {
    const rules: Rule[] = [
      { id: 'raise', when: { tag: ['late'] }, do: { priority: 'urgent' } },
      { id: 'tell', when: { tag: ['too-late'] }, do: { team: 'billing' } },
    ];
    const urgent = { id: 'urgent', when: { priority: ['urgent' as const] } };
    const sla = [{ ...urgent, metrics: { 'requester-wait': { within: '30m', breach: { addTags: ['too-late'] } } } }];
    const story = timed(rules, 'all', { sla: [...sla, ...BREACHED] });
    story.passTo(AFTERNOON + 2 * HOUR);
    expect(acted(story)).toEqual(['raise 2026-11-23T15:00:00.000Z', 'tell 2026-11-23T15:00:00.000Z']);
  });

  it('of a change acts on what a deadline changed', () => {
    const change = { id: 'on-change', on: ['change' as const], mode: 'all' as const };
    const routing = [{ ...change, rules: [{ id: 'rescue', when: { tag: ['late'] }, do: { team: 'billing' } }] }];
    const story = timed([], 'all', { sla: BREACHED, routing });
    story.passTo(AFTERNOON + 2 * HOUR);
    expect(acted(story)).toEqual(['rescue 2026-11-23T15:00:00.000Z']);
  });

  it('may not act again and again', () => {
    const rule = { id: 'late', when: { waiting: '1h' }, do: {}, again: true };
    expect(() => timed([rule])).toThrow('routing.0.rules.0.again: a rule on time acts once');
  });

  it('acts at the first instant at which it holds, whatever it asks of time (law)', () => {
    const length = fc.constantFrom('30m', '2h', '5h', '1d', '3d');
    const question = fc.record(
      { waiting: length, idle: length, inStatus: length, open: fc.boolean() },
      { requiredKeys: [] },
    );
    const when = fc.oneof(question, fc.record({ any: fc.array(question, { minLength: 1, maxLength: 3 }) }));
    fc.assert(
      fc.property(when, (condition) => {
        const watched = timed([{ id: 'rule', when: condition, do: { addTags: ['x'] } }]);
        watched.passTo(AFTERNOON + 10 * DAY);
        // By looking every ten minutes, as nobody would.
        const looked = timed([{ id: 'rule', when: condition, do: { addTags: ['x'] } }]);
        for (let now = AFTERNOON; now <= AFTERNOON + 10 * DAY; now += 10 * MINUTE) {
          looked.now = now;
          looked.tell({ type: 'wake' });
        }
        expect(acted(watched)).toEqual(acted(looked));
      }),
      { numRuns: 40 },
    );
  });

  it('never waits for the next thing to happen: after each decision none holds that has not acted (law)', () => {
    const tag = fc.constantFrom('a', 'b', 'c');
    const deed = fc.oneof(
      tag.map((one) => ({ addTags: [one] })),
      fc.constantFrom<Rule['do']>(
        { priority: 'raise' },
        { team: 'billing' },
        { status: 'pending' },
        { status: 'open' },
      ),
    );
    const priority = fc.constantFrom('high' as const, 'urgent' as const);
    const question: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({ tag: tag.map((one) => [one]) }),
      fc.record({ priority: priority.map((one) => [one]) }),
      fc.constantFrom<Condition>({ team: ['billing'] }, { status: ['pending'] }, { open: false }, { waiting: '2h' }),
    );
    const rules = fc
      .array(fc.record({ when: question, do: deed }), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((rule, index) => ({ id: `r${index}`, ...rule })));
    const metric = (within: string) => fc.record({ within: fc.constant(within), breach: deed });
    const sla = fc
      .record({ 'first-reply': metric('1h'), 'requester-wait': metric('3h'), 'group-ownership': metric('2h') })
      .map((metrics) => [{ id: 'all', metrics }]);
    fc.assert(
      fc.property(rules, sla, fc.nat(600), (some, targets, minutes) => {
        const story = timed(some, 'all', { sla: targets });
        const isBounded = () => story.entries.some(({ type }) => type === 'rules-bounded');
        const waiting = () =>
          some.filter(({ id, when }) => {
            const { holds } = judge(when, factsOf(story.head, story.policy, story.now));
            return holds && !story.head.acted.includes(`clock/${id}`);
          });
        for (const at of [AFTERNOON + minutes * MINUTE, AFTERNOON + DAY]) {
          while (!isBounded() && (dueAtOf(story.head) ?? at) < at) {
            story.fire(Math.max(dueAtOf(story.head) ?? at, story.now));
            expect(waiting()).toEqual([]);
          }
          story.now = at;
          story.tell({ type: 'wake' });
          if (!isBounded()) expect(waiting()).toEqual([]);
        }
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
});
