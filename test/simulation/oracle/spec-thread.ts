/**
 * What a thread is by the words of docs/architecture.md, told in the oracle's own code: it follows the commands of a
 * lane in the order in which they were decided, and never looks at what the product made of them.
 */
import type { Priority, Status } from '../../../core/thread/status.ts';
import type { Attributes, Customer, Snooze } from '../../../core/thread/thread.ts';
import type { House } from './house.ts';

export interface SpecThread {
  id: string;
  exists: boolean;
  started: boolean;
  customer: Customer;
  subject: string;
  topic: string | null;
  urgency: Priority | null;
  attributes: Attributes;
  status: Status;
  priority: Priority;
  team: string | null;
  assignee: string | null;
  tags: string[];
  waitingSince: number | null;
  expectedReplyAt: number | null;
  /** What a customer waited for when somebody else solved the thread. */
  unanswered: { waitingSince: number; expectedReplyAt: number | null } | null;
  answered: boolean;
  lastReplyAt: number | null;
  letter: { kind: 'reminder' | 'rating'; at: number } | null;
  ratingAsked: boolean;
  transcript: { at: number; version: number } | null;
  rating: { score: number; comment: string | null; at: number } | null;
  snooze: Snooze | null;
  closeAt: number | null;
  followUpOf: string | null;
  followUp: string | null;
  mergingInto: string | null;
  lateSince: number | null;
  mergedInto: string | null;
  seenSeq: number;
  setAsides: number[];
}

export function nothingYet(id: string): SpecThread {
  const customer = { id: '', name: null, email: null, locale: null, zoneinfo: null, attributes: {} };
  return {
    ...{ id, exists: false, started: false, customer, subject: '', topic: null, urgency: null, attributes: {} },
    ...{ status: 'new', priority: 'normal', team: null, assignee: null, tags: [], waitingSince: null },
    ...{ expectedReplyAt: null, unanswered: null, answered: false, snooze: null, closeAt: null, followUpOf: null },
    ...{ lastReplyAt: null, letter: null, ratingAsked: false, transcript: null, rating: null },
    ...{ followUp: null, mergingInto: null, lateSince: null, mergedInto: null, seenSeq: 0, setAsides: [] },
  };
}

export function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

/** The customer has written, or may have: they wait since then, if not for longer. */
export function waits(thread: SpecThread, since: number): void {
  thread.waitingSince = earliest(thread.waitingSince, since);
  if (thread.mergingInto !== null) thread.lateSince = earliest(thread.lateSince, since);
}

/** Whatever makes a customer wait brings the thread out of a snooze and, where it stood still, opens it. */
export function stirs(thread: SpecThread, isByCustomer: boolean): void {
  thread.snooze = null;
  if (['pending', 'on-hold', 'solved'].includes(thread.status)) moves(thread, 'open', isByCustomer);
}

/** A person of the business has written: nothing is waited for any more. */
export function answers(thread: SpecThread, at: number): void {
  Object.assign(thread, { waitingSince: null, lateSince: null, expectedReplyAt: null, unanswered: null });
  thread.answered = true;
  thread.lastReplyAt = at;
}

/** Takes on another status, by somebody; not solved, and not closed. */
export function moves(thread: SpecThread, to: Status, isByCustomer: boolean): void {
  if (thread.status === to) return;
  thread.status = to;
  thread.closeAt = null;
  thread.letter = null;
  const { unanswered } = thread;
  thread.unanswered = null;
  if (unanswered === null || isByCustomer) return;
  thread.waitingSince = earliest(thread.waitingSince, unanswered.waitingSince);
  thread.expectedReplyAt = earliest(thread.expectedReplyAt, unanswered.expectedReplyAt);
}

/** Solving stops the clock, and keeps where it stood unless the customer says so themselves. */
export function solves(thread: SpecThread, at: number, isByCustomer: boolean, house: House): void {
  thread.snooze = null;
  if (thread.status === 'solved') return;
  const { waitingSince, expectedReplyAt } = thread;
  thread.status = 'solved';
  thread.letter = null;
  thread.closeAt = house.closesAt(thread.team, at);
  thread.unanswered = isByCustomer || waitingSince === null ? null : { waitingSince, expectedReplyAt };
  thread.waitingSince = null;
  thread.expectedReplyAt = null;
}

export function closes(thread: SpecThread): void {
  if (thread.status === 'closed') return;
  const none = {
    waitingSince: null,
    expectedReplyAt: null,
    unanswered: null,
    closeAt: null,
    snooze: null,
    letter: null,
  };
  Object.assign(thread, { ...none, status: 'closed' });
}

export function tagsAfter(tags: string[], { add, remove }: { add: string[]; remove: string[] }): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}

/** A promise is what was told, unless an earlier one still stands. */
export function promises(thread: SpecThread, told: number | null, at: number): void {
  const { expectedReplyAt } = thread;
  const isStanding = expectedReplyAt !== null && expectedReplyAt >= at;
  if (told !== null && !(isStanding && expectedReplyAt <= told)) thread.expectedReplyAt = told;
}
