import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { checkMailIdentities, noticesThatComeBack } from '../../lib/mail-identities.ts';
import { checkSettings, type SettingsInput } from '../../lib/settings.ts';
import { aPolicy } from '../builders.ts';
import { aStack } from '../support/stack.ts';

describe('settings', () => {
  it('have defaults for all but what nobody can guess', () => {
    expect(checkSettings({})).toMatchObject({
      stage: 'dev',
      fileScan: 'off',
      alarms: true,
      dashboard: true,
      mailsPerSecond: 1,
    });
  });

  it('may be text, as `-c name=value` gives them', () => {
    const told = { alarms: 'false', logDays: '90', mailIdentities: 'acme.example, help@other.example' };
    const settings = checkSettings(told as unknown as SettingsInput);
    expect(settings).toMatchObject({ alarms: false, logDays: 90 });
    expect(settings.mailIdentities).toEqual(['acme.example', 'help@other.example']);
  });

  it('that are wrong are all listed, by name', () => {
    const wrong = { stage: 'live', logDays: 8, mailIdentities: ['nonsense'], requestsPerSecond: 0, logdays: 7 };
    const problems = [
      'stage: ',
      'mailIdentities.0: is no domain',
      'requestsPerSecond: ',
      'logDays: is one of',
      'logdays',
    ];
    for (const problem of ['5 setting(s) are wrong', ...problems]) {
      expect(() => checkSettings(wrong as unknown as SettingsInput)).toThrow(problem);
    }
  });
});

describe('mail identities', () => {
  const policy = aPolicy().source;
  const [team = ''] = Object.keys(policy.teams);
  const withAddress = (address: string) => ({
    ...policy,
    teams: { [team]: { ...(policy.teams[team] as (typeof policy.teams)[string]), address } },
  });

  it.each([
    ['help@acme.example', { mailIdentities: ['acme.example'] }, true],
    ['help@mail.acme.example', { mailIdentities: ['acme.example'] }, true],
    ['help@acme.example', { mailIdentities: ['help@acme.example'] }, true],
    ['help@acme.example', { existingMailIdentities: ['acme.example'] }, true],
    ['help@notacme.example', { mailIdentities: ['acme.example'] }, false],
    ['help@acme.example', { mailIdentities: ['mail.acme.example'] }, false],
    ['help@acme.example', { mailIdentities: ['sales@acme.example'] }, false],
  ])('cover %s by %o: %s', (address, settings, isCovered) => {
    const check = () => checkMailIdentities([withAddress(address)], checkSettings(settings));
    if (isCovered) expect(check).not.toThrow();
    else expect(check).toThrow(`acme.teams.${team}.address: ${address} is of no domain or address in mailIdentities`);
  });
});

describe('the addresses that teams get their notices at', () => {
  const { source } = aPolicy({ mail: { repliesAt: 'in.acme.example', addresses: { 'info@acme.example': 'support' } } });
  const { support } = source.teams;
  const told = (notices?: string) => {
    const team = { ...(support as NonNullable<typeof support>), ...(notices === undefined ? {} : { notices }) };
    return noticesThatComeBack([{ ...source, teams: { support: team } }]);
  };

  it.each([undefined, 'info@acme.example', 'Support+team@acme.example', 'team@in.acme.example'])(
    'are warned of where the product takes their mail itself: %s',
    (notices) => {
      expect(told(notices)).toEqual([expect.stringMatching(/^acme\.teams\.support\.notices: .*is no mailbox/)]);
    },
  );

  it.each(['team@acme.example', 'support@people.acme.example'])('are fine where people read them: %s', (notices) => {
    expect(told(notices)).toEqual([]);
  });

  it('are warned of at synth', () => {
    Annotations.fromStack(aStack().stack).hasWarning('*', Match.stringLikeRegexp('acme.teams.support.notices'));
  });
});
