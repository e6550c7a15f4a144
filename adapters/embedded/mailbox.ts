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

/** One answer of the mailbox holds at most so many mails, the newest. */
const LISTED_MAX = 10_000;

export class Mailbox implements MailOut {
  readonly afterCrash = 'send-again';
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #insert: StatementSync;
  readonly #all: StatementSync;
  readonly #of: StatementSync;
  readonly #one: StatementSync;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    const columns = 'SELECT send, at, mail FROM mail';
    this.#insert = db.prepare(
      'INSERT INTO mail (send, at, recipient, mail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#all = db.prepareRead(`${columns} ORDER BY position DESC LIMIT ${LISTED_MAX}`);
    this.#of = db.prepareRead(`${columns} WHERE recipient = ? ORDER BY position DESC LIMIT ${LISTED_MAX}`);
    this.#one = db.prepareRead(`${columns} WHERE send = ?`);
  }

  async send(sendId: string, mail: OutgoingMail): Promise<MailResult> {
    const recipient = mail.to.address.toLowerCase();
    this.#db.write(() => this.#insert.run(sendId, this.#clock.now(), recipient, JSON.stringify(mail)));
    return { result: 'sent', providerId: `mailbox ${sendId}` };
  }

  /** Kept mails, oldest first; of one recipient where an address is given. */
  list(to: string | undefined): KeptMail[] {
    const rows = to === undefined ? this.#all.all() : this.#of.all(to.toLowerCase());
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
