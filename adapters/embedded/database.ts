/**
 * One SQLite file with group commit: everything written in one turn of the event loop goes into one transaction.
 *
 * The idea that makes it fast: inside one file, order is durability. A crash loses a suffix of what was written and
 * never a middle, which is the same as having crashed a little earlier. So writes do not wait for the disk; only what
 * leaves the process does, an HTTP answer or an SMTP conversation: it awaits `durable()`.
 *
 * Two connections: the writer sees the open transaction, the reader only what is committed. What is shown to somebody
 * outside comes from the reader, so nobody is shown what a crash could still take back.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { TransientFailure } from '../../core/failures.ts';
import { SCHEMA } from './schema.ts';

/** A transaction with more writes than this is committed at once, so that its memory is bounded. */
const WRITES_PER_COMMIT_MAX = 2_000;

/** Pages of 8 KB: a mail's row is two or three, and only one would fit into a smaller page. */
const PRAGMAS = `
  PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;
  PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
`;

/** The disk refused a transaction: nothing of it happened. */
class StorageFailure extends TransientFailure {
  override readonly name = 'StorageFailure';
}

interface Waiter {
  resolve: () => void;
  reject: (failure: StorageFailure) => void;
}

export class Database {
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #beforeCommit: (() => void)[] = [];
  readonly #afterRollback: (() => void)[] = [];
  #waiters: Waiter[] = [];
  #isOpen = false;
  #writes = 0;

  /** @param path a file, made where there is none; `:memory:` for one that vanishes with the process */
  constructor(path: string) {
    this.#writer = new DatabaseSync(path);
    this.#writer.exec(PRAGMAS);
    this.#writer.exec(SCHEMA);
    this.#reader = path === ':memory:' ? this.#writer : new DatabaseSync(path, { readOnly: true });
    if (this.#reader !== this.#writer) this.#reader.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -4000;');
  }

  /** A statement that sees the open transaction. */
  prepare(sql: string): StatementSync {
    return this.#writer.prepare(sql);
  }

  /** A statement that sees what is committed. */
  prepareRead(sql: string): StatementSync {
    return this.#reader.prepare(sql);
  }

  /**
   * Runs writes inside the open transaction. They take effect at once for this process, and last from the next commit.
   * When they throw, the whole transaction is rolled back: everyone who waits for it is told.
   */
  write<T>(work: () => T): T {
    this.open();
    this.#writes += 1;
    let result: T;
    try {
      result = work();
    } catch (cause) {
      this.#rollBack(cause);
      throw new StorageFailure('A write failed.', { cause });
    }
    if (this.#writes >= WRITES_PER_COMMIT_MAX) this.#commit();
    return result;
  }

  /** Makes sure that there will be a commit. */
  open(): void {
    if (this.#isOpen) return;
    this.#writer.exec('BEGIN IMMEDIATE');
    this.#isOpen = true;
    this.#writes = 0;
    setImmediate(() => this.#commit());
  }

  /** Resolves once all that was written up to now is on the disk. @throws {StorageFailure} when it never will be */
  durable(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Called inside a transaction that is about to be committed, to write what was held back until then. */
  beforeCommit(hook: () => void): void {
    this.#beforeCommit.push(hook);
  }

  /** Called after a transaction was lost, to forget what it had written. */
  afterRollback(hook: () => void): void {
    this.#afterRollback.push(hook);
  }

  close(): void {
    if (this.#isOpen) this.#commit();
    if (this.#reader !== this.#writer) this.#reader.close();
    this.#writer.close();
  }

  #commit(): void {
    if (!this.#isOpen) return;
    try {
      for (const hook of this.#beforeCommit) hook();
      this.#writer.exec('COMMIT');
    } catch (cause) {
      this.#rollBack(cause);
      return;
    }
    this.#isOpen = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve } of waiters) resolve();
  }

  #rollBack(cause: unknown): void {
    if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
    this.#isOpen = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    const failure = new StorageFailure('A transaction was rolled back.', { cause });
    for (const { reject } of waiters) reject(failure);
    for (const hook of this.#afterRollback) hook();
  }
}
