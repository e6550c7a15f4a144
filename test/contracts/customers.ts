/** What every store of customers and organisations does. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blankOrganisation, type Organisation } from '../../core/customer/organisation.ts';
import { blankProfile, type Profile } from '../../core/customer/profile.ts';
import { addressHandle, customerByAddress, domainHandle } from '../../core/customer/record.ts';
import { InvalidCursor, TransientFailure } from '../../core/failures.ts';
import type { Customers } from '../../core/ports.ts';
import type { Page } from '../../core/thread/commit.ts';
import { MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';

const PUT = { result: 'put' };

function aProfile(changes: Partial<Profile> = {}): Profile {
  return { ...blankProfile(`c ${randomUUID()} é#/`), version: 1, createdAt: MONDAY, updatedAt: MONDAY, ...changes };
}

function addresses(...all: string[]): Pick<Profile, 'addresses'> {
  return { addresses: all.map((address) => ({ address, by: 'token', at: MONDAY })) };
}

function anAddress(): string {
  return `Cleo.${randomUUID()}@Example.com`;
}

export function customersContract(name: string, make: () => Promise<Customers>): void {
  describe(`${name} as a store of customers and organisations`, () => {
    it('keeps a record whole, of each business and kind its own', async () => {
      const customers = await make();
      const profile = aProfile({
        ...addresses(anAddress()),
        ...{ segments: ['vip'], attributes: { plan: 'gold', seats: 5, isNew: true }, name: 'Zoë 🐎'.repeat(200) },
      });
      expect(await customers.load('customer', 'acme', profile.id)).toBeUndefined();
      expect(await customers.put('customer', 'acme', profile, undefined)).toEqual(PUT);
      expect(await customers.load('customer', 'acme', profile.id)).toEqual(profile);
      expect(await customers.load('customer', 'other', profile.id)).toBeUndefined();
      expect(await customers.load('organisation', 'acme', profile.id)).toBeUndefined();
      const organisation: Organisation = { ...blankOrganisation(profile.id), version: 1, segments: ['enterprise'] };
      expect(await customers.put('organisation', 'acme', organisation, undefined)).toEqual(PUT);
      expect(await customers.load('organisation', 'acme', profile.id)).toEqual(organisation);
    });

    it('puts a record as it was read, or not at all', async () => {
      const customers = await make();
      const first = aProfile();
      const second = { ...first, plan: 'gold', version: 2 };
      expect(await customers.put('customer', 'acme', second, first)).toEqual({ result: 'conflict' });
      await customers.put('customer', 'acme', first, undefined);
      expect(await customers.put('customer', 'acme', first, undefined)).toEqual({ result: 'conflict' });
      const puts = ['a', 'b', 'c'].map((plan) => customers.put('customer', 'acme', { ...second, plan }, first));
      const results = (await Promise.all(puts)).map(({ result }) => result);
      expect(results.filter((result) => result === 'put')).toHaveLength(1);
      expect(results.filter((result) => result === 'conflict')).toHaveLength(2);
      const kept = await customers.load('customer', 'acme', first.id);
      expect(kept?.plan).toBe(['a', 'b', 'c'][results.indexOf('put')]);
    });

    it('finds a customer by an address, whatever its case, in their business', async () => {
      const customers = await make();
      const address = anAddress();
      expect(await customerByAddress(customers, 'acme', address)).toBeUndefined();
      const profile = aProfile(addresses(address));
      await customers.put('customer', 'acme', profile, undefined);
      expect(await customerByAddress(customers, 'acme', address.toUpperCase())).toBe(profile.id);
      expect(await customerByAddress(customers, 'other', address)).toBeUndefined();
      expect(await customers.holder('acme', domainHandle(address))).toBeUndefined();
    });

    it('gives a handle to nobody while another has it, and writes nothing then', async () => {
      const customers = await make();
      const [address, own] = [anAddress(), anAddress()];
      const holder = aProfile(addresses(address));
      await customers.put('customer', 'acme', holder, undefined);
      const other = aProfile(addresses(own, address.toLowerCase()));
      const taken = { result: 'taken', handle: addressHandle(address) };
      expect(await customers.put('customer', 'acme', other, undefined)).toEqual(taken);
      expect(await customers.load('customer', 'acme', other.id)).toBeUndefined();
      expect(await customerByAddress(customers, 'acme', own)).toBeUndefined();
      expect(await customers.put('customer', 'other', other, undefined), 'another business').toEqual(PUT);
    });

    it('gives a handle that its record let go of to the next, and back', async () => {
      const customers = await make();
      const address = anAddress();
      const [first, second] = [aProfile(addresses(address)), aProfile(addresses(address))];
      await customers.put('customer', 'acme', first, undefined);
      const without = { ...first, addresses: [], version: 2 };
      expect(await customers.put('customer', 'acme', without, first)).toEqual(PUT);
      expect(await customerByAddress(customers, 'acme', address)).toBeUndefined();
      expect(await customers.put('customer', 'acme', second, undefined)).toEqual(PUT);
      expect(await customerByAddress(customers, 'acme', address)).toBe(second.id);
      const again = { ...first, version: 3 };
      expect(await customers.put('customer', 'acme', again, without)).toMatchObject({ result: 'taken' });
    });

    it('lets one of several have a handle that all want at once', async () => {
      const customers = await make();
      const address = anAddress();
      const wanting = [1, 2, 3].map(() => aProfile(addresses(address)));
      // Transactions that meet may all be told to come again.
      const put = (profile: Profile): Promise<string> =>
        customers.put('customer', 'acme', profile, undefined).then(
          ({ result }) => result,
          (failure) => {
            if (failure instanceof TransientFailure) return put(profile);
            throw failure;
          },
        );
      const results = await Promise.all(wanting.map(put));
      expect(results.toSorted()).toEqual(['put', 'taken', 'taken']);
      const winner = wanting[results.indexOf('put')];
      expect(await customerByAddress(customers, 'acme', address)).toBe(winner?.id);
    });

    it('tells identities and domains from addresses', async () => {
      const customers = await make();
      const mark = randomUUID();
      const profile = aProfile({ identities: [{ id: mark, by: 'capability', at: MONDAY }] });
      await customers.put('customer', 'acme', profile, undefined);
      const organisation = { ...blankOrganisation(mark), version: 1, domains: [`${mark}.example`] };
      await customers.put('organisation', 'acme', organisation, undefined);
      expect(await customers.holder('acme', `identity:${mark}`)).toBe(profile.id);
      expect(await customers.holder('acme', domainHandle(`somebody@${mark}.example`))).toBe(mark);
      expect(await customers.holder('acme', `address:${mark}`)).toBeUndefined();
    });

    it('lists the records of a business and kind, page by page, by their ids', async () => {
      const customers = await make();
      const business = `b${randomUUID().slice(0, 8)}`;
      const ids = ['B', 'a', 'b#', 'b', 'é'].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const id of ids) await customers.put('customer', business, aProfile({ id }), undefined);
      await customers.put('organisation', business, { ...blankOrganisation('o1'), version: 1 }, undefined);
      await eventually(async () => {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: Page<Profile> = await customers.list('customer', business, { limit: 2, after });
          seen.push(...page.items.map(({ id }) => id));
          after = page.next;
        } while (after !== null);
        expect(seen).toEqual(ids);
      });
      expect((await customers.list('organisation', business, { limit: 2, after: null })).items).toHaveLength(1);
      const foreign = customers.list('customer', business, { limit: 2, after: 'x' });
      await expect(foreign).rejects.toThrow(InvalidCursor);
    });
  });
}
