/**
 * Merging: two threads, two lanes, so four steps.
 *
 *   newer thread  merge ─▶ requested ──absorb──▶ older thread  absorbed
 *                          completed ◀─complete-merge─┘  (or refused ◀─refuse-merge─┘)
 *
 * The newer thread stays what it is until the older has accepted. Entries are not copied: both logs stay as they are,
 * each names the other, and what the customer still waits for goes along as the clock. When they write while the older
 * is being asked, it is asked again: the merge completes only once everything they wait for has been taken over.
 */
import type { BodyOf } from './command.ts';
import type { Draft } from './draft.ts';
import { type Reason, SYSTEM } from './entry.ts';
import type { Handling } from './rules.ts';
import * as rules from './rules.ts';
import type { SettableStatus, Status } from './status.ts';
import type { Thread } from './thread.ts';

export const merge: Handling<'merge'> = {
  rules: [
    rules.threadExists,
    rules.isNotClosed,
    rules.noMergeUnderWay,
    rules.targetIsOlder,
    rules.targetHasSameCustomer,
  ],
  apply: (draft, { into, intoVersion }) => {
    const { waitingSince, expectedReplyAt } = draft.thread;
    draft.say({ type: 'merge', phase: 'requested', into });
    const carried = { expectedReplyAt, ...(intoVersion === undefined ? {} : { ifMatch: intoVersion }) };
    draft.forward(into, absorbing(draft.thread, waitingSince), carried);
  },
};

export const absorb: Handling<'absorb'> = {
  rules: [rules.threadExists, isNotClosedButMerged, rules.noMergeUnderWay, isSameCustomer],
  refuse: (draft, { from }, reason) => {
    const { thread, command } = draft;
    draft.send(from, { type: 'refuse-merge', into: thread.id, reason }, { author: command.author });
  },
  apply: (draft, body) => {
    const { thread, command } = draft;
    if (thread.mergedInto !== null) {
      draft.forward(thread.mergedInto, body);
      return;
    }
    const { from, waitingSince, status } = body;
    draft.say({ type: 'merge', phase: 'absorbed', from, waitingSince });
    if (waitingSince !== null) {
      draft.customerWaits({ rule: 'merged-customer-waits' });
      draft.owesPromise = true;
    } else if (isMoreOpen(status, thread.status)) {
      draft.happen(status, { rule: 'merged-is-as-open' });
    }
    draft.send(from, { type: 'complete-merge', into: thread.id }, { author: command.author });
  },
};

export const completeMerge: Handling<'complete-merge'> = {
  rules: [isMerging],
  apply: (draft, { into }) => {
    const { thread, command } = draft;
    const { lateSince, expectedReplyAt } = thread;
    if (lateSince === null) {
      draft.say({ type: 'merge', phase: 'completed', into });
      draft.happen('merge', { rule: 'merged-is-closed' });
      return;
    }
    draft.say({ type: 'merge', phase: 'requested', into }, { author: SYSTEM, rule: 'customer-wrote-meanwhile' });
    draft.send(into, absorbing(thread, lateSince), { author: command.author, expectedReplyAt });
  },
};

export const refuseMerge: Handling<'refuse-merge'> = {
  rules: [isMerging],
  apply: (draft, { into, reason }) => draft.say({ type: 'merge', phase: 'refused', into, reason }),
};

function absorbing({ id, customer, status }: Thread, waitingSince: number | null): BodyOf<'absorb'> {
  return { type: 'absorb', from: id, customerId: customer.id, waitingSince, status: settableStatus(status) };
}

/** The status that a merge carries along; a thread that nobody has looked at yet is as open as any. */
function settableStatus(status: Status): SettableStatus {
  return status === 'new' || status === 'closed' ? 'open' : status;
}

/** Whether more is still to be done at one status than at another: the merged thread is as open as its parts were. */
function isMoreOpen(status: SettableStatus, than: Status): boolean {
  const order = ['solved', 'pending', 'on-hold', 'open'];
  return order.indexOf(status) > order.indexOf(settableStatus(than));
}

function isMerging({ thread }: Draft): Reason | undefined {
  if (thread.mergingInto !== null) return undefined;
  return { code: 'no-merge-under-way', detail: 'The thread is not being merged.' };
}

/** A target that was merged itself is no refusal: the merge goes on to where that one went. */
function isNotClosedButMerged(draft: Draft): Reason | undefined {
  return draft.thread.mergedInto === null ? rules.isNotClosed(draft) : undefined;
}

function isSameCustomer({ thread }: Draft, { customerId }: BodyOf<'absorb'>): Reason | undefined {
  if (thread.customer.id === customerId) return undefined;
  return { code: 'merge-same-customer', detail: 'Only threads of the same customer are merged.' };
}
