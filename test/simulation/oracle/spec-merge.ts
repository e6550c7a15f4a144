/** A merge, on both sides: the newer thread asks, the older takes over what is waited for, the other closes. */
import type { BodyOf, Command } from '../../../core/thread/command.ts';
import type { Status } from '../../../core/thread/status.ts';
import { type SpecSend, type SpecStep, sent } from './spec-step.ts';
import { closes, earliest, moves, promises, stirs } from './spec-thread.ts';

/** Asks the older thread to take over what is waited for since then. */
export function asks(step: SpecStep, into: string, waitingSince: number | null, command: Command): SpecSend {
  const { id, customer, status, expectedReplyAt } = step.thread;
  const absorb = { type: 'absorb' as const, from: id, customerId: customer.id, waitingSince, status: asSet(status) };
  const send: SpecSend = { ...sent(command, into, absorb, command.author), expectedReplyAt };
  step.sends.push(send);
  return send;
}

export function absorbed(step: SpecStep, body: BodyOf<'absorb'>, command: Command): void {
  const { thread } = step;
  const { from, waitingSince, status } = body;
  if (thread.mergedInto !== null) {
    // The merge goes on to where that one went.
    const { expectedReplyAt } = command;
    const promise = expectedReplyAt === undefined ? {} : { expectedReplyAt };
    step.forward = { ...sent(command, thread.mergedInto, body, command.author), ...promise };
    step.sends.push(step.forward);
    return;
  }
  const isByCustomer = command.author.kind === 'customer';
  thread.waitingSince = earliest(thread.waitingSince, waitingSince);
  if (waitingSince !== null) {
    stirs(thread, isByCustomer);
    promises(thread, command.expectedReplyAt ?? null, command.acceptedAt);
  } else if (isMoreOpen(status, thread.status)) moves(thread, status, isByCustomer);
  step.sends.push(sent(command, from, { type: 'complete-merge', into: thread.id }, command.author));
}

/** Complete only when the customer has not written since the other thread was asked; else that is asked again. */
export function mergeCompleted(step: SpecStep, into: string, command: Command): void {
  const { thread } = step;
  const { lateSince } = thread;
  thread.lateSince = null;
  if (lateSince === null) {
    thread.mergingInto = null;
    thread.mergedInto = into;
    closes(thread);
  } else {
    thread.mergingInto = into;
    asks(step, into, lateSince, command);
  }
}

export function refusesMerge(step: SpecStep, { from }: BodyOf<'absorb'>, command: Command, code: string): void {
  const reason = { code, detail: '' };
  const body = { type: 'refuse-merge' as const, into: step.thread.id, reason };
  step.sends.push(sent(command, from, body, command.author));
}

/** The status that goes along; one that nobody has looked at yet is as open as any. */
function asSet(status: Status): BodyOf<'absorb'>['status'] {
  return status === 'new' || status === 'closed' ? 'open' : status;
}

function isMoreOpen(status: Status, than: Status): boolean {
  const openness = { solved: 0, pending: 1, 'on-hold': 2, open: 3, new: 3, closed: 3 };
  return openness[status] > openness[than];
}
