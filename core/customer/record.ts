/**
 * Records: customers and organisations, and the handles by which they are found. A handle belongs to one record at
 * most: so an address that was proved for one customer is never another's.
 */
import { domainOf } from '../email/address.ts';
import { InvalidCursor } from '../failures.ts';
import type { Customers } from '../ports.ts';
import { blankOrganisation, type Organisation } from './organisation.ts';
import { blankProfile, type Profile } from './profile.ts';

export interface Records {
  customer: Profile;
  organisation: Organisation;
}
export type RecordKind = keyof Records;

export type Handle = `address:${string}` | `identity:${string}` | `domain:${string}`;

/** `conflict`: the record is not as it was read. `taken`: another record has this handle. Nothing was written. */
export type PutResult = { result: 'put' } | { result: 'conflict' } | { result: 'taken'; handle: Handle };

export function addressHandle(address: string): Handle {
  return `address:${address.toLowerCase()}`;
}

export function domainHandle(address: string): Handle {
  return `domain:${domainOf(address)}`;
}

type HandlesOf = { [K in RecordKind]: (record: Records[K]) => Handle[] };
const HANDLES: HandlesOf = {
  customer: ({ addresses, identities }) => [
    ...addresses.map(({ address }) => addressHandle(address)),
    ...identities.map(({ id }): Handle => `identity:${id}`),
  ],
  organisation: ({ domains }) => domains.map(domainHandle),
};

/** What a put of `after` takes, and what it lets go of. */
export function handleChanges<K extends RecordKind>(
  kind: K,
  before: Records[K] | undefined,
  after: Records[K],
): { taken: Handle[]; released: Handle[] } {
  const [had, has] = [before === undefined ? [] : HANDLES[kind](before), HANDLES[kind](after)];
  return {
    taken: has.filter((handle) => !had.includes(handle)),
    released: had.filter((handle) => !has.includes(handle)),
  };
}

/** The customer of whom an address is proved; undefined where it is nobody's. */
export function customerByAddress(
  customers: Customers,
  business: string,
  address: string,
): Promise<string | undefined> {
  return customers.holder(business, addressHandle(address));
}

const BLANK: { [K in RecordKind]: (id: string) => Records[K] } = {
  customer: blankProfile,
  organisation: blankOrganisation,
};

/** A record as it is stored: what differs from a blank one, so that what is not known is not paid for. */
export function encodeRecord<K extends RecordKind>(kind: K, record: Records[K]): string {
  const blank = Object.entries(BLANK[kind](record.id)).map(([field, value]) => [field, JSON.stringify(value)]);
  const usual = new Map(blank as [string, string][]);
  const stored = Object.entries(record).filter(([field, value]) => usual.get(field) !== JSON.stringify(value));
  return JSON.stringify(Object.fromEntries(stored));
}

/** A record of an earlier version lacks what was added since, which is as in a blank one. */
export function decodeRecord<K extends RecordKind>(kind: K, id: string, text: string): Records[K] {
  return { ...BLANK[kind](id), ...(JSON.parse(text) as Partial<Records[K]>) };
}

/** The cursor of a list of records, which are in the order of their ids. */
export function cursorAfter(id: string): string {
  return JSON.stringify([id]);
}

/** @throws {InvalidCursor} */
export function idOfCursor(cursor: string): string {
  try {
    const values: unknown = JSON.parse(cursor);
    if (Array.isArray(values) && values.length === 1 && typeof values[0] === 'string' && values[0] !== '')
      return values[0];
  } catch {}
  throw new InvalidCursor('The cursor is not one of this list.');
}
