/** A thread's head: what is true of it now. Always the fold of its log (`evolve`), never written otherwise. */
import type { Colleague } from '../effect/effect.ts';
import type { MailAddress } from '../email/mail.ts';
import { claimedBusinessOf } from '../ids.ts';
import type { Clock } from '../sla/clock.ts';
import type { Verdict, Verdicts } from './mail-facts.ts';
import type { Rating } from './rating.ts';
import type { Priority, Status } from './status.ts';

/** A thread keeps at most so many tags. */
export const TAGS_MAX = 50;

export const CHANNELS = ['api', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];
export type Attributes = Record<string, string | number | boolean>;

/** What a business's token may tell of its customer. */
export interface Told {
  name: string | null;
  email: string | null;
  /** BCP 47 language tag. */
  locale: string | null;
  /** IANA time zone. */
  zoneinfo: string | null;
  /** What is told beside these. */
  attributes: Attributes;
}

/** What is known of a customer, by their token or, with `record`, by the record that the business keeps of them. */
export interface Customer extends Told {
  id: string;
  segments?: string[] | undefined;
  organisation?: string | undefined;
  /** The version of the record. */
  record?: number | undefined;
}

/** A letter that the policy writes by itself, once so much open time has passed. */
export type PlannedLetter = 'reminder' | 'rating';

/** A thread keeps at most so many participants: SES takes fifty recipients a mail. */
export const PARTICIPANTS_MAX = 20;
/** And so many ids of mails. */
export const MAIL_IDS_MAX = 8;

/** Out of the inbox until an instant, or (null) until the customer writes. The customer's message always wakes. */
export interface Snooze {
  until: number | null;
}

/** All instants are epoch ms. */
export interface Thread {
  id: string;
  business: string;
  customer: Customer;
  subject: string;
  topic: string | null;
  /** How urgent the customer said it is; the priority is the business's own judgement. */
  urgency: Priority | null;
  attributes: Attributes;
  status: Status;
  priority: Priority;
  team: string | null;
  assignee: string | null;
  /** Who had the thread before, where nobody has it now or somebody else has. */
  formerly: string | null;
  tags: string[];
  /** What its agent must be able to, where threads are given to agents. */
  skills: string[];
  channels: Channel[];
  /** How the customer is answered: by mail, or only here. What they write by mail is answered by mail. */
  answerBy: Channel;
  /** Who else was in the conversation by mail, and so gets its answers: nobody of the business. */
  participants: MailAddress[];
  /** Ids of the mails that the customer wrote last, without brackets, the latest last: mails to them name these. */
  mailIds: string[];
  /** Of the mail that the customer wrote last; null where that was no mail. `sender`: whether it is really theirs. */
  verdicts: (Verdicts & { sender: Verdict }) | null;
  createdAt: number;
  updatedAt: number;
  /** When something last changed that the customer may see: what they are shown as `updatedAt`. */
  visibleAt: number;
  /** When the oldest unanswered customer message was accepted. */
  waitingSince: number | null;
  expectedReplyAt: number | null;
  /** The faster way that the customer was told of last. */
  advice: string | null;
  /** What the customer still waited for when somebody else solved the thread: it counts again if that is taken back. */
  unanswered: { waitingSince: number; expectedReplyAt: number | null } | null;
  /** Whether a person of the business has ever written to the customer here. */
  answered: boolean;
  /** When a person of the business last wrote to the customer. */
  lastReplyAt: number | null;
  /** When anybody last wrote, and since when the status is what it is. */
  lastMessageAt: number | null;
  statusSince: number;
  /** When one last wrote a note, and since when the customer waits for an answer or a note. */
  lastNoteAt: number | null;
  unnotedSince: number | null;
  /** What colleagues are to be told of: from which entry on, when it was written, for whom it is planned, and when. */
  notice: { since: number; writtenAt: number; to: Colleague; at: number } | null;
  /** When they were last told of what the customer waits for. */
  noticedAt: number | null;
  /** The agent who last did something here, and whether at the inbox. */
  onThread: { agent: string; at: number; channel: Channel } | null;
  /** A letter that is to be written. */
  letter: { kind: PlannedLetter; at: number } | null;
  /** Whether the customer was ever asked how content they were. */
  ratingAsked: boolean;
  /** What they said last of it. */
  rating: Rating | null;
  /** When a transcript was last sent, and of which version. */
  transcript: { at: number; version: number } | null;
  /** Since when the thread is with its team. */
  teamSince: number | null;
  /** The last clock of each metric that was ever measured here. */
  clocks: Clock[];
  /** Rules that have acted here, as `ruleset/rule`. */
  acted: string[];
  /** When rules on time are looked at again. */
  lookAt: number | null;
  snooze: Snooze | null;
  /** Since when the thread stands where it stands in the inbox. */
  placedAt: number;
  /** When a solved thread is closed. */
  closeAt: number | null;
  followUpOf: string | null;
  followUp: string | null;
  mergingInto: string | null;
  /** Since when the customer waits by what they wrote after the merge was asked for. */
  lateSince: number | null;
  mergedInto: string | null;
  /** The last entry the customer has seen. */
  seenSeq: number;
  /** Sequence numbers of set-aside entries that were not redriven yet. */
  setAsides: number[];
  /** Number of the last entry. */
  seq: number;
  /** False while all it holds is what was set aside or came after that: its first command was not decided yet. */
  started: boolean;
  /** Counts messages, notes and changes by people: what If-Match compares. */
  version: number;
  /** Counts changes of the earliest timer: a timer message of another generation is stale. */
  generation: number;
}

/** A customer of whom nothing is known but, perhaps, who they are. */
export function aNobody(id = ''): Customer {
  return { id, name: null, email: null, locale: null, zoneinfo: null, attributes: {} };
}

/** The thread before its first entry, which may be any: even one whose start was set aside exists, and waits. */
export function blankThread(id: string, at: number): Thread {
  return {
    id,
    business: claimedBusinessOf(id),
    customer: aNobody(),
    subject: '',
    topic: null,
    urgency: null,
    attributes: {},
    status: 'new',
    priority: 'normal',
    team: null,
    assignee: null,
    formerly: null,
    tags: [],
    skills: [],
    channels: [],
    answerBy: 'email',
    participants: [],
    mailIds: [],
    verdicts: null,
    createdAt: at,
    updatedAt: at,
    visibleAt: at,
    waitingSince: null,
    expectedReplyAt: null,
    advice: null,
    unanswered: null,
    answered: false,
    lastReplyAt: null,
    lastMessageAt: null,
    statusSince: at,
    lastNoteAt: null,
    unnotedSince: null,
    notice: null,
    noticedAt: null,
    onThread: null,
    letter: null,
    ratingAsked: false,
    rating: null,
    transcript: null,
    teamSince: null,
    clocks: [],
    acted: [],
    lookAt: null,
    snooze: null,
    placedAt: at,
    closeAt: null,
    followUpOf: null,
    followUp: null,
    mergingInto: null,
    lateSince: null,
    mergedInto: null,
    seenSeq: 0,
    setAsides: [],
    seq: 0,
    started: false,
    version: 0,
    generation: 0,
  };
}

/**
 * Where a thread stands in the inbox. One letter, because it is an index key of every thread:
 * u waiting and unassigned · w waiting · n unassigned · o other active · z snoozed · s solved · c closed
 */
export type InboxClass = 'u' | 'w' | 'n' | 'o' | 'z' | 's' | 'c';

export function inboxClassOf(thread: Thread): InboxClass {
  // A closed thread waits only for somebody to see to what was set aside there.
  if (thread.status === 'closed' && thread.waitingSince === null) return 'c';
  if (thread.snooze !== null) return 'z';
  if (thread.waitingSince !== null) return thread.assignee === null ? 'u' : 'w';
  if (thread.status === 'solved') return 's';
  return thread.assignee === null ? 'n' : 'o';
}

/**
 * What a thread is sorted by within its inbox class: since when its customer waits or, where they do not, since when it
 * stands there. It only ever grows, but for a merge: so that a list read from the oldest on meets a thread that moves.
 */
export function inboxSinceOf(thread: Thread): number {
  return thread.waitingSince ?? thread.placedAt;
}
