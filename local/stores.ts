/** Everything that is kept on one machine: one SQLite file, and a folder of blobs beside it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WakingClock } from '../adapters/embedded/clocks.ts';
import { lockData } from '../adapters/embedded/data-lock.ts';
import { Database, type StorageLost } from '../adapters/embedded/database.ts';
import { SqliteEvents } from '../adapters/embedded/events.ts';
import { FileBlobs } from '../adapters/embedded/file-blobs.ts';
import { SqliteIdempotencyStore } from '../adapters/embedded/idempotency-store.ts';
import { SqliteMailIndex } from '../adapters/embedded/mail-index.ts';
import { Mailbox } from '../adapters/embedded/mailbox.ts';
import { SqlitePolicies } from '../adapters/embedded/policies.ts';
import { SqlitePoolStore } from '../adapters/embedded/pool-store.ts';
import { SqliteSecrets } from '../adapters/embedded/secrets.ts';
import { SqliteSends } from '../adapters/embedded/sends.ts';
import { SqliteCustomers } from '../adapters/embedded/sqlite-customers.ts';
import { SqliteThreadStore } from '../adapters/embedded/thread-store.ts';
import { PooledRandomness } from '../adapters/node/randomness.ts';
import type { Policy } from '../core/policy/policy.ts';

interface StoreSettings {
  /** The folder, made where there is none. */
  data: string;
  policies: Policy[];
  clock: WakingClock;
  /** Where the server is reached, once it listens. */
  baseUrl: () => string;
  /** What to do when the data cannot be written any more: to end, and be started again. */
  onLost: (failure: StorageLost) => void;
}

const BLOB_SECRET_BYTES = 32;

export type Stores = ReturnType<typeof openStores>;

export function openStores({ data, policies: sources, clock, baseUrl, onLost }: StoreSettings) {
  mkdirSync(data, { recursive: true });
  const lock = lockData(data);
  const db = new Database(join(data, 'meanwhile.db'), onLost);
  const random = new PooledRandomness();
  const policies = new SqlitePolicies(db, sources);
  const secrets = new SqliteSecrets(db, random, policies.businesses());
  const blobSecret = secrets.own('blobs', () => randomBytes(BLOB_SECRET_BYTES).toString('base64url'));
  return {
    db,
    random,
    policies,
    secrets,
    blobs: new FileBlobs(join(data, 'blobs'), clock, blobSecret, baseUrl),
    /** As a lane sees threads: with what the open transaction holds. */
    threads: new SqliteThreadStore(db, 'writing'),
    /** As the API shows them: only what is on the disk. */
    committed: new SqliteThreadStore(db, 'reading'),
    pools: new SqlitePoolStore(db, 'writing'),
    committedPools: new SqlitePoolStore(db, 'reading'),
    customers: new SqliteCustomers(db),
    idempotency: new SqliteIdempotencyStore(db),
    sends: new SqliteSends(db),
    mailIndex: new SqliteMailIndex(db),
    mailbox: new Mailbox(db, clock),
    events: new SqliteEvents(db),
    close: (): void => {
      db.close();
      lock.release();
    },
  };
}
