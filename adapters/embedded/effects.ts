/** Performs effects by writing them into the same file: they are durable exactly when their cause is. */
import { type MailJob, mailLaneOf } from '../../core/delivery/send.ts';
import type { Effects, Events, LaneMessage, Performance, WaitQueue } from '../../core/ports.ts';
import type { FifoQueue } from './fifo-queue.ts';

export class EmbeddedEffects implements Effects {
  readonly #mails: FifoQueue<MailJob>;
  readonly #commands: FifoQueue<LaneMessage>;
  readonly #events: Events;
  readonly #waits: WaitQueue;

  constructor(to: {
    mails: FifoQueue<MailJob>;
    commands: FifoQueue<LaneMessage>;
    events: Events;
    waits: WaitQueue;
  }) {
    this.#mails = to.mails;
    this.#commands = to.commands;
    this.#events = to.events;
    this.#waits = to.waits;
  }

  async perform({ mails, commands, events, timers }: Performance): Promise<void> {
    if (events.length > 0) await this.#events.publish(events);
    if (mails.length > 0) this.#mails.put(mails.map((job) => ({ lane: mailLaneOf(job), body: job })));
    if (commands.length > 0) this.#commands.put(commands.map((message) => ({ lane: message.lane, body: message })));
    await this.#waits.put(timers);
  }
}
