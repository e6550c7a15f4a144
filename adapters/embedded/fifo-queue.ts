/**
 * A durable queue of lanes in SQLite: in order within a lane, lanes side by side, at least once.
 *
 * Messages are handed to the handler at once, inside the transaction that accepts them. A row is written only for
 * what is still not done when that transaction is committed: a message that arrives at an idle lane and is decided in
 * the same turn costs no row at all, and its acceptance and its consequences are one transaction.
 */
import type { StatementSync } from 'node:sqlite';
import { TransientFailure } from '../../core/failures.ts';
import type { Log } from '../../core/ports.ts';
import type { WakingClock } from './clocks.ts';
import { type Database, StorageLost } from './database.ts';

/** What a handler says of a batch: how many from the first are done, and when the next may come again. */
export interface Handled {
  done: number;
  /** Not a failed attempt: the message only has to wait. */
  retryInMs?: number;
  failure?: unknown;
}

export interface QueueSettings<T> {
  name: string;
  /** Messages of one lane that the handler takes at once. */
  batchMax: number;
  /** Lanes that are handled side by side. */
  lanesMax: number;
  handle: (lane: string, bodies: T[]) => Promise<Handled>;
}

interface Message<T> {
  position: number;
  /** Null: in its row only. */
  body: T | null;
  /** Attempts that failed by more than passing trouble: after too many it is given up. */
  attempts: number;
  /** Attempts that failed at all: each makes the pause longer. */
  setbacks: number;
  visibleAt: number;
  row: 'not yet' | 'written' | 'not needed';
}

const ATTEMPTS_MAX = 8;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 60_000;
/** Bodies of waiting messages that are kept parsed; the others are read back from their row. */
const BODIES_MAX = 2_000;

export class FifoQueue<T extends object> {
  readonly #db: Database;
  readonly #clock: WakingClock;
  readonly #log: Log;
  readonly #settings: QueueSettings<T>;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #delay: StatementSync;
  readonly #body: StatementSync;
  readonly #bury: StatementSync;
  readonly #lanes = new Map<string, Message<T>[]>();
  readonly #busy = new Set<string>();
  readonly #ready: string[] = [];
  #unsaved: [lane: string, message: Message<T>][] = [];
  #position = 0;
  #count = 0;
  #bodies = 0;

  constructor(db: Database, clock: WakingClock, log: Log, settings: QueueSettings<T>) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
    this.#settings = settings;
    const { name } = settings;
    this.#insert = db.prepare(
      `INSERT INTO queue (queue, position, lane, body, attempts, visible_at) VALUES ('${name}', ?, ?, ?, ?, ?)`,
    );
    this.#delete = db.prepare(`DELETE FROM queue WHERE queue = '${name}' AND position = ?`);
    this.#delay = db.prepare(`UPDATE queue SET attempts = ?, visible_at = ? WHERE queue = '${name}' AND position = ?`);
    this.#body = db.prepare(`SELECT body FROM queue WHERE queue = '${name}' AND position = ?`);
    this.#bury = db.prepare(
      `INSERT INTO dead_letter (queue, position, lane, body, at, reason) VALUES ('${name}', ?, ?, ?, ?, ?)`,
    );
    db.beforeCommit(() => this.#save());
  }

  /** Takes up what an earlier process left. */
  start(): void {
    const { name } = this.#settings;
    const buried = this.#db.prepare('SELECT max(position) AS last FROM dead_letter WHERE queue = ?').get(name);
    this.#position = Number(buried?.['last'] ?? 0);
    const rows = this.#db
      .prepare('SELECT position, lane, attempts, visible_at AS visibleAt FROM queue WHERE queue = ? ORDER BY position')
      .all(name) as { position: number; lane: string; attempts: number; visibleAt: number }[];
    for (const { position, lane, attempts, visibleAt } of rows) {
      this.#position = Math.max(this.#position, position);
      this.#enqueue(lane, { position, body: null, attempts, setbacks: attempts, visibleAt, row: 'written' });
    }
    this.#pump();
  }

  /** Messages that are not done. */
  get count(): number {
    return this.#count;
  }

  /** Whether nothing can be done now: every message that is left waits for a later time. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.#ready.length === 0;
  }

  /** Adds messages to the open transaction. */
  put(messages: { lane: string; body: T }[]): void {
    this.#db.open();
    const visibleAt = this.#clock.now();
    for (const { lane, body } of messages) {
      this.#position += 1;
      const message: Message<T> = {
        position: this.#position,
        body,
        attempts: 0,
        setbacks: 0,
        visibleAt,
        row: 'not yet',
      };
      this.#unsaved.push([lane, message]);
      this.#enqueue(lane, message);
    }
    this.#pump();
  }

  #enqueue(lane: string, message: Message<T>): void {
    this.#count += 1;
    const waiting = this.#lanes.get(lane);
    if (waiting !== undefined) {
      waiting.push(message);
      return;
    }
    this.#lanes.set(lane, [message]);
    this.#wake(lane);
  }

  /** Makes a lane ready once its first message may be seen. */
  #wake(lane: string): void {
    const visibleAt = this.#lanes.get(lane)?.[0]?.visibleAt ?? 0;
    if (visibleAt <= this.#clock.now()) {
      this.#ready.push(lane);
      return;
    }
    this.#clock.wakeAt(visibleAt, () => {
      this.#ready.push(lane);
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#busy.size < this.#settings.lanesMax) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      this.#busy.add(lane);
      void this.#run(lane);
    }
  }

  async #run(lane: string): Promise<void> {
    const batch = this.#lanes.get(lane)?.slice(0, this.#settings.batchMax) ?? [];
    let handled: Handled;
    try {
      handled = await this.#settings.handle(
        lane,
        batch.map((message) => this.#bodyOf(message)),
      );
    } catch (failure) {
      handled = { done: 0, failure };
    }
    try {
      this.#finish(lane, batch, handled);
      this.#pump();
    } catch (failure) {
      if (!(failure instanceof StorageLost)) throw failure; // the process is ending
    }
  }

  #finish(lane: string, batch: Message<T>[], { done, retryInMs, failure }: Handled): void {
    const waiting = this.#lanes.get(lane) ?? [];
    for (const message of batch.slice(0, done)) this.#forget(message);
    waiting.splice(0, done);
    const next = waiting[0];
    if (next !== undefined && done < batch.length) {
      if (retryInMs === undefined) this.#fail(lane, next, failure);
      else this.#putOff(next, retryInMs);
    }
    this.#busy.delete(lane);
    if (waiting.length === 0) this.#lanes.delete(lane);
    else this.#wake(lane);
  }

  #forget(message: Message<T>): void {
    if (message.row === 'written') {
      this.#db.write(() => this.#delete.run(message.position));
      if (message.body !== null) this.#bodies -= 1;
    }
    message.row = 'not needed';
    this.#count -= 1;
  }

  #putOff(message: Message<T>, delayMs: number): void {
    message.visibleAt = this.#clock.now() + delayMs;
    if (message.row === 'written') {
      this.#db.write(() => this.#delay.run(message.attempts, message.visibleAt, message.position));
    }
  }

  /** A failed attempt: again a little later or, after too many, out of the lane's way and kept. */
  #fail(lane: string, message: Message<T>, failure: unknown): void {
    const reason = failure instanceof Error ? failure.name : 'unknown';
    const { name } = this.#settings;
    message.setbacks += 1;
    if (!(failure instanceof TransientFailure)) message.attempts += 1;
    this.#log('warn', 'queue.attempt-failed', { queue: name, lane, attempt: message.setbacks, reason });
    if (message.attempts < ATTEMPTS_MAX) {
      this.#putOff(message, Math.min(RETRY_FIRST_MS * 2 ** (message.setbacks - 1), RETRY_MAX_MS));
      return;
    }
    this.#log('error', 'queue.dead-letter', { queue: name, lane, position: message.position, reason });
    const body = JSON.stringify(this.#bodyOf(message));
    this.#db.write(() => this.#bury.run(message.position, lane, body, this.#clock.now(), reason));
    this.#forget(message);
    this.#lanes.get(lane)?.shift();
  }

  #bodyOf(message: Message<T>): T {
    return message.body ?? (JSON.parse(String(this.#body.get(message.position)?.['body'])) as T);
  }

  /** Writes the rows of what the closing transaction leaves undone. */
  #save(): void {
    for (const [lane, message] of this.#unsaved) {
      if (message.row === 'not needed') continue;
      this.#insert.run(message.position, lane, JSON.stringify(message.body), message.attempts, message.visibleAt);
      message.row = 'written';
      if (this.#bodies >= BODIES_MAX) message.body = null;
      else this.#bodies += 1;
    }
    this.#unsaved = [];
  }
}
