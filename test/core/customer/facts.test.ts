import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, isNews, knownOf } from '../../../core/customer/facts.ts';
import { blankOrganisation } from '../../../core/customer/organisation.ts';
import { ATTRIBUTES_MAX, blankProfile, type Profile } from '../../../core/customer/profile.ts';
import { decodeRecord, encodeRecord, handleChanges } from '../../../core/customer/record.ts';
import type { Customer } from '../../../core/thread/thread.ts';
import { aCustomer, MONDAY } from '../../builders.ts';

const TOLD = {
  ...{ name: 'Cleo', email: 'told@example.com', locale: 'de', zoneinfo: 'Europe/Berlin' },
  ...{ attributes: { plan: 'free', seats: 1 }, isAddressProved: false },
};
const ORGANISATION = {
  ...blankOrganisation('o1'),
  segments: ['enterprise', 'vip'],
  attributes: { plan: 'flat', seats: 100, country: 'DE' },
};

function aProfile(changes: Partial<Profile> = {}): Profile {
  return { ...blankProfile('c1'), version: 3, ...changes };
}

describe('what counts of a customer', () => {
  it.each<[string, Partial<Profile>, Partial<Customer>]>([
    ['what the token told', { told: TOLD }, { name: 'Cleo', locale: 'de', attributes: TOLD.attributes }],
    ['before it, what is set', { told: TOLD, name: 'Dr Cleo', locale: 'en' }, { name: 'Dr Cleo', locale: 'en' }],
    [
      'name by name of the attributes',
      { told: TOLD, attributes: { seats: 5 } },
      { attributes: { plan: 'free', seats: 5 } },
    ],
    ['the plan that is set', { told: TOLD, plan: 'gold' }, { attributes: { plan: 'gold', seats: 1 } }],
    ['the address that was told, where none is proved', { told: TOLD }, { email: 'told@example.com' }],
    [
      'the first address that is proved',
      { told: TOLD, addresses: [{ address: 'a@x.example', by: 'token', at: MONDAY }] },
      { email: 'a@x.example' },
    ],
    ['the segments', { segments: ['vip'] }, { segments: ['vip'] }],
    ['which version says so', {}, { record: 3 }],
  ])('is %s', (_, changes, expected) => {
    expect(factsOf(aProfile(changes), undefined)).toMatchObject(expected);
  });

  it('is, last, what is true of the organisation', () => {
    expect(factsOf(aProfile({ told: TOLD, segments: ['vip'], attributes: { seats: 5 } }), ORGANISATION)).toMatchObject({
      organisation: 'o1',
      segments: ['vip', 'enterprise'],
      attributes: { plan: 'free', seats: 5, country: 'DE' },
    });
    expect(factsOf(aProfile(), undefined)).not.toHaveProperty('organisation');
  });

  it('is no more than a customer may have: the organisation’s attributes fill up what is left', () => {
    const named = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, n]));
    const profile = aProfile({ attributes: named('own', 49) });
    const { attributes } = factsOf(profile, { ...ORGANISATION, attributes: named('org', 50) });
    expect(Object.keys(attributes)).toHaveLength(ATTRIBUTES_MAX);
    expect(attributes).toHaveProperty('org0');
    expect(attributes).not.toHaveProperty('org1');
  });
});

const someFacts = fc.record({
  name: fc.constantFrom('a', 'b'),
  attributes: fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(2)),
  segments: fc.subarray(['s', 't']),
});
/** As versions of a record that differ. */
const versions = fc
  .array(someFacts, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((facts, index) => aCustomer({ ...facts, record: index + 1, email: `${index}@x.example` })));

describe('what a thread knows', () => {
  it('is the latest version of the record, in whatever order it hears of them', () => {
    fc.assert(
      fc.property(
        versions.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, heard]) => {
          const known = heard.reduce(knownOf, aCustomer({ attributes: { z: 1 } }));
          expect(known).toEqual(all.at(-1));
          expect(isNews(known, knownOf(known, known))).toBe(false);
        },
      ),
    );
  });

  it('is not changed by what comes from elsewhere than the record', () => {
    const known = aCustomer({ record: 2, segments: ['vip'], organisation: 'o1' });
    expect(knownOf(known, aCustomer({ name: 'As a mail had it', email: 'x@x.example' }))).toBe(known);
  });

  it('is what was told before, where a record knows no address; its segments and attributes are the record’s', () => {
    const known = aCustomer({ attributes: { plan: 'free' } });
    const facts = aCustomer({ name: null, email: null, record: 1, segments: [] });
    expect(knownOf(known, facts)).toEqual({ ...known, attributes: {}, record: 1, segments: [] });
  });

  it('is no news where another version says the same, but that there is a record at all', () => {
    const known = aCustomer({ record: 2, segments: [] });
    expect(isNews(known, { ...known, record: 3 })).toBe(false);
    expect(isNews(known, { ...known, record: 3, segments: ['vip'] })).toBe(true);
    expect(isNews(aCustomer(), aCustomer({ record: 1 }))).toBe(true);
  });
});

describe('a record', () => {
  it('is stored as what differs from a blank one, and read as it was', () => {
    const profile = aProfile({ told: TOLD, segments: ['vip'] });
    const text = encodeRecord('customer', profile);
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(['segments', 'told', 'version']);
    expect(decodeRecord('customer', 'c1', text)).toEqual(profile);
    expect(decodeRecord('organisation', 'o1', encodeRecord('organisation', ORGANISATION))).toEqual(ORGANISATION);
  });

  it('takes and lets go of handles, whatever the case of an address', () => {
    const one = (address: string) => ({ address, by: 'token' as const, at: MONDAY });
    const before = aProfile({ addresses: [one('A@x.example'), one('b@x.example')] });
    const after = aProfile({
      addresses: [one('a@x.example')],
      identities: [{ id: 'visitor_1', by: 'capability', at: 1 }],
    });
    expect(handleChanges('customer', before, after)).toEqual({
      taken: ['identity:visitor_1'],
      released: ['address:b@x.example'],
    });
    expect(handleChanges('organisation', undefined, { ...ORGANISATION, domains: ['x.example'] }).taken).toEqual([
      'domain:x.example',
    ]);
  });
});
