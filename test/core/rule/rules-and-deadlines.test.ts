/** Rules that deadlines make hold: they act in the same decision, and what they do may make other deadlines due. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, judge } from '../../../core/rule/condition.ts';
import type { Condition } from '../../../core/rule/condition-shape.ts';
import { dueAtOf } from '../../../core/thread/armed-timers.ts';
import { aReply, DAY, HOUR, MINUTE } from '../../builders.ts';
import { AFTERNOON, acted, type Rule, timed } from '../../support/timed-rules.ts';

const BREACHED = [{ id: 'all', metrics: { 'first-reply': { within: '1h', breach: { addTags: ['late'] } } } }];

describe('a rule on time', () => {
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
