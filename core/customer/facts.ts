/**
 * What is known of a customer when something of theirs is decided. Several may say it; where they differ,
 *
 *   agents and the back office  before  the customer's token  before  their organisation
 *
 * field by field, and attribute by attribute. All three are the business's word. But a token is made by itself when
 * somebody logs in, may be hours old, and says the same again with every message; what a person or a system set on a
 * record is meant, can be taken back, and must not be undone by the customer's next message. What is true of an
 * organisation is true of its members as long as nothing is said of them.
 */
import type { Customers } from '../ports.ts';
import type { Attributes, Customer, Told } from '../thread/thread.ts';
import type { Organisation } from './organisation.ts';
import { ATTRIBUTES_MAX, type Profile } from './profile.ts';

/** The organisation that counts for a customer. */
function organisationOf({ organisation, domainOrganisation }: Profile): string | null {
  return organisation ?? domainOrganisation;
}

/** @param organisation the one of `organisationOf` */
export function factsOf(profile: Profile, organisation: Organisation | undefined): Customer {
  const { id, told, plan, addresses, segments, version } = profile;
  const set: Attributes = plan === null ? profile.attributes : { ...profile.attributes, plan };
  return {
    id,
    name: profile.name ?? told?.name ?? null,
    email: addresses[0]?.address ?? told?.email ?? null,
    locale: profile.locale ?? told?.locale ?? null,
    zoneinfo: profile.zoneinfo ?? told?.zoneinfo ?? null,
    attributes: firstOf([set, told?.attributes ?? {}, organisation?.attributes ?? {}]),
    segments: [...new Set([...segments, ...(organisation?.segments ?? [])])],
    ...(organisation === undefined ? {} : { organisation: organisation.id }),
    record: version,
  };
}

/** What is known by a customer's record, and that of their organisation. */
export async function factsBy(customers: Customers, business: string, profile: Profile): Promise<Customer> {
  const id = organisationOf(profile);
  return factsOf(profile, id === null ? undefined : await customers.load('organisation', business, id));
}

/** Of each attribute what the first says, as many as a customer may have. */
function firstOf(sayings: Attributes[]): Attributes {
  const first = new Map<string, Attributes[string]>();
  for (const [name, value] of sayings.flatMap(Object.entries<Attributes[string]>)) {
    if (!first.has(name) && first.size < ATTRIBUTES_MAX) first.set(name, value);
  }
  return Object.fromEntries(first);
}

/** What was told before stays where it is not told again. */
export function retold(before: Told, told: Told): Told {
  return {
    name: told.name ?? before.name,
    email: told.email ?? before.email,
    locale: told.locale ?? before.locale,
    zoneinfo: told.zoneinfo ?? before.zoneinfo,
    attributes: Object.keys(told.attributes).length > 0 ? told.attributes : before.attributes,
  };
}

/**
 * What a thread knows of its customer after something was told. What comes from a record is whole, and counts before
 * what comes from elsewhere; an older version of it than the thread knows already is no news.
 */
export function knownOf(before: Customer, told: Customer): Customer {
  const id = before.id === '' ? told.id : before.id;
  if (before.record !== undefined && (told.record ?? 0) < before.record) return before;
  const { segments, organisation, record } = told.record === undefined ? before : told;
  return {
    id,
    ...retold(before, told),
    ...(told.record === undefined ? {} : { attributes: told.attributes }),
    ...(segments === undefined ? {} : { segments }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(record === undefined ? {} : { record }),
  };
}

/** Whether something else is known of a customer, apart from the version that says it. */
export function isNews(before: Customer, after: Customer): boolean {
  const [{ record: was, ...known }, { record: is, ...told }] = [before, after];
  return (was === undefined) !== (is === undefined) || JSON.stringify(known) !== JSON.stringify(told);
}
