/** Customers and agents of a simulated world: what they wish for, with keys or without, and that they try again. */

import { type Ids, messageIdOf } from '../../core/ids.ts';
import { accept, type IntakeDeps, type Minted } from '../../core/intake/accept.ts';
import { expectedReplyAt } from '../../core/sla/promise.ts';
import type { Command, CommandBody } from '../../core/thread/command.ts';
import type { Author } from '../../core/thread/entry.ts';
import { ANA, aCustomer, aStart, aText, BEN, DAY, defaultPolicy, HOUR, MINUTE } from '../builders.ts';
import type { Random } from '../support/random.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

export interface Wished {
  author: Author;
  thread: string;
  body: CommandBody['type'];
  /** The words of a message or note: no two wishes have the same. */
  words: string | null;
  key: string | null;
  /** Null while the client does not know. */
  commandId: string | null;
  isAnswered: boolean;
}

interface World {
  scheduler: Scheduler;
  ids: Ids;
  /** What intake is given in one invocation. */
  intake: (invocation: Invocation) => IntakeDeps;
}

const CUSTOMERS = ['c1', 'c2', 'c3'] as const;
const INTAKE_LIFE_MS = 30_000;
const RETRY_MS = 3_000;

export class Clients {
  readonly wished: Wished[] = [];
  readonly #world: World;
  readonly #random: Random;
  /** Threads that customers know of, by customer. */
  readonly #threads = new Map<string, string[]>();

  constructor(world: World) {
    this.#world = world;
    this.#random = world.scheduler.random;
  }

  /** One client wishes for something, now. */
  wish(): void {
    const customer = this.#random.pick(CUSTOMERS);
    const known = this.#threads.get(customer) ?? [];
    const words = `words-${this.wished.length}.`;
    if (known.length === 0 || this.#random.chance(0.12)) {
      const { ids, scheduler } = this.#world;
      const thread = ids.thread(customer, scheduler.now, this.#entropy());
      this.#threads.set(customer, [...known, thread]);
      const body = aStart({ customer: aCustomer({ id: customer }), content: aText(words) });
      this.#submit(thread, customerOf(customer), body, words);
      return;
    }
    // Sometimes many at once on one thread, so that its lane has a queue.
    this.#write(this.#random.pick(known), customer, this.#random.chance(0.2) ? 4 : 1);
  }

  #write(thread: string, customer: string, times: number): void {
    for (let left = times; left > 0; left -= 1) {
      const words = `words-${this.wished.length}.`;
      if (this.#random.chance(0.4)) this.#asCustomer(thread, customer, words);
      else this.#asAgent(thread, customer, words);
    }
  }

  #asCustomer(thread: string, id: string, words: string): void {
    const author = customerOf(id);
    const kind = this.#random.below(10);
    if (kind === 0) this.#submit(thread, author, { type: 'customer-solve' }, null);
    else if (kind === 1) this.#submit(thread, author, { type: 'seen', upTo: this.#random.below(5) }, null);
    else {
      const customer = aCustomer({ id });
      const content = aText(words);
      this.#submit(
        thread,
        author,
        { type: 'customer-message', messageId: '', channel: 'api', content, customer },
        words,
      );
    }
  }

  #asAgent(thread: string, customer: string, words: string): void {
    const others = this.#threads.get(customer) ?? [];
    const { random } = this.#world.scheduler;
    const author = random.pick([ANA, BEN]);
    const status = random.pick(['open', 'pending', 'on-hold', 'solved', 'solved'] as const);
    const near = this.#world.scheduler.now + random.below(random.pick([MINUTE, 5 * MINUTE, 2 * HOUR]));
    const bodies: CommandBody[] = [
      {
        type: 'reply',
        messageId: '',
        channel: 'api',
        content: aText(words),
        ...(random.chance(0.5) ? { status } : {}),
      },
      { type: 'note', messageId: '', channel: 'api', content: aText(`SECRET ${words}`) },
      { type: 'set-status', status },
      { type: 'set-priority', priority: random.pick(['low', 'high']) },
      { type: 'assign', assignee: random.pick(['ana', 'ben', null]), takeOver: random.chance(0.5) },
      { type: 'snooze', until: random.chance(0.7) ? near : null },
      { type: 'wake' },
      { type: 'merge', into: [...others].sort()[0] ?? thread },
    ];
    const usual = [bodies[0], bodies[0], bodies[5]];
    const body = random.pick(random.chance(0.5) ? usual : bodies);
    if (body === undefined) return;
    if (body.type === 'snooze' && body.until !== null) this.#writeWhenDue(thread, customer, body.until);
    this.#submit(thread, author, body, body.type === 'reply' || body.type === 'note' ? words : null);
  }

  /** Just when a timer fires is when a lane is most easily confused: so that is when everybody writes. */
  #writeWhenDue(thread: string, customer: string, dueAt: number): void {
    const { scheduler } = this.#world;
    const delayMs = dueAt - scheduler.now - scheduler.random.below(2 * scheduler.skewMsMax);
    scheduler.plan(delayMs, 'everybody writes', () => {
      if (!scheduler.isKind) this.#write(thread, customer, 3);
    });
  }

  #submit(thread: string, author: Author, body: CommandBody, words: string | null): void {
    const key = this.#random.chance(0.6) ? `key-${this.wished.length}` : null;
    const wished = { author, thread, body: body.type, words, key, commandId: null, isAnswered: false };
    this.wished.push(wished);
    this.#try(wished, body);
  }

  /** Asks once; a client with a key asks again until it is answered. */
  #try(wished: Wished, body: CommandBody): void {
    const { scheduler } = this.#world;
    const invocation = scheduler.invocation('intake', INTAKE_LIFE_MS);
    void this.#ask(wished, body, invocation).catch(() => {});
    if (wished.key === null) return;
    scheduler.plan(RETRY_MS + INTAKE_LIFE_MS, 'a client tries again', () => {
      if (!wished.isAnswered) this.#try(wished, body);
    });
  }

  async #ask(wished: Wished, body: CommandBody, invocation: Invocation): Promise<void> {
    const { scheduler, ids, intake } = this.#world;
    const acceptedAt = scheduler.now + invocation.skewMs;
    const { author, thread } = wished;
    const commandId = ids.command(
      thread,
      `${author.kind === 'agent' ? 'agent' : 'customer'}:${author.id}`,
      acceptedAt,
      this.#entropy(),
    );
    const isPromised = body.type === 'start' || body.type === 'customer-message';
    const promise = isPromised ? expectedReplyAt(defaultPolicy, 'support', 'first', acceptedAt) : null;
    const minted: Minted = { threadId: thread, commandId, customerId: author.id, acceptedAt, expectedReplyAt: promise };
    const command = async (made: Minted): Promise<Command> => ({
      schema: 1,
      id: made.commandId,
      business: 'acme',
      thread,
      acceptedAt: made.acceptedAt,
      policy: defaultPolicy.hash,
      author,
      control: 'agent',
      ...(isPromised ? { expectedReplyAt: made.expectedReplyAt } : {}),
      body: 'messageId' in body ? { ...body, messageId: messageIdOf(made.commandId) } : body,
    });
    const idempotency = wished.key === null ? undefined : { key: wished.key, request: 'the same' };
    const accepted = await accept({ idempotency, minted, command }, intake(invocation));
    if (accepted === 'mismatch') throw new Error('A client’s own key was used for something else.');
    wished.isAnswered = true;
    wished.commandId = accepted.minted.commandId;
  }

  #entropy(): Uint8Array {
    return Uint8Array.from({ length: 10 }, () => this.#random.below(256));
  }
}

function customerOf(id: string): Author {
  return { kind: 'customer', id, name: 'Cleo' };
}

/** How long a world must be left alone until every solved thread is closed. */
export const UNTIL_CLOSED_MS = 8 * DAY;
