/** The data of one machine, as its owner opens it while nothing runs on it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockData } from './data-lock.ts';
import { Database } from './database.ts';

/** There is no data where it was said to be. */
class NoData extends Error {
  override readonly name = 'NoData';
}

/** @throws {NoData} and where a process runs on it */
export function openData(folder: string): { db: Database; close: () => void } {
  const file = join(folder, 'meanwhile.db');
  if (!existsSync(file)) throw new NoData(`There is no data in ${folder}: no file ${file}.`);
  const lock = lockData(folder);
  const db = new Database(file, () => {});
  return {
    db,
    close: () => {
      db.close();
      lock.release();
    },
  };
}
