/** The embedded store as an auditor reads it, while nothing runs on the file. */
import { encodeHead } from '../../core/thread/stored-head.ts';
import type { Thread } from '../../core/thread/thread.ts';
import type { Audit, Bearings, StoredThread } from '../../core/upkeep/audit.ts';
import type { Database } from './database.ts';
import { bearingsOf, PUT_THREAD, SqliteThreadStore } from './thread-store.ts';

export class SqliteAudit implements Audit {
  readonly #db: Database;
  readonly #threads: SqliteThreadStore;

  constructor(db: Database) {
    this.#db = db;
    this.#threads = new SqliteThreadStore(db, 'writing');
  }

  async *threadIds(): AsyncIterable<string> {
    for (const { id } of this.#db.prepare('SELECT id FROM thread UNION SELECT thread FROM log').all()) yield String(id);
  }

  async stored(threadId: string): Promise<StoredThread> {
    const log = await this.#threads.log(threadId, 0, Number.MAX_SAFE_INTEGER);
    const row = this.#db.prepare('SELECT * FROM thread WHERE id = ?').get(threadId);
    if (row === undefined) return { id: threadId, log, head: undefined, bearings: {} };
    const { id: _, head, ...bearings } = row;
    return { id: threadId, log, head: String(head), bearings: bearings as Bearings };
  }

  expected(thread: Thread): Pick<StoredThread, 'head' | 'bearings'> {
    return { head: encodeHead(thread), bearings: bearingsOf(thread) };
  }

  async repair(thread: Thread): Promise<boolean> {
    const put = this.#db.prepare(PUT_THREAD);
    this.#db.write(() => put.run(thread.id, ...Object.values(bearingsOf(thread)), encodeHead(thread)));
    await this.#db.durable();
    return true;
  }
}
