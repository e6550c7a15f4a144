import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../core/digest.ts';
import { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import { defineBusiness, InvalidPolicy, isBusiness } from '../../../core/policy/define-business.ts';
import { textJudge } from '../../../core/rule/judge-text.ts';
import { acme } from '../../../meanwhile.config.ts';
import { aPolicy, HOUR, MONDAY } from '../../builders.ts';

describe('a policy', () => {
  it('that is wrong is refused with every error and its path', () => {
    const wrong = () =>
      defineBusiness({
        id: 'Acme!',
        name: '',
        languages: [],
        calendars: { office: { timeZone: 'Nowhere', hours: { mon: ['08:00-12:00'] } } },
        agents: { ana: { name: 'Ana', email: 'not an address', role: 'king' } },
        teams: {},
        defaultTeam: 'support' as never,
        replyTarget: { first: '4 hours', next: '0m' },
      });
    expect(wrong).toThrow(InvalidPolicy);
    const paths = ['id', 'name', 'languages', 'calendars.office.timeZone', 'agents.ana.email', 'replyTarget.first'];
    for (const path of [...paths, 'replyTarget.next']) expect(wrong).toThrow(`${path}: `);
  });

  it('whose parts name what is not there is refused, each by its path', () => {
    const wrong = () =>
      aPolicy({
        agents: { ana: { name: 'Ana', email: 'ana@acme.example', role: 'king' } },
        teams: {
          support: { name: 'S', address: 's@acme.example', calendar: 'constructor', agents: ['zoe'], topics: ['x'] },
          other: { name: 'O', address: 'o@acme.example', calendar: 'office', agents: [], topics: ['x'] },
        },
        defaultTeam: 'sales',
        publishableKeys: ['pk_other_12345678'],
      });
    for (const text of [
      'agents.ana.role: there is no role king',
      'teams.support.calendar: there is no calendar constructor',
      'teams.support.agents.0: there is no agent zoe',
      'teams.other.topics.0: team support has topic x too',
      'defaultTeam: there is no team sales',
      'publishableKeys.0: ',
    ]) {
      expect(wrong).toThrow(text);
    }
  });

  it('is compiled to the same version whenever it says the same, and to another when it does not', () => {
    expect(aPolicy().hash).toBe(aPolicy().hash);
    expect(aPolicy({ closeAfter: '5d' }).hash).not.toBe(aPolicy().hash);
    expect(new CompiledPolicy(JSON.parse(JSON.stringify(aPolicy().source)), () => textJudge).hash).toBe(aPolicy().hash);
  });

  it('that an earlier version of the product kept is the same version, and asks nothing of later parts', () => {
    const { routing: _r, sla: _s, guidelines: _g, refusedFiles: _f, calendars, ...rest } = aPolicy().source;
    const bare = Object.entries(calendars).map(([id, { timeZone, hours }]) => [id, { timeZone, hours }]);
    const kept = JSON.stringify({ ...rest, calendars: Object.fromEntries(bare) });
    const compiled = new CompiledPolicy(JSON.parse(kept), () => textJudge);
    expect(compiled.hash).toBe(sha256Hex(kept).slice(0, 16));
    expect(compiled.defaultTeam.hours.isOpen(MONDAY + HOUR)).toBe(true);
    expect(compiled.source).toMatchObject({ routing: [], sla: [], guidelines: [], refusedFiles: [] });
  });

  it('gives agents the rights of their role', () => {
    const policy = aPolicy({ roles: { agent: ['read'] } });
    expect(policy.agent('ana')?.rights.has('take-over')).toBe(true);
    expect([...(policy.agent('ben')?.rights ?? [])]).toEqual(['read']);
  });

  it('finds agents by verified address before subject, and nobody for neither', () => {
    const policy = aPolicy();
    expect(policy.agentOf({ email: 'ANA@acme.example', subject: 'x' })?.id).toBe('ana');
    expect(policy.agentOf({ email: undefined, subject: 'ana' })).toBeUndefined();
    expect(policy.agentOf({})).toBeUndefined();
  });

  it('answers a customer in their language, if the business speaks it', () => {
    expect(aPolicy().languageFor('de-AT')).toBe('de');
    expect(aPolicy().languageFor('fr')).toBe('en');
    expect(aPolicy().languageFor(null)).toBe('en');
  });

  it('of the example is valid, and known for what it is', () => {
    expect(isBusiness(acme)).toBe(true);
    expect(isBusiness({ ...acme })).toBe(false);
    expect(Object.keys(acme.teams)).toEqual(['support', 'billing']);
  });
});
