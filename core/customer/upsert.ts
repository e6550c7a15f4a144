/**
 * What an upsert makes of a record: created, updated or unchanged, field by field. A field that is left out stays as
 * it is, null takes it back; a list is the whole list, and attributes change one by one. So the same upsert twice is
 * unchanged the second time, and two systems that know different things do not undo each other's.
 */
import type { Attributes, Told } from '../thread/thread.ts';
import { retold } from './facts.ts';
import type { Organisation } from './organisation.ts';
import { ADDRESSES_MAX, ATTRIBUTES_MAX, IDENTITIES_MAX, type Profile, type Proof } from './profile.ts';

export interface Upserted<R> {
  status: 'created' | 'updated' | 'unchanged';
  record: R;
}

/** Attributes to set, or (null) to take back. */
type AttributeChanges = Record<string, Attributes[string] | null>;

type Optional<T> = { [Field in keyof T]?: T[Field] | undefined };

/** What an agent says of a customer. */
export type ProfileChange = Optional<
  Pick<Profile, 'name' | 'locale' | 'zoneinfo' | 'plan' | 'segments' | 'organisation'> & {
    attributes: AttributeChanges;
    /** All addresses, the first is where mail goes. */
    emails: string[];
    /** Ids under which the same person wrote; added to those there are. */
    identities: string[];
  }
>;

export type OrganisationChange = Optional<
  Pick<Organisation, 'name' | 'domains' | 'segments'> & { attributes: AttributeChanges }
>;

/** A change would leave more on a record than it may hold. The message is told to whoever asked for it. */
export class OverLimit extends Error {
  override readonly name = 'OverLimit';
  readonly field: string;

  constructor(field: string, max: number) {
    super(`are over the limit of ${max}`);
    this.field = field;
  }
}

/** The profile after an agent has said something of it. @throws {OverLimit} */
export function changedProfile(before: Profile, change: ProfileChange, proof: Proof): Profile {
  const { attributes, emails, identities = [], ...fields } = change;
  const addresses = emails?.map((address) => knownAddress(before, address) ?? { address, ...proof });
  const changed = {
    ...before,
    ...(told(fields) as Partial<Profile>),
    ...(addresses === undefined ? {} : { addresses: distinct(addresses) }),
    attributes: changedAttributes(before.attributes, attributes),
  };
  return identities.reduce((profile, id) => linkedProfile(profile, id, proof), changed);
}

/** The profile once another id is known to be the same person's. @throws {OverLimit} */
export function linkedProfile(before: Profile, identity: string, proof: Proof): Profile {
  if (before.identities.some(({ id }) => id === identity)) return before;
  if (before.identities.length === IDENTITIES_MAX) throw new OverLimit('identities', IDENTITIES_MAX);
  return { ...before, identities: [...before.identities, { id: identity, ...proof }] };
}

/** What a token tells, and what it is worth. */
interface Telling {
  told: Told;
  /** The business stands for the address. */
  isAddressProved: boolean;
  /** It is another customer's already: it is remembered as told, and no more. */
  isAddressTaken: boolean;
}

/**
 * The profile after a token of the customer has told something. An address that it proves is where mail goes from now
 * on. One that it told before is not looked at again: an agent who takes it away is not overruled by the next message.
 */
export function toldProfile(before: Profile, { told, ...address }: Telling, at: number): Profile {
  const known = before.told ?? { ...told, isAddressProved: false };
  const after = {
    ...retold(known, told),
    isAddressProved: told.email === null ? known.isAddressProved : address.isAddressProved,
  };
  after.attributes = changedAttributes({}, after.attributes);
  const isKnown = before.told !== null && known.email === after.email && known.isAddressProved;
  const { email } = after;
  if (email === null || isKnown || !after.isAddressProved || address.isAddressTaken) return { ...before, told: after };
  const proved = knownAddress(before, email) ?? { address: email, by: 'token', at };
  return { ...before, told: after, addresses: distinct([proved, ...before.addresses]).slice(0, ADDRESSES_MAX) };
}

/** @throws {OverLimit} */
export function changedOrganisation(before: Organisation, change: OrganisationChange): Organisation {
  const { attributes, domains, ...fields } = change;
  return {
    ...before,
    ...(told(fields) as Partial<Organisation>),
    ...(domains === undefined ? {} : { domains: [...new Set(domains.map((domain) => domain.toLowerCase()))] }),
    attributes: changedAttributes(before.attributes, attributes),
  };
}

/** Counts the change, where there is one. @param before undefined where there was no record */
export function upserted<R extends Profile | Organisation>(before: R | undefined, after: R, at: number): Upserted<R> {
  if (before === undefined) {
    return { status: 'created', record: { ...after, version: 1, createdAt: at, updatedAt: at } };
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return { status: 'unchanged', record: before };
  return { status: 'updated', record: { ...after, version: before.version + 1, updatedAt: at } };
}

/** In the order of their names, so that the same attributes are the same text. @throws {OverLimit} */
function changedAttributes(before: Attributes, change: AttributeChanges = {}): Attributes {
  const all = Object.entries({ ...before, ...change }).filter((one): one is [string, Attributes[string]] => {
    return one[1] !== null;
  });
  if (all.length > ATTRIBUTES_MAX) throw new OverLimit('attributes', ATTRIBUTES_MAX);
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is said at all; segments each once. */
function told(fields: { segments?: string[] | undefined }): object {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  const { segments } = fields;
  return { ...Object.fromEntries(said), ...(segments === undefined ? {} : { segments: [...new Set(segments)] }) };
}

function knownAddress({ addresses }: Profile, address: string): Profile['addresses'][number] | undefined {
  return addresses.find((known) => isSame(known.address, address));
}

function distinct(addresses: Profile['addresses']): Profile['addresses'] {
  return addresses.filter(({ address }, index) => {
    return addresses.findIndex((other) => isSame(other.address, address)) === index;
  });
}

function isSame(address: string, other: string): boolean {
  return address.toLowerCase() === other.toLowerCase();
}
