/** Lanes on the embedded queue: accepted means on the disk. */
import { Overloaded } from '../../core/failures.ts';
import type { LaneMessage, Lanes } from '../../core/ports.ts';
import type { Database } from './database.ts';
import type { FifoQueue } from './fifo-queue.ts';

/** Commands that may wait before new ones are turned away. What an accepted command causes is never turned away. */
const WAITING_COMMANDS_MAX = 10_000;

export class SqliteLanes implements Lanes {
  readonly #db: Database;
  readonly #queue: FifoQueue<LaneMessage>;

  constructor(db: Database, queue: FifoQueue<LaneMessage>) {
    this.#db = db;
    this.#queue = queue;
  }

  async send(messages: LaneMessage[]): Promise<void> {
    if (this.#queue.count >= WAITING_COMMANDS_MAX) throw new Overloaded('Too many commands are waiting.');
    this.#queue.put(messages.map((message) => ({ lane: message.lane, body: message })));
    await this.#db.durable();
  }
}
