/** Entries: the numbered, immutable items of a thread's log, and the log items that hold one commit's entries. */
import type { Colleague, Effect, MailRecipient } from '../effect/effect.ts';
import type { MailAddress } from '../email/mail.ts';
import { messageIdOf, type Owner } from '../ids.ts';
import type { Inputs } from '../rule/condition.ts';
import type { ClockFact, DeadlineStep } from '../sla/clock.ts';
import type { AssignmentMode } from '../team/assignment.ts';
import type { Content } from './content.ts';
import type { MachineKind, MailFacts, MailProblem } from './mail-facts.ts';
import type { RatingFact } from './rating.ts';
import type { Priority, Status } from './status.ts';
import type { Attributes, Channel, Customer, PlannedLetter, Snooze } from './thread.ts';

export interface Author {
  kind: 'customer' | 'agent' | 'assistant' | 'system';
  id: string;
  name: string | null;
}

export const SYSTEM: Author = { kind: 'system', id: 'meanwhile', name: null };

/** To whom the ids of an author's commands belong: an assistant is nobody of whom a token tells. */
export function commandOwner({ kind, id }: Author): Owner {
  return `${kind === 'assistant' ? 'system' : kind}:${id}`;
}

/** Why an entry is there: the command that brought it, and the rule that derived it from the command, if one did. */
interface Cause {
  command: string;
  rule?: string;
}

/** Why something was refused or set aside. `code` names the rule. */
export interface Reason {
  code: string;
  detail: string;
}

/** The parts of a thread that change one at a time, and their shapes. */
export interface Fields {
  status: Status;
  priority: Priority;
  team: string | null;
  assignee: string | null;
  tags: string[];
  skills: string[];
  subject: string;
  snooze: Snooze | null;
  customer: Customer;
}

type Change = {
  [Field in keyof Fields]: {
    type: 'change';
    field: Field;
    from: Fields[Field];
    to: Fields[Field];
    /** With a change of the status to solved: when the thread will be closed. */
    closeAt?: number;
  };
}[keyof Fields];

/** The rules by which colleagues are told what became of a mail. */
export const MAIL_TROUBLES = ['address-bounced', 'reply-lost', 'notice-lost'] as const;
export type MailTrouble = (typeof MAIL_TROUBLES)[number];

/** `unsure`: nobody can say whether the mail was sent, and it is left so. */
export const DELIVERY_STATES = ['rejected', 'unsure', 'bounced', 'complained'] as const;
type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What an entry says, apart from who, when and why. */
export type Fact =
  | {
      type: 'started';
      customer: Customer;
      subject: string;
      topic: string | null;
      urgency: Priority | null;
      attributes: Attributes;
      status: Status;
      team: string | null;
      assignee: string | null;
      followUpOf: string | null;
      answerBy?: Channel;
    }
  /** @param participants who is in the conversation by it, and was not before */
  | {
      type: 'message';
      messageId: string;
      channel: Channel;
      content: Content;
      mail?: MailFacts;
      participants?: MailAddress[];
    }
  | { type: 'note'; messageId: string; channel: Channel; content: Content; mail?: MailFacts }
  /** A mail that no person wrote to us: kept, and without any consequence. */
  | { type: 'machine-mail'; kind: MachineKind; content: Content; mail: MailFacts }
  /** An agent's mail that was not posted; they are told why. */
  | { type: 'mail-refused'; problems: MailProblem[]; content: Content; mail: MailFacts }
  | Change
  /** @param instead what was promised before, and cannot be kept: the customer is told */
  | { type: 'promise'; expectedReplyAt: number; instead?: number }
  /** What a clock of a service level did. */
  | ClockFact
  /** A rule of the policy held, by these inputs; what it did follows. */
  | { type: 'rule'; set: string; name: string; inputs: Inputs }
  /** The pool gave the thread to an agent: how it chose, and of how many who could have had it. */
  | {
      type: 'assigned';
      team: string;
      agent: string;
      mode: AssignmentMode;
      load: number;
      capacity: number;
      among: number;
    }
  /** The customer is told of a faster way, in one of the business’s languages. */
  | { type: 'advice'; text: string }
  /** A colleague is told by mail, of a deadline (with what happened to it and when it is due) or by a rule. */
  | { type: 'notified'; to: Colleague; of: DeadlineStep | null }
  /** Colleagues are to be told of what the customer wrote from entry `since` on, if it is not answered by then. */
  | { type: 'notice-planned'; to: Colleague; since: number; writtenAt: number; toldAt: number | null; dueAt: number }
  /** They are told of it now: all that was written until here. */
  | { type: 'notice'; to: Colleague; since: number }
  /** They want no mail of it. */
  | { type: 'notice-off'; to: Colleague; since: number }
  /** When rules on time are looked at again; null: there is nothing that time alone would change. */
  | { type: 'look'; lookAt: number | null }
  /** The customer is to be reminded, or asked how content they were, unless something happens before. */
  | { type: 'letter-planned'; letter: PlannedLetter; dueAt: number }
  /** The letter is written. @param since with a reminder, when they were last written to */
  | { type: 'letter'; letter: PlannedLetter; since?: number }
  /** The conversation is sent to somebody who asked for it. */
  | { type: 'transcript'; to: MailRecipient }
  /** Rules went on changing what other rules then acted on: that was ended after so many rounds. */
  | { type: 'rules-bounded'; rounds: number }
  | { type: 'seen'; upTo: number }
  | RatingFact
  /** A message that came to a closed or merged thread and was sent on. */
  | { type: 'moved'; messageId: string; to: string; because: 'closed' | 'merged' }
  /** The follow-up was closed too: the thread goes on further on. */
  | { type: 'pointed-on'; to: string }
  | { type: 'merge'; phase: 'requested' | 'completed'; into: string }
  | { type: 'merge'; phase: 'refused'; into: string; reason: Reason }
  | { type: 'merge'; phase: 'absorbed'; from: string; waitingSince: number | null }
  /** What became of a mail after it was handed over, where that changes the thread. */
  | { type: 'delivery'; send: string; state: DeliveryState; detail: string }
  /** A command that could not be decided: kept whole, here or in a blob. */
  | {
      type: 'set-aside';
      reason: Reason;
      payload: unknown;
      payloadKey: string | null;
      /** With a customer's message: since when they wait. */
      waitingSince: number | null;
      /** Whose thread it is, as far as the payload tells: for a thread whose start was set aside. */
      customer: Customer | null;
    }
  | { type: 'redriven' | 'dismissed'; setAside: number };

export type Entry = Fact & { seq: number; at: number; author: Author; cause: Cause };

/**
 * An entry as a log item holds it: author and instant only where they differ from the decision's, a message's id only
 * where it does not follow from the command's. What is not stored is not paid for.
 */
type StoredFact = Fact | Omit<Fact & { type: 'message' }, 'messageId'> | Omit<Fact & { type: 'note' }, 'messageId'>;
type StoredEntry = StoredFact & { seq: number; at?: number; author?: Author; rule?: string };

/** What one command did, in one commit. */
export interface StoredDecision {
  command: string;
  /** Hash of the policy version under which it was decided. */
  policy: string;
  at: number;
  author: Author;
  entries: StoredEntry[];
  effects: Effect[];
}

/** The shape of log items: raised when it changes, so that an old item is read as what it was. */
export const LOG_SCHEMA = 1;

/** One commit of a thread: its key is the number of its last entry. */
export interface LogItem {
  schema: typeof LOG_SCHEMA;
  lastSeq: number;
  decisions: StoredDecision[];
}

/** What a command decided, before it is stored. */
export interface DecidedEntries {
  command: string;
  policy: string;
  at: number;
  author: Author;
  entries: Entry[];
  effects: Effect[];
}

/** Folds a decision for storage: what all its entries share is said once. */
export function storeDecision({ command, policy, at, author, entries, effects }: DecidedEntries): StoredDecision {
  const stored = entries.map((entry): StoredEntry => {
    const { at: entryAt, author: entryAuthor, cause, ...fact } = entry;
    return {
      ...withoutDerivedId(fact, command),
      ...(entryAt === at ? {} : { at: entryAt }),
      ...(sameAuthor(entryAuthor, author) ? {} : { author: entryAuthor }),
      ...(cause.rule === undefined ? {} : { rule: cause.rule }),
    };
  });
  return { command, policy, at, author, entries: stored, effects };
}

/** The entries of a log item, each complete. @throws {UnknownLogSchema} for an item of a later version */
export function entriesOf(item: LogItem): Entry[] {
  if (item.schema !== LOG_SCHEMA)
    throw new UnknownLogSchema(`A log item has schema ${item.schema}, not ${LOG_SCHEMA}.`);
  return item.decisions.flatMap((decision) =>
    decision.entries.map(
      ({ rule, ...stored }): Entry => ({
        ...withDerivedId(stored, decision.command),
        at: stored.at ?? decision.at,
        author: stored.author ?? decision.author,
        cause: rule === undefined ? { command: decision.command } : { command: decision.command, rule },
      }),
    ),
  );
}

function withoutDerivedId(fact: Fact & { seq: number }, command: string): StoredFact & { seq: number } {
  if ((fact.type !== 'message' && fact.type !== 'note') || fact.messageId !== messageIdOf(command)) return fact;
  const { messageId: _, ...stored } = fact;
  return stored;
}

function withDerivedId(stored: StoredEntry, command: string): Fact & { seq: number; at?: number; author?: Author } {
  if ((stored.type !== 'message' && stored.type !== 'note') || 'messageId' in stored)
    return stored as Fact & StoredEntry;
  return { ...stored, messageId: messageIdOf(command) };
}

/** A log item was written by a later version of the product. */
export class UnknownLogSchema extends Error {
  override readonly name = 'UnknownLogSchema';
}

function sameAuthor(a: Author, b: Author): boolean {
  return a.kind === b.kind && a.id === b.id && a.name === b.name;
}
