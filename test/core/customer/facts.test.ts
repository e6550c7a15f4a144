import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNews, knownOf } from '../../../core/customer/facts.ts';
import { aCustomer } from '../../builders.ts';

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
