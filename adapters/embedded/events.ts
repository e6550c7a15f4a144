/** The public events, kept in a table: what a bus would have been told. */
import type { StatementSync } from 'node:sqlite';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import type { Events } from '../../core/ports.ts';
import type { Database } from './database.ts';

export class SqliteEvents implements Events {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #all: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare('INSERT INTO event (id, event) VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#all = db.prepareRead('SELECT event FROM event WHERE position > ? ORDER BY position LIMIT ?');
  }

  async publish(events: CloudEvent[]): Promise<void> {
    this.#db.writeAll(() => {
      for (const event of events) this.#insert.run(event.id, JSON.stringify(event));
    });
  }

  /** Published events after a position, in order. */
  list(after: number, limit: number): CloudEvent[] {
    return this.#all.all(after, limit).map(({ event }) => JSON.parse(String(event)) as CloudEvent);
  }
}
