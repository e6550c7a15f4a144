/** Dead letters in SQLite, looked through while nothing runs on the file. */
import type { DeadLetter, DeadLetters, QueueName, Verdict } from '../../core/upkeep/dead-letters.ts';
import type { Database } from './database.ts';

interface Row {
  position: number;
  lane: string;
  at: number;
  reason: string;
  body: string;
}

export class SqliteDeadLetters implements DeadLetters {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async counts(): Promise<Partial<Record<QueueName, number>>> {
    const rows = this.#db.prepare('SELECT queue, count(*) AS letters FROM dead_letter GROUP BY queue').all();
    const counted = Object.fromEntries(rows.map(({ queue, letters }) => [String(queue), Number(letters)]));
    return { commands: 0, mails: 0, ...counted };
  }

  async walk(queue: QueueName, judge: (letter: DeadLetter) => Promise<Verdict>): Promise<void> {
    const all = this.#db.prepare(
      'SELECT position, lane, at, reason, body FROM dead_letter WHERE queue = ? ORDER BY position',
    );
    const take = this.#db.prepare('DELETE FROM dead_letter WHERE queue = ? AND position = ?');
    const put = this.#db.prepare(
      'INSERT INTO queue (queue, position, lane, body, attempts, visible_at)' +
        ' SELECT ?, 1 + max(p), ?, ?, 0, 0 FROM (SELECT max(position) AS p FROM queue WHERE queue = ?' +
        ' UNION ALL SELECT max(position) FROM dead_letter WHERE queue = ?)',
    );
    for (const { position, lane, at, reason, body } of all.all(queue) as unknown as Row[]) {
      const verdict = await judge({ id: String(position), lane, at, reason, body });
      if (verdict === 'leave') continue;
      this.#db.writeAll(() => {
        if (verdict === 'redrive') put.run(queue, lane, body, queue, queue);
        take.run(queue, position);
      });
      await this.#db.durable();
    }
  }
}
