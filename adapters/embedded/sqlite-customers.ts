/** Customers and organisations in SQLite, with the handles by which they are found. */
import type { StatementSync } from 'node:sqlite';
import {
  cursorAfter,
  decodeRecord,
  encodeRecord,
  type Handle,
  handleChanges,
  idOfCursor,
  type PutResult,
  type RecordKind,
  type Records,
} from '../../core/customer/record.ts';
import type { Customers } from '../../core/ports.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import type { Database } from './database.ts';

/** Shows what is on the disk, and puts by what the open transaction holds. */
export class SqliteCustomers implements Customers {
  readonly #db: Database;
  readonly #load: StatementSync;
  readonly #current: StatementSync;
  readonly #list: StatementSync;
  readonly #holder: StatementSync;
  readonly #currentHolder: StatementSync;
  readonly #put: StatementSync;
  readonly #take: StatementSync;
  readonly #release: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    const load = 'SELECT record FROM record WHERE business = ? AND kind = ? AND id = ?';
    const holder = 'SELECT holder FROM handle WHERE business = ? AND handle = ?';
    this.#load = db.prepareRead(load);
    this.#current = db.prepare(load);
    this.#holder = db.prepareRead(holder);
    this.#currentHolder = db.prepare(holder);
    this.#list = db.prepareRead(
      'SELECT id, record FROM record WHERE business = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?',
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO record (business, kind, id, record) VALUES (?, ?, ?, ?)');
    this.#take = db.prepare('INSERT OR REPLACE INTO handle (business, handle, holder) VALUES (?, ?, ?)');
    this.#release = db.prepare('DELETE FROM handle WHERE business = ? AND handle = ? AND holder = ?');
  }

  async load<K extends RecordKind>(kind: K, business: string, id: string): Promise<Records[K] | undefined> {
    const row = this.#load.get(business, kind, id);
    return row && decodeRecord(kind, id, String(row['record']));
  }

  async put<K extends RecordKind>(
    kind: K,
    business: string,
    record: Records[K],
    before: Records[K] | undefined,
  ): Promise<PutResult> {
    const { id } = record;
    const { taken, released } = handleChanges(kind, before, record);
    const row = this.#current.get(business, kind, id);
    const current = row && decodeRecord(kind, id, String(row['record']));
    const foreign = taken.find(
      (handle) => ![undefined, id].includes(textOf(this.#currentHolder.get(business, handle))),
    );
    const result: PutResult =
      current?.version !== before?.version
        ? { result: 'conflict' }
        : foreign === undefined
          ? { result: 'put' }
          : { result: 'taken', handle: foreign };
    if (result.result === 'put') {
      this.#db.writeAll(() => {
        this.#put.run(business, kind, id, encodeRecord(kind, record));
        for (const handle of taken) this.#take.run(business, handle, id);
        for (const handle of released) this.#release.run(business, handle, id);
      });
    }
    // Whoever reads again, whatever stood in the way, is to find what did.
    await this.#db.durable();
    return result;
  }

  async holder(business: string, handle: Handle): Promise<string | undefined> {
    return textOf(this.#holder.get(business, handle));
  }

  async list<K extends RecordKind>(kind: K, business: string, page: PageRequest): Promise<Page<Records[K]>> {
    const rows = this.#list.all(business, kind, page.after === null ? '' : idOfCursor(page.after), page.limit + 1);
    const shown = rows.slice(0, page.limit);
    const next = rows.length > shown.length ? cursorAfter(String(shown.at(-1)?.['id'])) : null;
    return { items: shown.map(({ id, record }) => decodeRecord(kind, String(id), String(record))), next };
  }
}

function textOf(row: { holder?: unknown } | undefined): string | undefined {
  return row && String(row.holder);
}
