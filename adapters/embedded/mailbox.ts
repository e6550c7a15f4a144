/**
 * The built-in mailbox: keeps every mail instead of sending it. A mail's row is keyed by its send id, so it goes in
 * once, however often it is sent.
 */
import type { StatementSync } from 'node:sqlite';
import type { MailResult } from '../../core/delivery/send.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { Clock, MailOut } from '../../core/ports.ts';
import type { Database } from './database.ts';

export interface KeptMail {
  id: string;
  at: number;
  mail: OutgoingMail;
}

/** Which mails: of one recipient, only those after another, the newest so many. */
export interface MailsWanted {
  to?: string | undefined;
  after?: string | undefined;
  limit: number;
}

export class Mailbox implements MailOut {
  readonly afterCrash = 'harmless';
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #insert: StatementSync;
  readonly #all: StatementSync;
  readonly #of: StatementSync;
  readonly #position: StatementSync;
  readonly #one: StatementSync;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    const columns = 'SELECT send, at, mail FROM mail';
    this.#insert = db.prepare(
      'INSERT INTO mail (send, at, recipient, mail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    const newest = 'position > ? ORDER BY position DESC LIMIT ?';
    this.#all = db.prepareRead(`${columns} WHERE ${newest}`);
    this.#of = db.prepareRead(`${columns} WHERE recipient = ? AND ${newest}`);
    this.#position = db.prepareRead('SELECT position FROM mail WHERE send = ?');
    this.#one = db.prepareRead(`${columns} WHERE send = ?`);
  }

  async send({ id }: { id: string }, mail: OutgoingMail): Promise<MailResult> {
    const recipient = mail.to.address.toLowerCase();
    this.#db.write(() => this.#insert.run(id, this.#clock.now(), recipient, JSON.stringify(mail)));
    return { result: 'sent', providerId: `mailbox ${id}` };
  }

  /** Kept mails, oldest first. */
  list({ to, after, limit }: MailsWanted): KeptMail[] {
    const from = after === undefined ? 0 : Number(this.#position.get(after)?.['position'] ?? 0);
    const rows = to === undefined ? this.#all.all(from, limit) : this.#of.all(to.toLowerCase(), from, limit);
    return rows.map(keptMail).reverse();
  }

  get(id: string): KeptMail | undefined {
    const row = this.#one.get(id);
    return row === undefined ? undefined : keptMail(row);
  }
}

function keptMail(row: Record<string, unknown>): KeptMail {
  return { id: String(row['send']), at: Number(row['at']), mail: JSON.parse(String(row['mail'])) as OutgoingMail };
}
