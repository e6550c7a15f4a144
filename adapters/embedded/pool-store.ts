/** Pools in SQLite. */
import type { StatementSync } from 'node:sqlite';
import { InvalidCursor } from '../../core/failures.ts';
import type { PoolCommit, PoolStore } from '../../core/ports.ts';
import { busyOf, type Pool, placeInQueue, queueOf, type Row } from '../../core/team/pool.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import type { Database } from './database.ts';

/** So long a thread that needs nobody is remembered, for what may still come late. */
const GONE_MS = 86_400_000;

/** @param view `writing` sees the open transaction, as a lane must; `reading` only what is committed */
export class SqlitePoolStore implements PoolStore {
  readonly #db: Database;
  readonly #load: StatementSync;
  readonly #row: StatementSync;
  readonly #queue: StatementSync;
  readonly #held: StatementSync;
  readonly #seqOf: StatementSync;
  readonly #putPool: StatementSync;
  readonly #putRow: StatementSync;
  readonly #forget: StatementSync;

  constructor(db: Database, view: 'writing' | 'reading') {
    const prepare = (sql: string) => (view === 'writing' ? db.prepare(sql) : db.prepareRead(sql));
    this.#db = db;
    this.#load = prepare('SELECT head FROM pool WHERE id = ?');
    this.#row = prepare('SELECT row FROM seat WHERE pool = ? AND thread = ?');
    this.#queue = prepare(
      'SELECT place, row FROM seat WHERE pool = ? AND epoch = ? AND team = ? AND place > ? ORDER BY place LIMIT ?',
    );
    this.#held = prepare('SELECT row FROM seat WHERE pool = ? AND agent = ? ORDER BY thread');
    this.#seqOf = db.prepare('SELECT seq FROM pool WHERE id = ?');
    this.#putPool = db.prepare(
      'INSERT INTO pool (id, seq, due_at, generation, head) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET' +
        ' seq = excluded.seq, due_at = excluded.due_at, generation = excluded.generation, head = excluded.head',
    );
    this.#putRow = db.prepare(
      'INSERT INTO seat (pool, thread, epoch, team, place, agent, gone_at, row) VALUES (?, ?, ?, ?, ?, ?, ?, ?)' +
        ' ON CONFLICT (pool, thread) DO UPDATE SET epoch = excluded.epoch, team = excluded.team,' +
        ' place = excluded.place, agent = excluded.agent, gone_at = excluded.gone_at, row = excluded.row',
    );
    this.#forget = db.prepare('DELETE FROM seat WHERE gone_at < ?');
  }

  async load(pool: string): Promise<Pool | undefined> {
    const head = this.#load.get(pool)?.['head'];
    return typeof head === 'string' ? (JSON.parse(head) as Pool) : undefined;
  }

  async rows(pool: string, threads: string[]): Promise<Row[]> {
    return threads.flatMap((thread) => rowsOf(this.#row.all(pool, thread)));
  }

  async queue(
    { pool, epoch, team }: { pool: string; epoch: number; team: string },
    { limit, after }: PageRequest,
  ): Promise<Page<Row>> {
    if (after === '') throw new InvalidCursor('The cursor is not one of a queue.');
    const found = this.#queue.all(pool, epoch, team, after ?? '', limit);
    return { items: rowsOf(found), next: found.length < limit ? null : String(found.at(-1)?.['place']) };
  }

  async held(pool: string, agent: string): Promise<Row[]> {
    return rowsOf(this.#held.all(pool, agent));
  }

  async commit({ pool, expectedSeq, rows }: PoolCommit): Promise<'committed' | 'conflict'> {
    if (Number(this.#seqOf.get(pool.id)?.['seq'] ?? 0) !== expectedSeq) return 'conflict';
    this.#db.writeAll(() => {
      this.#putPool.run(pool.id, pool.seq, pool.dueAt, pool.generation, JSON.stringify(pool));
      for (const { row } of rows) {
        const { thread, epoch, at } = row;
        const team = queueOf(row);
        const goneAt = row.seat.state === 'gone' ? at : null;
        const place = team === undefined ? null : placeInQueue(row);
        const agent = busyOf(row)?.agent ?? null;
        this.#putRow.run(pool.id, thread, epoch, team ?? null, place, agent, goneAt, JSON.stringify(row));
        if (goneAt !== null) this.#forget.run(goneAt - GONE_MS);
      }
    });
    return 'committed';
  }
}

function rowsOf(found: Record<string, unknown>[]): Row[] {
  return found.map(({ row }) => JSON.parse(String(row)) as Row);
}
