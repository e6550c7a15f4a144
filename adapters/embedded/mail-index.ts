/** By what mails are found again, in SQLite. */
import type { StatementSync } from 'node:sqlite';
import type { MailRecord } from '../../core/inbound/mail-index.ts';
import type { MailIndex } from '../../core/ports.ts';
import type { Database } from './database.ts';

export class SqliteMailIndex implements MailIndex {
  readonly #db: Database;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#get = db.prepare('SELECT record FROM mail_index WHERE key = ?');
    this.#put = db.prepare('INSERT INTO mail_index (key, record) VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM mail_index WHERE key = ?');
  }

  async claim(key: string, record: MailRecord): Promise<MailRecord | undefined> {
    const known = this.#find(key);
    if (known === undefined) this.#db.write(() => this.#put.run(key, JSON.stringify(record)));
    return known;
  }

  async find(key: string): Promise<MailRecord | undefined> {
    return this.#find(key);
  }

  async remove(key: string): Promise<void> {
    this.#db.write(() => this.#remove.run(key));
  }

  #find(key: string): MailRecord | undefined {
    const row = this.#get.get(key);
    return row === undefined ? undefined : (JSON.parse(String(row['record'])) as MailRecord);
  }
}
