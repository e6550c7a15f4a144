/**
 * The tables of the embedded store. Bodies are JSON, as on AWS; columns beside them are what is looked up or sorted
 * by. Keys are time-ordered, so new rows go to the end of their tree.
 */
/** Raised when the tables, or what lies in them, change so that an older file cannot be used as it is. */
export const DATA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS thread (
  id TEXT PRIMARY KEY, business TEXT NOT NULL, customer TEXT NOT NULL, team TEXT, assignee TEXT,
  class TEXT NOT NULL, since INTEGER NOT NULL, due_at INTEGER, generation INTEGER NOT NULL, seq INTEGER NOT NULL,
  head TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS thread_inbox ON thread (business, class, since, id);
CREATE INDEX IF NOT EXISTS thread_business ON thread (business, id);
CREATE INDEX IF NOT EXISTS thread_customer ON thread (business, customer, id);
CREATE INDEX IF NOT EXISTS thread_assignee ON thread (business, assignee, since, id) WHERE assignee IS NOT NULL;
CREATE INDEX IF NOT EXISTS thread_due ON thread (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS log (
  thread TEXT NOT NULL, last_seq INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (thread, last_seq)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outcome (
  thread TEXT NOT NULL, command TEXT NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (thread, command)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS pool (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, due_at INTEGER, generation INTEGER NOT NULL, head TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pool_due ON pool (due_at, id) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS seat (
  pool TEXT NOT NULL, thread TEXT NOT NULL, epoch INTEGER NOT NULL, team TEXT, place TEXT, agent TEXT,
  gone_at INTEGER, row TEXT NOT NULL, PRIMARY KEY (pool, thread)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seat_queue ON seat (pool, epoch, team, place) WHERE team IS NOT NULL;
CREATE INDEX IF NOT EXISTS seat_held ON seat (pool, agent, thread) WHERE agent IS NOT NULL;
CREATE INDEX IF NOT EXISTS seat_gone ON seat (gone_at) WHERE gone_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS record (
  business TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (business, kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS handle (
  business TEXT NOT NULL, handle TEXT NOT NULL, holder TEXT NOT NULL, PRIMARY KEY (business, handle)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS send (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, attempts INTEGER NOT NULL, tries INTEGER NOT NULL,
  since INTEGER NOT NULL, lease_until INTEGER NOT NULL, provider_id TEXT, detail TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fate (send TEXT PRIMARY KEY, rank INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS mail (
  position INTEGER PRIMARY KEY, send TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, recipient TEXT NOT NULL,
  mail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_recipient ON mail (recipient, position);

CREATE TABLE IF NOT EXISTS event (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS queue (
  queue TEXT NOT NULL, position INTEGER NOT NULL, lane TEXT NOT NULL, body TEXT NOT NULL,
  attempts INTEGER NOT NULL, visible_at INTEGER NOT NULL, PRIMARY KEY (queue, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letter (
  queue TEXT NOT NULL, position INTEGER NOT NULL, lane TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (queue, position)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, record TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);

CREATE TABLE IF NOT EXISTS mail_index (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS policy (
  business TEXT NOT NULL, hash TEXT NOT NULL, policy TEXT NOT NULL, PRIMARY KEY (business, hash)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
`;
