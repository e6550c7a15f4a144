/**
 * One SQLite file with group commit: everything written in one turn of the event loop goes into one transaction.
 *
 * The idea that makes it fast: inside one file, order is durability. A crash loses a suffix of what was written and
 * never a middle, which is the same as having crashed a little earlier. So writes do not wait for the disk; only what
 * leaves the process does, an HTTP answer or an SMTP conversation: it awaits `durable()`.
 *
 * The same idea decides what happens when the disk refuses a transaction: the process ends. What it knows in memory is
 * then ahead of the file, and starting again from the file is the one way out that every crash proves.
 *
 * Two connections: the writer sees the open transaction, the reader only what is committed. What is shown to somebody
 * outside comes from the reader, so nobody is shown what a crash could still take back.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { TransientFailure } from '../../core/failures.ts';
import { DATA_VERSION, SCHEMA } from './schema.ts';

/** A transaction with more writes than this is committed at once, so that its memory is bounded. */
const WRITES_PER_COMMIT_MAX = 2_000;

/** Pages of 8 KB: a mail's row is two or three, and only one would fit into a smaller page. */
const PRAGMAS = `
  PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;
  PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
`;
/** SQLITE_CONSTRAINT, _TOOBIG, _MISMATCH and _RANGE are about what was written; every other error is about the file. */
const ERRORS_OF_A_WRITE = [19, 18, 20, 25];

/** The file cannot be written any more: nothing of its last transaction happened. */
export class StorageLost extends TransientFailure {
  override readonly name = 'StorageLost';
}

/** The file was made by another version of the product. */
class OtherDataVersion extends Error {
  override readonly name = 'OtherDataVersion';
}

interface Waiter {
  resolve: () => void;
  reject: (failure: StorageLost) => void;
}

export class Database {
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #onLost: (failure: StorageLost) => void;
  readonly #beforeCommit: (() => void)[] = [];
  #waiters: Waiter[] = [];
  #lost: StorageLost | undefined;
  #isOpen = false;
  #writes = 0;

  /**
   * @param path a file, made where there is none; `:memory:` for one that vanishes with the process
   * @param onLost ends the process
   */
  constructor(path: string, onLost: (failure: StorageLost) => void) {
    this.#onLost = onLost;
    this.#writer = new DatabaseSync(path);
    checkVersion(this.#writer, path);
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
   * Runs one write inside the open transaction. It takes effect at once for this process, and lasts from the next
   * commit. @throws {StorageLost}, or what the database says of this write; then it did not happen
   */
  write<T>(work: () => T): T {
    this.open();
    this.#writes += 1;
    try {
      return work();
    } catch (cause) {
      throw isAboutTheFile(cause) ? this.#lose(cause) : cause;
    }
  }

  /** As `write`, for several: all of them, or none. */
  writeAll<T>(work: () => T): T {
    return this.write(() => {
      this.#writer.exec('SAVEPOINT several');
      try {
        const result = work();
        this.#writer.exec('RELEASE several');
        return result;
      } catch (cause) {
        if (!isAboutTheFile(cause)) this.#writer.exec('ROLLBACK TO several; RELEASE several');
        throw cause;
      }
    });
  }

  /** Makes sure that there will be a commit. @throws {StorageLost} */
  open(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#isOpen && this.#writes >= WRITES_PER_COMMIT_MAX) this.#commit();
    if (this.#isOpen) return;
    this.#writer.exec('BEGIN IMMEDIATE');
    this.#isOpen = true;
    this.#writes = 0;
    setImmediate(() => this.#commit());
  }

  /** Resolves once all that was written up to now is on the disk. @throws {StorageLost} when it never will be */
  durable(): Promise<void> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (!this.#isOpen) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Called inside a transaction that is about to be committed, to write what was held back until then. */
  beforeCommit(hook: () => void): void {
    this.#beforeCommit.push(hook);
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
      this.#lose(cause);
      return;
    }
    this.#isOpen = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve } of waiters) resolve();
  }

  #lose(cause: unknown): StorageLost {
    if (this.#lost !== undefined) return this.#lost;
    const lost = new StorageLost('The data cannot be written any more.', { cause });
    this.#lost = lost;
    if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
    this.#isOpen = false;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { reject } of waiters) reject(lost);
    this.#onLost(lost);
    return lost;
  }
}

function isAboutTheFile(failure: unknown): boolean {
  const { errcode } = failure as { errcode?: number };
  return errcode !== undefined && !ERRORS_OF_A_WRITE.includes(errcode & 0xff);
}

/** @throws {OtherDataVersion} */
function checkVersion(db: DatabaseSync, path: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  const isNew = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (isNew) db.exec(`PRAGMA user_version = ${DATA_VERSION}`);
  else if (version !== DATA_VERSION) {
    throw new OtherDataVersion(
      `${path} was made by another version of Meanwhile (data version ${version}, not ${DATA_VERSION}): ` +
        'move it away, or name another folder by --data.',
    );
  }
}
