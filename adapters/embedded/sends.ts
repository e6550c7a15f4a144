/** Who is sending which mail, in SQLite. */
import type { StatementSync } from 'node:sqlite';
import { type Claim, FATES, type Fate, type SendRecord, type Settlement } from '../../core/delivery/send.ts';
import type { Sends } from '../../core/ports.ts';
import type { Database } from './database.ts';

interface Row extends Omit<SendRecord, 'fate'> {
  rank: number | null;
  at: number | null;
}

export class SqliteSends implements Sends {
  readonly #db: Database;
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #take: StatementSync;
  readonly #settle: StatementSync;
  readonly #tell: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#get = db.prepare(
      'SELECT state, attempts, tries, since, lease_until AS leaseUntil, provider_id AS providerId,' +
        ' rank, at FROM send LEFT JOIN fate ON send.id = fate.send WHERE id = ?',
    );
    this.#insert = db.prepare(
      "INSERT INTO send (id, state, attempts, tries, since, lease_until) VALUES (?, 'claimed', 1, 0, ?, ?)",
    );
    this.#take = db.prepare(
      "UPDATE send SET state = 'claimed', attempts = attempts + 1, tries = ?, lease_until = ? WHERE id = ?",
    );
    this.#settle = db.prepare('UPDATE send SET state = ?, tries = ?, provider_id = ?, detail = ? WHERE id = ?');
    this.#tell = db.prepare(
      'INSERT INTO fate (send, rank, at) SELECT id, ?, ? FROM send WHERE id = ?' +
        ' ON CONFLICT (send) DO UPDATE SET rank = excluded.rank, at = excluded.at WHERE excluded.rank > rank',
    );
  }

  /** Ends every lease: one process owns the file, so a claim that it finds at its start has nobody behind it. */
  endLeases(): void {
    this.#db.write(() => this.#db.prepare("UPDATE send SET lease_until = 0 WHERE state = 'claimed'").run());
  }

  async claim(id: string, now: number, leaseMs: number, retake?: number): Promise<Claim | SendRecord> {
    const record = this.#record(id);
    if (record === undefined) {
      this.#db.write(() => this.#insert.run(id, now, now + leaseMs));
      return { attempt: 1, tries: 0, since: now };
    }
    const { state, attempts, since } = record;
    const isOver = state === 'claimed' && record.leaseUntil <= now && attempts === retake;
    if (state !== 'released' && !isOver) return record;
    const tries = record.tries + (isOver ? 1 : 0);
    this.#db.write(() => this.#take.run(tries, now + leaseMs, id));
    return { attempt: attempts + 1, tries, since };
  }

  async settle(id: string, attempt: number, settlement: Settlement): Promise<void> {
    const record = this.#record(id);
    if (record === undefined || record.state === 'sent') return;
    const isLatest = record.state === 'claimed' && record.attempts === attempt;
    if (settlement.state !== 'sent' && !isLatest) return;
    const tries = record.tries + (settlement.state === 'released' && settlement.isTry ? 1 : 0);
    const providerId = settlement.state === 'sent' ? settlement.providerId : null;
    const detail = settlement.state === 'failed' ? settlement.detail : null;
    this.#db.write(() => this.#settle.run(settlement.state, tries, providerId, detail, id));
  }

  async record(id: string): Promise<SendRecord | undefined> {
    return this.#record(id);
  }

  async records(ids: string[]): Promise<Map<string, SendRecord>> {
    return new Map(
      ids.flatMap((id) => {
        const record = this.#record(id);
        return record === undefined ? [] : [[id, record] as const];
      }),
    );
  }

  async tell(id: string, fate: Fate, now: number): Promise<void> {
    this.#db.write(() => this.#tell.run(FATES.indexOf(fate), now, id));
  }

  /** How a send stands; undefined where nobody ever claimed it. */
  stateOf(id: string): SendRecord['state'] | undefined {
    return this.#record(id)?.state;
  }

  #record(id: string): SendRecord | undefined {
    const row = this.#get.get(id) as unknown as Row | undefined;
    if (row === undefined) return undefined;
    const { rank, at, ...record } = row;
    const is = FATES[rank ?? -1];
    return { ...record, fate: is === undefined || at === null ? null : { is, at } };
  }
}
