/** A database for tests, in memory unless a file is named. */
import { Database } from '../../adapters/embedded/database.ts';

export function aDatabase(path = ':memory:'): Database {
  return new Database(path, () => {});
}
