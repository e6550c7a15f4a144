/** Customers and organisations as the contract shows them to agents. */
import type * as z from 'zod';
import type { Organisation } from '../core/customer/organisation.ts';
import type { Profile, Proof } from '../core/customer/profile.ts';
import type { Customer } from '../core/thread/thread.ts';
import type { agentThread } from './answers.ts';
import type * as answers from './customer-answers.ts';
import { instantText } from './instants.ts';

export function customerView({ addresses, told, ...profile }: Profile): z.output<typeof answers.customer> {
  return {
    ...profile,
    emails: addresses.map(proved),
    identities: profile.identities.map(proved),
    told: told && {
      name: told.name,
      email: told.email,
      locale: told.locale,
      zoneinfo: told.zoneinfo,
      attributes: told.attributes,
    },
    ...times(profile),
  };
}

export function knownCustomerView(profile: Profile, facts: Customer): z.output<typeof answers.knownCustomer> {
  return { ...customerView(profile), facts: knownView(facts) };
}

export function organisationView(organisation: Organisation): z.output<typeof answers.organisation> {
  return { ...organisation, ...times(organisation) };
}

/** What is known of a customer, as conditions see it. */
export function knownView(customer: Customer): z.output<typeof agentThread>['customer'] {
  const { id, name, email, locale, zoneinfo, segments = [], organisation = null, attributes } = customer;
  return { id, name, email, locale, zoneinfo, segments, organisation, attributes };
}

function proved<T extends Proof>(one: T): Omit<T, 'at'> & { at: string } {
  return { ...one, at: instantText(one.at) };
}

function times({ createdAt, updatedAt }: { createdAt: number; updatedAt: number }) {
  return { createdAt: instantText(createdAt), updatedAt: instantText(updatedAt) };
}
