/** Who calls: what a verified token says of its bearer. */
import type { Owner } from '../../core/ids.ts';
import type { Agent } from '../../core/policy/compiled-policy.ts';
import type { Author } from '../../core/thread/entry.ts';
import type { Customer, Thread } from '../../core/thread/thread.ts';

interface CustomerPrincipal {
  kind: 'customer';
  business: string;
  customer: Customer;
  /** Whether the business stands for the address that the token tells. */
  isAddressProved: boolean;
}

/** A visitor with the capability of one thread: its customer, there and nowhere else. */
interface CapabilityPrincipal {
  kind: 'capability';
  business: string;
  customer: Customer;
  threadId: string;
}

/** Somebody with the business's publishable key: anybody. */
interface VisitorPrincipal {
  kind: 'visitor';
  business: string;
  key: string;
  /** Where the call comes from; visitors are told apart by it for rates and idempotency. */
  address: string;
}

/** Whoever has a link: they may open its path, and are nobody anywhere else. */
interface LinkPrincipal {
  kind: 'link';
  business: string;
  /** Nobody: of no customer is the id empty. */
  customer: Customer;
}

interface AgentPrincipal {
  kind: 'agent';
  business: string;
  agent: Agent;
}

export type Principal = CustomerPrincipal | CapabilityPrincipal | VisitorPrincipal | LinkPrincipal | AgentPrincipal;
export type CallerKind = Principal['kind'];

/** Who owns what the principal makes. */
export function ownerOf(principal: Principal): Owner {
  switch (principal.kind) {
    case 'agent':
      return `agent:${principal.agent.id}`;
    case 'visitor':
      return `visitor:${principal.key}`;
    default:
      return `customer:${principal.customer.id}`;
  }
}

/** Who is told apart from whom, by rates and idempotency keys; begins with the business. */
export function scopeOf(principal: Principal): string {
  const { business } = principal;
  switch (principal.kind) {
    case 'agent':
      return `${business} agent ${principal.agent.id}`;
    case 'visitor':
      return `${business} visitor ${principal.key} ${principal.address}`;
    default:
      return `${business} customer ${principal.customer.id}`;
  }
}

/** Who writes; the name of a visitor, which their token does not tell, is what their thread knows. */
export function authorOf(principal: Exclude<Principal, { kind: 'visitor' }>, thread: Thread | undefined): Author {
  if (principal.kind === 'agent') return { kind: 'agent', id: principal.agent.id, name: principal.agent.name };
  const { id, name } = principal.customer;
  return { kind: 'customer', id, name: name ?? thread?.customer.name ?? null };
}
