/**
 * A customer as a business keeps them: what its agents and back office set, what the customer's own token told last,
 * and which addresses and identities are theirs, each with its proof. A record of its own, beside the threads: what
 * decisions may know of it travels in commands (`facts.ts`).
 */
import type { Attributes, Told } from '../thread/thread.ts';

/** Limits, each of what one record holds. */
export const ADDRESSES_MAX = 10;
export const IDENTITIES_MAX = 50;
export const SEGMENTS_MAX = 20;
export const ATTRIBUTES_MAX = 50;
export const ATTRIBUTE_NAME_CHARS_MAX = 100;
export const DOMAINS_MAX = 20;

/** By what something is known to be a customer's: their signed token, the token of a thread, or an agent's word. */
export interface Proof {
  by: 'token' | 'capability' | `agent:${string}`;
  at: number;
}

interface ProvedAddress extends Proof {
  /** As it was told; no two differ by case alone. */
  address: string;
}

/** Under which the same person wrote before anybody knew who they are: a visitor's id, or one of a mail address. */
interface LinkedIdentity extends Proof {
  id: string;
}

export interface Profile {
  /** The customer's id at the business: `sub` of their tokens. */
  id: string;
  /** Set by agents, as is all down to `attributes`; null: nothing, so that what the token told counts. */
  name: string | null;
  locale: string | null;
  zoneinfo: string | null;
  plan: string | null;
  segments: string[];
  organisation: string | null;
  attributes: Attributes;
  /** The organisation that the domain of a proved address belongs to; counts where none is set. */
  domainOrganisation: string | null;
  /** Mail goes to the first. */
  addresses: ProvedAddress[];
  identities: LinkedIdentity[];
  /** What the customer's tokens told, the latest of each, and whether they stood for the address. */
  told: (Told & { isAddressProved: boolean }) | null;
  /** Counts changes, from 1. */
  version: number;
  createdAt: number;
  updatedAt: number;
}

export function blankProfile(id: string): Profile {
  return {
    ...{ id, name: null, locale: null, zoneinfo: null, plan: null, segments: [], organisation: null, attributes: {} },
    ...{ domainOrganisation: null, addresses: [], identities: [], told: null, version: 0, createdAt: 0, updatedAt: 0 },
  };
}

/** Whether an id is one that was made up here for somebody who did not say who they are. */
export function isAnonymous(customerId: string): boolean {
  return /^(visitor|mail)_/.test(customerId);
}
