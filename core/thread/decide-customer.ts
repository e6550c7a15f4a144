/** Decisions about what is known of a thread's customer, and about whose thread it is. */
import { isNews, knownOf } from '../customer/facts.ts';
import type { BodyOf } from './command.ts';
import type { Draft } from './draft.ts';
import { type Reason, SYSTEM } from './entry.ts';
import { type Handling, isNotClosed, threadExists } from './rules.ts';
import type { Customer } from './thread.ts';

/**
 * The record of a customer changed, or somebody turned out to be them. A closed thread stays as it is but for whose it
 * is; and where it goes on, that is theirs as well.
 */
export const customerTold: Handling<'customer-told'> = {
  rules: [
    threadExists,
    hasBegun,
    isTheirs,
    (draft, { linked }) => (linked === undefined ? isNotClosed(draft) : undefined),
  ],
  apply: (draft, body) => {
    const { customer: before, mergedInto, followUp } = draft.thread;
    const { customer } = body;
    if (before.id === customer.id) {
      if (draft.thread.status !== 'closed') followCustomer(draft, customer);
      return;
    }
    draft.change('customer', knownOf({ ...before, id: customer.id }, customer));
    // A message of theirs that came just before may have founded it, and no list has it yet.
    const next = mergedInto ?? followUp;
    if (next !== null) draft.send(next, body, { author: draft.command.author });
  },
};

/** Keeps what is told of the customer now, by the business's token or record. */
export function followCustomer(draft: Draft, told: Customer): void {
  const { customer } = draft.thread;
  const known = knownOf(customer, told);
  if (isNews(customer, known)) draft.change('customer', known, { author: SYSTEM, rule: 'customer-told' });
}

/** Of a thread whose first message was set aside, nobody can be sure whose it is. */
function hasBegun({ thread }: Draft): Reason | undefined {
  if (thread.started) return undefined;
  return { code: 'not-begun', detail: 'The first message of the thread could not be decided yet.' };
}

/** Else what one customer wrote could become another's. */
function isTheirs({ thread }: Draft, { customer, linked }: BodyOf<'customer-told'>): Reason | undefined {
  if (thread.customer.id === customer.id || (linked !== undefined && thread.customer.id === linked)) return undefined;
  return { code: 'other-customer', detail: 'The thread is another customer’s.' };
}
