import { describe, expect, it } from 'vitest';
import { InvalidPolicy } from '../../../core/policy/define-business.ts';
import { aPolicy } from '../../builders.ts';

describe('rules and targets that are wrong', () => {
  const bad = { team: 'sales', assignee: 'constructor', skills: ['magic'] };
  const wrong = () =>
    aPolicy({
      routing: [
        {
          id: 'intake',
          on: ['start'],
          mode: 'first',
          rules: [
            {
              id: 'a',
              when: {
                any: [{ team: ['nobodies'], teamOpen: ['support', 'x'] }, { not: { assignee: ['zoe', 'nobody'] } }],
              },
              do: {},
            },
            { id: 'rest', do: { ...bad, notify: ['agent:yves', 'team:x', 'owner'] } },
            { id: 'a', when: { tag: ['x'], not: { any: [{ pattern: ['fine', '(', 'a{900}'] }] } }, do: {} },
          ],
        },
        {
          id: 'intake',
          on: ['message'],
          mode: 'all',
          rules: [
            { id: 'r', do: {} },
            { id: 's', do: {} },
          ],
        },
      ],
      guidelines: [
        { id: 'g', title: 'G', when: { team: ['x'] }, text: 'x' },
        { id: 'g', title: 'G', text: 'x' },
      ],
      sla: [
        {
          id: 'all',
          metrics: {
            'first-reply': {
              within: '1h',
              calendar: 'moon',
              warnings: [{ before: '5m', do: { notify: ['team:sales'] } }],
              breach: { team: 'sales' },
              repeats: { every: '1h', times: 2, do: { assignee: 'zoe' } },
            },
          },
        },
        { id: 'all', when: { topic: ['x'] }, metrics: {} },
      ],
    });

  it('are refused with every error and its path', () => {
    const told = (() => {
      try {
        return String(wrong());
      } catch (failure) {
        expect(failure).toBeInstanceOf(InvalidPolicy);
        return String(failure);
      }
    })();
    const problems = told
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    expect(problems.sort()).toEqual(
      [
        'routing.0.rules.0.when.any.0.team: there is no team nobodies',
        'routing.0.rules.0.when.any.0.teamOpen: there is no team x',
        'routing.0.rules.0.when.any.1.not.assignee: there is no agent zoe',
        'routing.0.rules.1.do.team: there is no team sales',
        'routing.0.rules.1.do.assignee: there is no agent constructor',
        'routing.0.rules.1.do.notify.0: there is no agent yves',
        'routing.0.rules.1.do.notify.1: there is no team x',
        'routing.0.rules.1.do.skills.0: no agent has the skill magic',
        'routing.0.rules.2: is never reached: rule rest before it always holds',
        'routing.0.rules.2.id: there are two rules a',
        'routing.1.id: there is another set of that name: intake',
        'guidelines.0.when.team: there is no team x',
        'guidelines.1.id: there are two guidelines g',
        'sla.0.metrics.first-reply.calendar: there is no calendar moon',
        'sla.0.metrics.first-reply.warnings.0.do.notify.0: there is no team sales',
        'sla.0.metrics.first-reply.breach.team: there is no team sales',
        'sla.0.metrics.first-reply.repeats.do.assignee: there is no agent zoe',
        'sla.1: is never reached: target all before it always holds',
        'routing.0.rules.2.when.not.any.0.pattern.1: ( is no pattern: error parsing regexp: missing closing ): `(`',
        'routing.0.rules.2.when.not.any.0.pattern.2: a{900} is no pattern: it repeats too much',
        'sla.1.id: there are two targets all',
        'sla.1.metrics: measures nothing',
      ].sort(),
    );
  });

  it('are refused where they ask for a language that nobody can tell, with those that can be', () => {
    const when = { all: [{ language: ['de', 'xx', 'no'] }] };
    const asking = () =>
      aPolicy({ routing: [{ id: 'a', on: ['start'], mode: 'all', rules: [{ id: 'b', when, do: {} }] }] });
    expect(asking).toThrow(
      /routing\.0\.rules\.0\.when\.all\.0\.language\.1: xx is none that .*: there is .*\bde, .*\bzh$/,
    );
  });

  it.each([
    [{ within: '4 hours' }, 'within'],
    [{ within: '1h', warnings: [{ before: '1d', do: {} }] }, 'before'],
    [{ within: '1h', repeats: { every: '1h', times: 11, do: {} } }, 'times'],
    [{ within: '1h', breach: { priority: 'huge' } }, 'priority'],
    [{ within: '1h', breach: { notify: ['everybody'] } }, 'notify'],
  ])('%j names %s', (target, path) => {
    expect(() => aPolicy({ sla: [{ id: 'all', metrics: { 'first-reply': target as never } }] })).toThrow(path);
  });
});
