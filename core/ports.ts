/**
 * Every interface between the product and the world, with its contract in prose. `test/contracts` has one suite per
 * port, and every adapter passes it. All calls may fail with `TransientFailure`; a call that failed so may still have
 * taken effect, and may be made again. Instants are epoch ms.
 */
import type { BlobInfo } from './blob-keys.ts';
import type { Handle, PutResult, RecordKind, Records } from './customer/record.ts';
import type { MailJob } from './delivery/send.ts';
import type { CloudEvent } from './effect/cloud-event.ts';
import type { BusinessSecrets } from './policy/business-secrets.ts';
import type { CompiledPolicy } from './policy/compiled-policy.ts';
import type { Rate } from './policy/policy.ts';
import type { Pool, Row } from './team/pool.ts';
import type { Commit, CommitResult, DueThread, Outcome, Page, PageRequest, ThreadList } from './thread/commit.ts';
import type { LogItem } from './thread/entry.ts';
import type { Thread } from './thread/thread.ts';

export type { MailOut, Sends } from './delivery/send.ts';
export type { FileScans } from './file-scans.ts';
export type { MailIndex } from './inbound/mail-index.ts';

export interface Clock {
  now(): number;
}

export interface Randomness {
  bytes(count: number): Uint8Array;
}

/** Logs what happened, with ids and counts only: never a name, an address or a word that somebody wrote. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  event: string,
  fields?: Record<string, string | number | boolean | null>,
) => void;

/** What is counted and measured, with its unit in the name; without one it is a count. */
export type MetricName =
  | 'CommandAgeMs'
  | 'DeadlinesBreached'
  | 'FirstReplySeconds'
  | 'MailsSent'
  | 'MailsUndelivered'
  | 'MessagesReceived'
  | 'NextReplySeconds'
  | 'SetAsides'
  | 'ThreadsStarted'
  | 'TimersSwept';

/** Tells those who watch the product of something, as a number. Never fails. */
export type Metrics = (name: MetricName, value: number) => void;

/** Threads: heads, logs and outcomes. Reads of one thread see every commit that answered before; lists may lag. */
export interface ThreadStore {
  load(threadId: string): Promise<Thread | undefined>;
  /**
   * All or nothing. A commit is durable before anything that was caused by it can be seen from outside. `duplicate`
   * goes before `conflict`; either also where the commit changes nothing but outcomes.
   */
  commit(commit: Commit): Promise<CommitResult>;
  outcome(threadId: string, commandId: string): Promise<Outcome | undefined>;
  logItem(threadId: string, lastSeq: number): Promise<LogItem | undefined>;
  /** Log items that hold an entry after number `after`, in order. */
  log(threadId: string, after: number, limit: number): Promise<LogItem[]>;
  /** Threads as they are now; one that moved meanwhile may come twice, or be left out where it moved away. */
  list(list: ThreadList, page: PageRequest): Promise<Page<Thread>>;
  /** Threads with a timer at or before `until`, of every business, none left out; each page earliest first. */
  due(until: number, page: PageRequest): Promise<Page<DueThread>>;
}

/** Customers and organisations as a business keeps them. */
export interface Customers {
  /** Sees every put that answered before. */
  load<K extends RecordKind>(kind: K, business: string, id: string): Promise<Records[K] | undefined>;
  /**
   * All or nothing, and durable when it resolves: the record with its handles, those taken from nobody else.
   * @param before as it was read; undefined where there was none
   */
  put<K extends RecordKind>(
    kind: K,
    business: string,
    record: Records[K],
    before: Records[K] | undefined,
  ): Promise<PutResult>;
  /** The id of the record that has a handle. */
  holder(business: string, handle: Handle): Promise<string | undefined>;
  /** Every record of a kind, in the order of their ids; may lag. */
  list<K extends RecordKind>(kind: K, business: string, page: PageRequest): Promise<Page<Records[K]>>;
}

/** A keyed write's memory, kept for 24 hours. */
export interface IdempotencyRecord {
  /** Hash of method, path and body. */
  request: string;
  /** What was minted for the first try, so that a replay sends the same command and gives the same answer. */
  minted: Record<string, string | number | null>;
}

export interface IdempotencyStore {
  /**
   * Puts the record unless there is one under `key` that is younger than 24 h: that one is answered.
   * @param key the business, a space, and a hash of who asked, where and by which key
   */
  claim(key: string, record: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined>;
}

/** A command on its way. `lane` orders and is the thread's id; `id` names the message, not the command. */
export interface LaneMessage {
  lane: string;
  /** Two messages of one id within five minutes may be taken for one. At most 128 characters. */
  id: string;
  body: unknown;
}

/** Lanes keep order within a lane, hand out one batch of it at a time, and deliver at least once. */
export interface Lanes {
  /**
   * Durable when it resolves. When it does not, some may have been taken, but none of a lane before one that stands
   * before it: so the same may be sent again. @throws {Overloaded}
   */
  send(messages: LaneMessage[]): Promise<void>;
}

/** A timer, and how long it is to wait: at most 900,000 ms. */
export interface Wait {
  timer: DueThread;
  delayMs: number;
}

/** Brings threads' timers to their lanes when they are due; perhaps more than once, perhaps a second late. */
export interface WaitQueue {
  /** When it fails, some may have been taken; all may be put again. */
  put(waits: Wait[]): Promise<void>;
}

/** Rows that a pool's commit changes, each with what the store has of it; undefined where it has none. */
export interface PoolCommit {
  pool: Pool;
  /** As it was read; 0 where there was none. */
  expectedSeq: number;
  rows: { row: Row; before: Row | undefined }[];
}

/** Pools: heads, and a row for every thread they were told of. A head's timer is found by `ThreadStore.due`. */
export interface PoolStore {
  load(pool: string): Promise<Pool | undefined>;
  /** The rows of threads, of any count; those it has. */
  rows(pool: string, threads: string[]): Promise<Row[]>;
  /** What waits for an agent of a team, in the order in which it is served. */
  queue(queue: { pool: string; epoch: number; team: string }, page: PageRequest): Promise<Page<Row>>;
  /** The rows that keep an agent busy, of any count. */
  held(pool: string, agent: string): Promise<Row[]>;
  /** All or nothing. Rows of threads that need nobody may vanish a day after they changed. */
  commit(commit: PoolCommit): Promise<'committed' | 'conflict'>;
}

export interface Events {
  /** Durable when it resolves; two events of one id may both be seen by subscribers. */
  publish(events: CloudEvent[]): Promise<void>;
}

/** What a decision causes outside its thread. */
export interface Performance {
  mails: MailJob[];
  commands: LaneMessage[];
  events: CloudEvent[];
  timers: Wait[];
}

export interface Effects {
  /** Hands everything over durably, each lane's in order. Ids make a second performance harmless. */
  perform(performance: Performance): Promise<void>;
}

/** Big things, by key. What lies under `pending/` and is not copied elsewhere vanishes after a day. */
export interface Blobs {
  /** Durable when it resolves; overwrites. @param name what a download of it is called */
  put(key: string, bytes: Uint8Array, mediaType: string, name?: string): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Undefined until the upload is complete. */
  describe(key: string): Promise<BlobInfo | undefined>;
  /** Where something lies under `to` already, that stays. False where there is nothing under either. */
  copy(from: string, to: string): Promise<boolean>;
  /** A URL to PUT exactly these bytes to, with these headers. */
  uploadUrl(key: string, info: BlobInfo, expiresAt: number): Promise<{ url: string; headers: Record<string, string> }>;
  /** A URL that gives the blob to whoever has it. */
  downloadUrl(key: string, expiresAt: number): Promise<string>;
}

export interface Secrets {
  /** Undefined for a business that has none. May be cached. */
  of(business: string): Promise<BusinessSecrets | undefined>;
  /** As `of`, but read anew, unless that was done a moment ago: for a key id that is not known. */
  refreshed(business: string): Promise<BusinessSecrets | undefined>;
}

export interface Policies {
  businesses(): string[];
  /** The businesses that trust an issuer to say who their agents are. */
  trusting(issuer: string): string[];
  /** The businesses that receive mail at an address, or (an @ before it) at a domain of their own; in lower case. */
  receiving(address: string): string[];
  current(business: string): CompiledPolicy | undefined;
  /** A version that was in use before; kept as long as anything names it. */
  version(business: string, hash: string): Promise<CompiledPolicy | undefined>;
  /** Keeps a version for as long as anything names it; before the first command is accepted under it. */
  keep(policy: CompiledPolicy): Promise<void>;
}

export interface RateVerdict {
  isAllowed: boolean;
  /** Requests that are left now. */
  remaining: number;
  /** Seconds until the next one is allowed (refused), or until all are back (allowed). */
  resetSeconds: number;
}

export interface RateLimiter {
  /** Takes `cost` requests from the bucket of `key`, which begins with the business; 0 only looks. */
  take(key: string, rate: Rate, cost: 0 | 1, now: number): Promise<RateVerdict>;
}
