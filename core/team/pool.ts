/**
 * A pool: the agents and teams of a business whose threads are given out. Its head says who is there and how much each
 * has in work; every thread it was told of is a row. Head and rows change together, so that counts are always right.
 *
 *   row:  queued ──offer──▶ offered ──the thread has taken it──▶ held ──▶ gone
 *            ▲                 │                                  │
 *            └──── refused ────┘◀──────────── released ───────────┘
 */
import { claimedBusinessOf } from '../ids.ts';
import type { LaneMessage } from '../ports.ts';
import { PRIORITIES } from '../thread/status.ts';
import type { Channel } from '../thread/thread.ts';
import type { Load } from './assignment.ts';
import type { Availability } from './pool-command.ts';
import type { Seat } from './seat.ts';

/** Instants are epoch ms. */
export interface PoolAgent {
  availability: Availability;
  /** When they, or somebody for them, last said so. */
  saidAt: number;
  /** The command that said so. */
  said: string;
  load: Load;
  /** When a thread was last offered to them, and when they last had one less. */
  givenAt: number;
  /** Which offer of the pool that was. */
  turn: number;
  freedAt: number;
}

export interface Pool {
  id: string;
  business: string;
  /** Counts commits. */
  seq: number;
  /** Counts recounts: a row of an earlier one is not counted any more. */
  epoch: number;
  /** Threads are being counted anew: none is offered before that is done. */
  isCounting: boolean;
  /** When it last began to be counted, and under which version of the policy. */
  countedAt: number;
  policy: string;
  agents: Record<string, PoolAgent>;
  /** Counts offers. */
  turns: number;
  /** By team, how many threads wait for an agent. */
  queued: Record<string, number>;
  /** The messages of the last commit and what it sent: that is sent again when one of them comes again. */
  last: { messages: string[]; sends: LaneMessage[] };
  /** When it looks at its queues by itself. */
  dueAt: number | null;
  generation: number;
}

interface Offer {
  /** The command's id. */
  id: string;
  agent: string;
}

export interface Row {
  thread: string;
  /** The number of the thread's entry that it was last told of with. */
  seq: number;
  epoch: number;
  seat: Seat;
  /** When it last changed. */
  at: number;
  /** Under way: its agent is counted on until the thread answers. */
  offer: Offer | null;
  /** Offers in a row that came to nothing though the thread still waits. */
  refusals: number;
}

/** So often a thread is offered that refuses without a reason that a pool could know: then it waits for a person. */
const REFUSALS_MAX = 5;

export function blankPool(id: string): Pool {
  return {
    id,
    business: claimedBusinessOf(id),
    seq: 0,
    epoch: 0,
    isCounting: false,
    countedAt: 0,
    policy: '',
    agents: {},
    turns: 0,
    queued: {},
    last: { messages: [], sends: [] },
    dueAt: null,
    generation: 0,
  };
}

export function blankAgent(): PoolAgent {
  return { availability: 'by-hours', saidAt: 0, said: '', load: {}, givenAt: 0, turn: 0, freedAt: 0 };
}

/** The team in whose queue a row stands; undefined where it is in none. */
export function queueOf({ seat, offer, refusals }: Row): string | undefined {
  return seat.state === 'waiting' && offer === null && refusals < REFUSALS_MAX ? seat.team : undefined;
}

/** Whom a row keeps busy, and on which channel. */
export function busyOf({ seat, offer }: Row): { agent: string; channel: Channel } | undefined {
  if (seat.state === 'gone') return undefined;
  const agent = seat.state === 'held' ? seat.agent : offer?.agent;
  return agent === undefined ? undefined : { agent, channel: seat.channel };
}

const RANK_OF = new Map([...PRIORITIES].reverse().map((priority, rank) => [priority, rank]));
const SINCE_DIGITS = 15;

/** What rows are served by, as text: the highest priority first and, of one priority, who has waited longest. */
export function placeInQueue({ seat, thread }: Row): string {
  if (seat.state !== 'waiting') return '';
  return `${RANK_OF.get(seat.priority)}#${String(seat.since).padStart(SINCE_DIGITS, '0')}#${thread}`;
}
