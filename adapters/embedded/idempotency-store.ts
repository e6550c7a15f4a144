/** What keyed writes remember, in SQLite. */
import type { StatementSync } from 'node:sqlite';
import type { IdempotencyRecord, IdempotencyStore } from '../../core/ports.ts';
import type { Database } from './database.ts';

const KEPT_MS = 24 * 3_600_000;
/** Old keys removed with each new one: the table shrinks faster than it grows, and no write pays for all. */
const SWEPT_PER_WRITE = 4;

export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #db: Database;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #sweep: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#get = db.prepare('SELECT record FROM idempotency WHERE key = ? AND at > ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO idempotency (key, record, at) VALUES (?, ?, ?)');
    this.#sweep = db.prepare(
      `DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE at <= ? LIMIT ${SWEPT_PER_WRITE})`,
    );
  }

  async claim(key: string, record: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined> {
    const known = this.#get.get(key, now - KEPT_MS);
    if (known !== undefined) return JSON.parse(String(known['record'])) as IdempotencyRecord;
    this.#db.write(() => {
      this.#sweep.run(now - KEPT_MS);
      this.#put.run(key, JSON.stringify(record), now);
    });
    return undefined;
  }
}
