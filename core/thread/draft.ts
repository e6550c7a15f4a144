/** A decision in the making: facts become numbered entries, and the thread follows each of them at once. */

import type { Colleague, Effect } from '../effect/effect.ts';
import { eventsOf, mailsOf } from '../effect/effects-of.ts';
import { Ids } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { DeadlineStep } from '../sla/clock.ts';
import { poolTold } from '../team/tell-pool.ts';
import { dueAtOf } from './armed-timers.ts';
import type { Command, CommandBody } from './command.ts';
import type { Content } from './content.ts';
import { type Author, commandOwner, type Entry, type Fact, type Fields, type Reason, SYSTEM } from './entry.ts';
import { evolve } from './evolve.ts';
import { type Happening, transition } from './status.ts';
import type { Thread } from './thread.ts';

/** What a decision may know beside the thread and the command. */
export interface World {
  policy: CompiledPolicy;
  ids: Ids;
  /** Epoch ms. */
  now: number;
  /** The words of a content as rules judge them, also where they were written as HTML. */
  textOf: (content: Content) => string;
}

/** What became of a command. A refusal may still tell another lane of itself. */
export type Decision =
  | { outcome: 'done'; entries: Entry[]; effects: Effect[]; thread: Thread; forwardedTo?: Command }
  | { outcome: 'rejected'; reason: Reason; effects: Effect[] }
  /** A timer that came before its time, or after a newer one: nothing happened. */
  | { outcome: 'early'; dueAt: number }
  | { outcome: 'stale' };

/** Timers nearer than this are armed by the commit itself; the sweep finds the others in time. */
export const SWEEP_HORIZON_MS = 180_000;
/** What a follow-up's own entropy is derived for. */
export const FOLLOW_UP = 'follow-up';

/** By whom, why and when an entry is there, where the command does not tell. */
export interface Saying {
  author?: Author;
  rule?: string;
  at?: number;
}

/** Why a colleague is told of a thread, and of which deadline. */
interface Notice extends Saying {
  of: DeadlineStep | null;
}

export class Draft {
  readonly command: Command;
  readonly world: World;
  readonly before: Thread;
  readonly entries: Entry[] = [];
  readonly commands: Command[] = [];
  thread: Thread;
  forwardedTo: Command | undefined;
  /** The customer waits anew, and is told until when. */
  owesPromise = false;
  /** So many entries tell what was due before the command. */
  caughtUp = 0;
  /** The rules that acted since: none does twice, also where it may again. */
  readonly acted = new Set<string>();
  /** Of the customer's message that this decision has, colleagues are told by itself. */
  isToldAtOnce = false;
  /** Colleagues who have to know, each with what they are told: the last of several things. */
  readonly notices = new Map<Colleague, Notice>();

  constructor(thread: Thread, command: Command, world: World) {
    this.command = command;
    this.world = world;
    this.before = thread;
    this.thread = thread;
  }

  /** Adds an entry. It is by the command's author at its acceptance, unless `saying` tells otherwise. */
  say(fact: Fact, saying: Saying = {}): void {
    const entry: Entry = {
      ...fact,
      seq: this.thread.seq + 1,
      at: saying.at ?? this.command.acceptedAt,
      author: saying.author ?? this.command.author,
      cause: saying.rule === undefined ? { command: this.command.id } : { command: this.command.id, rule: saying.rule },
    };
    this.entries.push(entry);
    this.thread = evolve(this.thread, entry);
  }

  /** Says that a field changes; nothing where it is so already. A status moves by what happens. */
  change<Field extends Exclude<keyof Fields, 'status'>>(field: Field, to: Fields[Field], saying?: Saying): void {
    const from = this.thread[field];
    if (JSON.stringify(from) !== JSON.stringify(to)) this.say({ type: 'change', field, from, to } as Fact, saying);
  }

  /** Moves the status as the transition table says; nothing where it stays. The rule was checked before. */
  happen(happening: Happening, saying: Saying = {}): void {
    const to = transition(this.thread.status, happening);
    if (typeof to !== 'string' || to === this.thread.status) return;
    const closeAt = to === 'solved' ? this.#closeAt() : null;
    this.say(
      { type: 'change', field: 'status', from: this.thread.status, to, ...(closeAt === null ? {} : { closeAt }) },
      saying,
    );
  }

  /** Ends a snooze, where there is one. */
  wake(saying: Saying): void {
    this.change('snooze', null, { author: SYSTEM, ...saying });
  }

  /** The customer waits: the thread comes out of its snooze and, where it thought to be done, reopens. */
  customerWaits(reopening: Saying): void {
    this.wake({ rule: 'customer-message-wakes', ...(reopening.at === undefined ? {} : { at: reopening.at }) });
    this.happen('customer-message', reopening);
  }

  /** What somebody would have been told of before in the same decision, they need not be told any more. */
  notify(to: Colleague, notice: Notice): void {
    this.notices.delete(to);
    this.notices.set(to, notice);
  }

  /** A command on another lane, under an id that comes out the same whenever this command is decided again. */
  send(thread: string, body: CommandBody, carried: Partial<Command> = {}): Command {
    const { ids, policy } = this.world;
    const { business, acceptedAt, control } = this.command;
    const author = carried.author ?? SYSTEM;
    // Of a follow-up's own entropy, so that it is the command that founds it.
    const entropy = this.entropy(body.type === 'start' ? FOLLOW_UP : `${body.type} ${thread}`);
    const command: Command = {
      schema: 1,
      id: ids.command(thread, commandOwner(author), acceptedAt, entropy),
      business,
      thread,
      acceptedAt,
      policy: policy.hash,
      author,
      control,
      ...carried,
      body,
    };
    this.commands.push(command);
    return command;
  }

  /** Entropy for an id that must come out the same whenever this command is decided again. */
  entropy(purpose: string): Uint8Array {
    return Ids.derivedEntropy(this.command.id, purpose);
  }

  /** Sends the author's own command on to another lane: its outcome there is the outcome of this one. */
  forward(thread: string, body: CommandBody, carried: Partial<Command> = {}): void {
    const { author, expectedReplyAt } = this.command;
    const promise = expectedReplyAt === undefined ? {} : { expectedReplyAt };
    this.forwardedTo = this.send(thread, body, { author, ...promise, ...carried });
  }

  done(): Decision {
    const effects: Effect[] = [
      ...mailsOf(this),
      ...eventsOf(this.entries),
      ...this.commands.map((command): Effect => ({ type: 'command', command })),
      ...poolTold(this),
      ...this.#armedTimer(),
    ];
    const { entries, thread, forwardedTo } = this;
    return { outcome: 'done', entries, effects, thread, ...(forwardedTo === undefined ? {} : { forwardedTo }) };
  }

  rejected(reason: Reason): Decision {
    const commands = this.commands.map((command): Effect => ({ type: 'command', command }));
    return { outcome: 'rejected', reason, effects: [...commands, ...poolTold(this)] };
  }

  #armedTimer(): Effect[] {
    const dueAt = dueAtOf(this.thread);
    const { generation } = this.thread;
    if (dueAt === null || generation === this.before.generation) return [];
    return dueAt - this.world.now > SWEEP_HORIZON_MS ? [] : [{ type: 'timer', dueAt, generation }];
  }

  #closeAt(): number | null {
    const { policy } = this.world;
    return policy.teamOrDefault(this.thread.team).hours.add(this.command.acceptedAt, policy.source.closeAfter);
  }
}
