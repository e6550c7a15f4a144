import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankOrganisation } from '../../../core/customer/organisation.ts';
import {
  ADDRESSES_MAX,
  ATTRIBUTES_MAX,
  blankProfile,
  IDENTITIES_MAX,
  type Profile,
  type Proof,
} from '../../../core/customer/profile.ts';
import {
  changedOrganisation,
  changedProfile,
  linkedProfile,
  OverLimit,
  type ProfileChange,
  toldProfile,
  upserted,
} from '../../../core/customer/upsert.ts';
import type { Told } from '../../../core/thread/thread.ts';
import { MONDAY } from '../../builders.ts';

const ANA: Proof = { by: 'agent:ana', at: MONDAY };

function told(changes: Partial<Told> = {}): Told {
  return { name: 'Cleo', email: 'c1@example.com', locale: null, zoneinfo: null, attributes: {}, ...changes };
}

function tell(before: Profile, changes: Partial<Told> = {}, more = {}): Profile {
  return toldProfile(before, { told: told(changes), isAddressProved: true, isAddressTaken: false, ...more }, MONDAY);
}

const addressesOf = ({ addresses }: Profile) => addresses.map(({ address, by }) => `${address} ${by}`);

const aText = fc.constantFrom('a', 'b', 'c');
const settable = fc.option(aText, { nil: null });
const anAddress = fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example', 'c@y.example');
const optional = { requiredKeys: [] as [] };
const aChange: fc.Arbitrary<ProfileChange> = fc.record(
  {
    name: settable,
    locale: settable,
    plan: settable,
    organisation: settable,
    segments: fc.array(aText, { maxLength: 4 }),
    attributes: fc.dictionary(aText, fc.option(fc.oneof(aText, fc.nat(3)), { nil: null })),
    emails: fc.array(anAddress, { maxLength: 4 }),
    identities: fc.array(aText, { maxLength: 4 }),
  },
  optional,
);
const aTelling = fc.record({
  told: fc.record({
    name: settable,
    email: fc.option(anAddress, { nil: null }),
    locale: settable,
    zoneinfo: fc.constant(null),
    attributes: fc.dictionary(aText, aText),
  }),
  isAddressProved: fc.boolean(),
  isAddressTaken: fc.boolean(),
});
const aProfile = fc
  .array(fc.oneof(aChange, aTelling), { maxLength: 5 })
  .map((steps) =>
    steps.reduce(
      (profile: Profile, step) =>
        'told' in step ? toldProfile(profile, step, MONDAY) : changedProfile(profile, step, ANA),
      { ...blankProfile('c1'), version: 1 },
    ),
  );

describe('an upsert', () => {
  it('creates, then updates, then changes nothing', () => {
    const first = upserted(undefined, changedProfile(blankProfile('c1'), { plan: 'gold' }, ANA), MONDAY);
    expect(first).toMatchObject({ status: 'created', record: { id: 'c1', plan: 'gold', version: 1 } });
    const second = upserted(first.record, changedProfile(first.record, { plan: 'silver' }, ANA), MONDAY + 1);
    expect(second).toMatchObject({ status: 'updated', record: { plan: 'silver', version: 2, updatedAt: MONDAY + 1 } });
    expect(second.record.createdAt).toBe(MONDAY);
    const third = upserted(second.record, changedProfile(second.record, { plan: 'silver' }, ANA), MONDAY + 2);
    expect(third).toEqual({ status: 'unchanged', record: second.record });
  });

  it('is unchanged the second time, whatever an agent says of whatever there is', () => {
    fc.assert(
      fc.property(aProfile, aChange, (before, change) => {
        const once = upserted(before, changedProfile(before, change, ANA), MONDAY).record;
        const later = { ...ANA, at: MONDAY + 1 };
        expect(upserted(once, changedProfile(once, change, later), MONDAY + 1)).toEqual({
          status: 'unchanged',
          record: once,
        });
      }),
    );
  });

  it('is unchanged the second time, whatever a token tells of whatever there is', () => {
    fc.assert(
      fc.property(aProfile, aTelling, (before, telling) => {
        const once = upserted(before, toldProfile(before, telling, MONDAY), MONDAY).record;
        expect(upserted(once, toldProfile(once, telling, MONDAY + 1), MONDAY + 1).status).toBe('unchanged');
      }),
    );
  });

  it('changes what it names alone: what a token tells, no word of an agent, and the other way round', () => {
    fc.assert(
      fc.property(aProfile, aTelling, aChange, (before, telling, change) => {
        const { told: _, addresses: __, ...set } = toldProfile(before, telling, MONDAY);
        expect(before).toMatchObject(set);
        expect(changedProfile(before, change, ANA).told).toEqual(before.told);
      }),
    );
  });

  it.each<[ProfileChange, Partial<Profile>]>([
    [{}, {}],
    [{ name: null }, { name: null }],
    [{ segments: ['b', 'b'] }, { segments: ['b'] }],
    [{ segments: [] }, { segments: [] }],
    [{ attributes: { seats: 6 } }, { attributes: { floor: 2, seats: 6 } }],
    [{ attributes: { seats: null } }, { attributes: { floor: 2 } }],
  ])('that says %j leaves %j different', (change, different) => {
    const before = changedProfile(
      blankProfile('c1'),
      { name: 'Cleo', segments: ['a'], attributes: { seats: 5, floor: 2 }, organisation: 'o1' },
      ANA,
    );
    expect(changedProfile(before, change, ANA)).toEqual({ ...before, ...different });
  });

  it('names the field whose limit it is over', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`);
    const attributes = (count: number) => Object.fromEntries(many(count).map((name) => [name, 1]));
    const full = changedProfile(blankProfile('c1'), { attributes: attributes(ATTRIBUTES_MAX) }, ANA);
    expect(() => changedProfile(full, { attributes: { more: 1 } }, ANA)).toThrow(new OverLimit('attributes', 50));
    expect(changedProfile(full, { attributes: { n0: null, more: 1 } }, ANA).attributes).toHaveProperty('more');
    const linked = many(IDENTITIES_MAX).reduce((profile, id) => linkedProfile(profile, id, ANA), full);
    expect(() => linkedProfile(linked, 'more', ANA)).toThrow('are over the limit of 50');
    expect(() => changedOrganisation(blankOrganisation('o1'), { attributes: attributes(51) })).toThrow(OverLimit);
  });
});

describe('an address', () => {
  it('that a token proves is where mail goes from now on, however it is written', () => {
    const first = tell(blankProfile('c1'));
    expect(addressesOf(first)).toEqual(['c1@example.com token']);
    const moved = tell(first, { email: 'new@example.com' });
    expect(addressesOf(moved)).toEqual(['new@example.com token', 'c1@example.com token']);
    expect(addressesOf(tell(moved, { email: 'C1@Example.com' }))).toEqual([
      'c1@example.com token',
      'new@example.com token',
    ]);
  });

  it.each([{ isAddressProved: false }, { isAddressTaken: true }])('is no more than told where %j', (more) => {
    const profile = tell(blankProfile('c1'), {}, more);
    expect(profile).toMatchObject({ addresses: [], told: { email: 'c1@example.com' } });
  });

  it('that is verified later is proved then', () => {
    const before = tell(blankProfile('c1'), {}, { isAddressProved: false });
    expect(addressesOf(tell(before))).toEqual(['c1@example.com token']);
  });

  it('that an agent took away stays away, until a token tells another', () => {
    const without = changedProfile(tell(blankProfile('c1')), { emails: [] }, ANA);
    expect(addressesOf(tell(without))).toEqual([]);
    expect(addressesOf(tell(without, { email: null }))).toEqual([]);
    expect(addressesOf(tell(without, { email: 'new@example.com' }))).toEqual(['new@example.com token']);
  });

  it('keeps its proof where an agent names it again, and has theirs where they are the first', () => {
    const after = changedProfile(tell(blankProfile('c1')), { emails: ['w@x.example', 'C1@example.com'] }, ANA);
    expect(addressesOf(after)).toEqual(['w@x.example agent:ana', 'c1@example.com token']);
  });

  it('is one of so many at most: the oldest goes', () => {
    const emails = Array.from({ length: ADDRESSES_MAX }, (_, n) => `${n}@x.example`);
    const full = changedProfile(blankProfile('c1'), { emails }, ANA);
    expect(addressesOf(tell(full))).toEqual([
      'c1@example.com token',
      ...emails.slice(0, -1).map((email) => `${email} agent:ana`),
    ]);
  });
});

describe('what is told again', () => {
  it('replaces what it tells, and leaves the rest', () => {
    const first = tell(blankProfile('c1'), { locale: 'de', attributes: { b: 1, a: 2 } });
    expect(tell(first, { name: 'Cleopatra', email: null }).told).toEqual({
      ...told({ name: 'Cleopatra', locale: 'de', attributes: { a: 2, b: 1 } }),
      isAddressProved: true,
    });
    expect(tell(first, { attributes: { c: 3 } }).told?.attributes).toEqual({ c: 3 });
  });
});

describe('an organisation', () => {
  it('has each domain once, in lower case', () => {
    const after = changedOrganisation(blankOrganisation('o1'), { domains: ['X.example', 'x.example', 'y.example'] });
    expect(after.domains).toEqual(['x.example', 'y.example']);
    expect(changedOrganisation(after, { name: 'Xs' })).toEqual({ ...after, name: 'Xs' });
  });
});
