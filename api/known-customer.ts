/** What is known of customers, for whatever is decided about them; and their threads, which learn when it changes. */
import { factsBy, isNews, knownOf } from '../core/customer/facts.ts';
import { blankProfile, type Profile } from '../core/customer/profile.ts';
import { toldProfile, type Upserted } from '../core/customer/upsert.ts';
import type { Command } from '../core/thread/command.ts';
import type { Author } from '../core/thread/entry.ts';
import type { Customer, Thread } from '../core/thread/thread.ts';
import { ownerOf, type Principal } from './auth/principal.ts';
import { changeRecord, domainOrganisationOf, HandleTaken } from './records.ts';
import type { Call } from './route.ts';
import { entropy } from './submit.ts';

type AnyCall = Call<unknown, unknown, unknown>;
type CustomerPrincipal = Extract<Principal, { kind: 'customer' }>;

/** Threads of a customer that are looked at once, and pages of them, the latest first. */
const THREADS_READ = 100;
const PAGES_MAX = 100;

/** The record of the customer who calls, with what their token tells now. Nothing is written where that is not new. */
export async function ownRecord(
  call: AnyCall,
  { customer, isAddressProved }: CustomerPrincipal,
  more: (profile: Profile) => Profile = (profile) => profile,
): Promise<Upserted<Profile>> {
  const { id, ...told } = customer;
  const tell = (isAddressTaken: boolean) =>
    changeRecord(call, 'customer', id, async (before) => {
      const known = before ?? blankProfile(id);
      const after = more(toldProfile(known, { told, isAddressProved, isAddressTaken }, call.deps.clock.now()));
      if (after.addresses === known.addresses) return after;
      return { ...after, domainOrganisation: await domainOrganisationOf(call, after.addresses) };
    });
  try {
    return await tell(false);
  } catch (failure) {
    // It was proved for somebody else, as families have it: what is written comes from this customer all the same.
    if (failure instanceof HandleTaken && failure.handle.startsWith('address:')) return tell(true);
    throw failure;
  }
}

/**
 * What is known of whoever writes. Where that is new, or the thread in which they write does not know it yet, their
 * other threads are told.
 */
export async function customerWhoWrites(
  call: AnyCall,
  principal: Exclude<Principal, { kind: 'agent' | 'visitor' | 'link' }>,
  thread?: Thread,
): Promise<Customer> {
  if (principal.kind === 'capability') return principal.customer;
  const { status, record } = await ownRecord(call, principal);
  const customer = await factsBy(call.deps.customers, call.policy.business, record);
  const isBehind = thread !== undefined && isNews(thread.customer, knownOf(thread.customer, customer));
  if (status === 'updated' || isBehind) {
    await tellThreads(call, customer, { kind: 'customer', id: customer.id, name: customer.name }, thread?.id);
  }
  return customer;
}

/**
 * Tells the threads of a customer that are not closed, where they know something else.
 * @param but one that is told otherwise
 */
export async function tellThreads(call: AnyCall, customer: Customer, author: Author, but?: string): Promise<void> {
  const isBehind = ({ customer: known, started, status }: Thread) =>
    started && status !== 'closed' && isNews(known, knownOf(known, customer));
  for await (const threads of threadsOf(call, customer.id)) {
    const behind = threads.filter((thread) => thread.id !== but && isBehind(thread)).map(({ id }) => id);
    await send(call, behind, author, { type: 'customer-told', customer });
  }
}

/** Tells every thread of whoever wrote as `linked` that they are this customer. */
export async function linkThreads(
  call: AnyCall,
  { customer, linked, author }: { customer: Customer; linked: string; author: Author },
  but?: string,
): Promise<void> {
  for await (const threads of threadsOf(call, linked)) {
    const others = threads.map(({ id }) => id).filter((id) => id !== but);
    await send(call, others, author, { type: 'customer-told', customer, linked });
  }
}

/** Page by page. Whatever is begun meanwhile knows what is known by then. */
async function* threadsOf({ deps, policy }: AnyCall, customer: string): AsyncIterable<Thread[]> {
  const list = { by: 'customer', business: policy.business, customer } as const;
  let after: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await deps.threads.list(list, { limit: THREADS_READ, after });
    yield page.items;
    after = page.next;
    if (after === null) return;
  }
  deps.log('warn', 'customer.threads-left', { business: policy.business, pages: PAGES_MAX });
}

async function send(call: AnyCall, threads: string[], author: Author, body: Command['body']): Promise<void> {
  if (threads.length === 0) return;
  const { deps, policy, ids, principal } = call;
  const acceptedAt = deps.clock.now();
  await deps.policies.keep(policy);
  const messages = threads.map((thread) => {
    const id = ids.command(thread, ownerOf(principal), acceptedAt, entropy(deps));
    const command: Command = {
      ...{ schema: 1, id, business: policy.business, thread, acceptedAt, policy: policy.hash },
      ...{ author, control: 'agent', body },
    };
    return { lane: thread, id, body: command };
  });
  await deps.lanes.send(messages);
}
