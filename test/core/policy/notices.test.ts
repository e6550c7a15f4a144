import { describe, expect, it } from 'vitest';
import { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import { defineBusiness } from '../../../core/policy/define-business.ts';
import { DEFAULT_NOTICES } from '../../../core/policy/notices.ts';
import { textJudge } from '../../../core/rule/judge-text.ts';
import { aPolicy, defaultPolicy } from '../../builders.ts';

describe('when colleagues are told', () => {
  it('is a minute for what follows, and five for who is there, unless the policy says otherwise', () => {
    expect(defaultPolicy.source.notices).toEqual(DEFAULT_NOTICES);
    const notices = { digestMinutes: 0, firstWaits: true, onThreadMinutes: 15, off: ['agent:ana', 'team:billing'] };
    expect(aPolicy({ notices: notices as never }).source.notices).toEqual(notices);
  });

  it('is known also of a version that was kept before it could be said', () => {
    const { notices: _, ...kept } = defaultPolicy.source;
    expect(new CompiledPolicy(kept as never, () => textJudge).source.notices).toEqual(DEFAULT_NOTICES);
  });

  it('is said in whole minutes, of agents and teams that there are', () => {
    const wrong = (notices: object) => () => aPolicy({ notices });
    expect(wrong({ off: ['agent:ann', 'team:billing'] })).toThrow('notices.off.0: there is no agent ann');
    expect(wrong({ off: ['team:ana'] })).toThrow('notices.off.0: there is no team ana');
    expect(wrong({ off: ['ana'] })).toThrow('notices.off.0');
    expect(wrong({ digestMinutes: 0.5 })).toThrow('notices.digestMinutes');
    expect(wrong({ onThreadMinutes: 1_441 })).toThrow('notices.onThreadMinutes');
  });

  it('names agents and teams that the compiler knows', () => {
    const definition = {
      ...{ id: 'acme', name: 'Acme', languages: ['en' as const], replyTarget: { first: '4h', next: '2h' } },
      calendars: { always: { timeZone: 'UTC', alwaysOpen: true as const } },
      agents: { ana: { name: 'Ana', email: 'ana@acme.example' } },
      teams: {
        support: { name: 'S', address: 's@acme.example', calendar: 'always' as const, agents: ['ana' as const] },
      },
      defaultTeam: 'support' as const,
    };
    expect(defineBusiness({ ...definition, notices: { off: ['agent:ana'] } }).notices.off).toEqual(['agent:ana']);
    // @ts-expect-error There is no such agent.
    expect(() => defineBusiness({ ...definition, notices: { off: ['agent:zoe'] } })).toThrow('there is no agent zoe');
  });
});
