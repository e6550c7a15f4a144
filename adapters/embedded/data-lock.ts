/** One process owns a data folder: the lock is SQLite's own, so the system frees it however the process ends. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

class DataInUse extends Error {
  override readonly name = 'DataInUse';
}

/** @returns what holds the lock for as long as it is kept open. @throws {DataInUse} */
export function lockData(folder: string): { release: () => void } {
  const lock = new DatabaseSync(join(folder, 'lock.db'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch {
    lock.close();
    throw new DataInUse(`The folder ${folder} is in use by another process: stop it, or name another by --data.`);
  }
  return { release: () => lock.close() };
}
