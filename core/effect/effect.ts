/**
 * Effects: what must happen outside a thread because of an entry. They are stored with the entries that cause them,
 * small and by reference, so that a redelivered command performs the same ones again under the same ids.
 */
import type { PoolCommand } from '../team/pool-command.ts';
import type { Command } from '../thread/command.ts';
import type { EventName } from './cloud-event.ts';

/** Which letter a mail is; part of the send's id, so that one entry causes each kind at most once. */
export type MailKind =
  | 'acknowledgement'
  | 'reply'
  | 'notice'
  | 'alert'
  | 'promise'
  | 'refusal'
  | 'reminder'
  | 'rating'
  | 'transcript';

/** Somebody of the business. */
export type Colleague = `team:${string}` | `agent:${string}`;
/** @param colleague as `Colleague` says */
export function partsOf(colleague: string): { kind: 'team' | 'agent'; id: string } {
  const [kind, id = ''] = colleague.split(':');
  return { kind: kind === 'agent' ? 'agent' : 'team', id };
}

export type MailRecipient = 'customer' | Colleague;

export type Effect =
  /** A mail about entry `seq` of the thread. The id is `sendIdOf(thread, seq, kind)`. */
  | { type: 'mail'; kind: MailKind; seq: number; to: MailRecipient }
  /** A public event about entry `seq`. The id is `eventIdOf(thread, seq)`. */
  | { type: 'event'; name: EventName; seq: number }
  /** A command on another lane. */
  | { type: 'command'; command: Command }
  /** A command on the lane of the business's pool. */
  | { type: 'pool'; command: PoolCommand }
  /** A timer so near that the next sweep might come too late for it. */
  | { type: 'timer'; dueAt: number; generation: number };
