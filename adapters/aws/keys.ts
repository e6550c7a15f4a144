/**
 * The one table, and its indexes.
 *
 *   pk                      sk                 what
 *   acme#THREAD#<body>      HEAD               seq, head, and what the indexes sort by
 *                           LOG#<last seq>     one commit's entries and effects
 *                           CMD#<own part>     what became of a command
 *                           SEND#<seq>_<kind>  who sends a mail, and how far that is
 *   acme#POOL               POOL               who is there, and how much each has in work
 *                           ROW#<body>         a thread that the pool was told of
 *                           QUEUE#<epoch>…     the same again, while it waits for an agent: by what it is served
 *   acme#POLICY             <hash>             a version of the policy that was in use
 *   acme#TEAMS              <team>             every team that ever had a thread
 *   acme#CUSTOMERS          <id>               what a business keeps of a customer; likewise acme#ORGANISATIONS
 *   acme#HANDLE#<hash>      HANDLE             whose a proved address, a linked identity, a domain is
 *   acme#KEY#<hash>         KEY                a keyed write's memory, for a day
 *   acme#RATE#<hash>        RATE               a caller's bucket
 *   acme#MAIL#<hash>        MAIL               what a Message-ID, a mail's content or a bounced address stands for
 *
 * Every index holds heads alone (`due` also those of pools), and of them only the keys: a list is a query and a batch
 * get. An index entry is rewritten when its key changes, and is the dearest part of a write: so each key changes as
 * seldom as it can.
 *
 *   inbox      <business>#<team>#<class>#<shard>   place: since, then age. Not for closed threads
 *   assignee   <business>#<agent>                  place. Only while the thread is not solved or closed
 *   customer   <business>#<customer>               pk, which is time-ordered
 *   business   <business>#<shard>                  pk
 *   due        <shard>                             dueAt, then the timer's generation
 */
import type { Handle, RecordKind } from '../../core/customer/record.ts';
import { sha256Hex } from '../../core/digest.ts';
import { bodyOf, claimedBusinessOf } from '../../core/ids.ts';
import type { Pool } from '../../core/team/pool.ts';
import { poolIdOf } from '../../core/team/pool-command.ts';
import { dueAtOf } from '../../core/thread/armed-timers.ts';
import { inboxClassOf, inboxSinceOf, type Thread } from '../../core/thread/thread.ts';

/** Where one partition of an index could grow hot, its entries are spread over so many. Never lowered. */
export const INBOX_SHARDS = 4;
export const BUSINESS_SHARDS = 4;
export const DUE_SHARDS = 8;

const SEQ_DIGITS = 10;
/** A snooze may end in any year of four digits, and must not sort among what is due today. */
const INSTANT_DIGITS = 15;
/** The part of an id that is its own: time and entropy. */
const UNIQUE_CHARS = 26;
const HANDLE_HASH_CHARS = 40;
const HEAD = 'HEAD';
const NO_TEAM = '-';

export interface Key {
  pk: string;
  sk: string;
}

export function headKey(threadId: string): Key {
  return { pk: threadPk(threadId), sk: HEAD };
}

export function logKey(threadId: string, lastSeq: number): Key {
  return { pk: threadPk(threadId), sk: logSk(lastSeq) };
}

/** The log items after an entry: from here on, up to `LOG_END`. */
export function logSk(lastSeq: number): string {
  return `LOG#${String(lastSeq).padStart(SEQ_DIGITS, '0')}`;
}

export const LOG_END = 'LOG#~';

export function seqOfLogSk(sk: string): number {
  return Number(sk.slice('LOG#'.length));
}

/** Of a command of the thread itself, only what its id has beside the thread. */
export function commandKey(threadId: string, commandId: string): Key {
  return { pk: threadPk(threadId), sk: `CMD#${shortCommandId(threadId, commandId)}` };
}

/** `snd_<business>_<body>_<seq>_<kind>`, as `sendIdOf` makes it. */
export function sendKey(sendId: string): Key {
  const [, business = '', body = '', ...rest] = sendId.split('_');
  return { pk: `${business}#THREAD#${body}`, sk: `SEND#${rest.join('_')}` };
}

export function policyKey(business: string, hash: string): Key {
  return { pk: `${business}#POLICY`, sk: hash };
}

/** Whether a partition is a pool's and not a thread's. */
function isPoolPk(pk: string): boolean {
  return pk.endsWith(POOL);
}

const POOL = '#POOL';
export const ROWS = 'ROW#';

export function poolPk(pool: string): string {
  return `${claimedBusinessOf(pool)}${POOL}`;
}

export function poolKey(pool: string): Key {
  return { pk: poolPk(pool), sk: 'POOL' };
}

export function rowKey(pool: string, threadId: string): Key {
  return { pk: poolPk(pool), sk: `${ROWS}${bodyOf(threadId)}` };
}

/** What the queue of a team begins with; its rows follow by what they are served by. */
export function queuePrefix(epoch: number, team: string): string {
  return `QUEUE#${epoch}#${team}#`;
}

export function queueKey(pool: string, { epoch, team }: { epoch: number; team: string }, place: string): Key {
  return { pk: poolPk(pool), sk: `${queuePrefix(epoch, team)}${place}` };
}

/** By what a pool is found when it is due. */
export function poolDueKeysOf({ id, dueAt, generation }: Pool): Record<string, { S: string }> {
  if (dueAt === null) return {};
  const shard = id.charCodeAt(id.length - 1) % DUE_SHARDS;
  return { due: { S: String(shard) }, dueAt: { S: dueKey(dueAt, generation) } };
}

/** The sort key of what the due index holds of a partition. */
export function dueSkOf(pk: string): string {
  return isPoolPk(pk) ? 'POOL' : HEAD;
}

/** Of a partition that the due index holds: its thread or pool. */
export function dueIdOfPk(pk: string): string {
  return isPoolPk(pk) ? poolIdOf(pk.slice(0, -POOL.length)) : threadIdOfPk(pk);
}

export function teamsPk(business: string): string {
  return `${business}#TEAMS`;
}

export function recordsPk(kind: RecordKind, business: string): string {
  return `${business}#${kind.toUpperCase()}S`;
}

export function recordKey(kind: RecordKind, business: string, id: string): Key {
  return { pk: recordsPk(kind, business), sk: id };
}

/** Hashed: an address may be long, and is nobody's business who looks at keys. */
export function handleKey(business: string, handle: Handle): Key {
  return { pk: `${business}#HANDLE#${sha256Hex(handle).slice(0, HANDLE_HASH_CHARS)}`, sk: 'HANDLE' };
}

export function idempotencyKey(scoped: string): Key {
  const [business = '', hash = ''] = scoped.split(' ');
  return { pk: `${business}#KEY#${hash}`, sk: 'KEY' };
}

export function mailKey(scoped: string): Key {
  const [business = '', hash = ''] = scoped.split(' ');
  return { pk: `${business}#MAIL#${hash}`, sk: 'MAIL' };
}

export function threadIdOfPk(pk: string): string {
  const [business = '', , body = ''] = pk.split('#');
  return `thr_${business}_${body}`;
}

export function threadPk(threadId: string): string {
  return `${claimedBusinessOf(threadId)}#THREAD#${bodyOf(threadId)}`;
}

const OWN = '~';

/** A command's id without what it shares with its thread; one of another kind whole. */
export function shortCommandId(threadId: string, commandId: string): string {
  const shared = `cmd${threadId.slice('thr'.length)}_`;
  return commandId.startsWith(shared) ? OWN + commandId.slice(shared.length) : commandId;
}

export function wholeCommandId(threadId: string, short: string): string {
  return short.startsWith(OWN) ? `cmd${threadId.slice('thr'.length)}_${short.slice(OWN.length)}` : short;
}

/** By what a head is found in the indexes. Absent: not in that index. */
export interface IndexKeys {
  inbox?: string;
  assignee?: string;
  place?: string;
  customer?: string;
  business: string;
  due?: string;
  dueAt?: string;
}

export function indexKeysOf(thread: Thread): IndexKeys {
  const { id, business, customer, team, assignee } = thread;
  const place = inboxClassOf(thread);
  const dueAt = dueAtOf(thread);
  return {
    business: businessPartition(business, shardOf(id, BUSINESS_SHARDS)),
    ...(place === 'c' ? {} : { inbox: inboxPartition(business, team, place, shardOf(id, INBOX_SHARDS)) }),
    ...(place === 'c' ? {} : { place: placeOf(inboxSinceOf(thread), id) }),
    ...(assignee === null || place === 's' || place === 'c' ? {} : { assignee: `${business}#${assignee}` }),
    ...(customer.id === '' ? {} : { customer: `${business}#${customer.id}` }),
    ...(dueAt === null ? {} : { due: String(shardOf(id, DUE_SHARDS)), dueAt: dueKey(dueAt, thread.generation) }),
  };
}

export function inboxPartition(business: string, team: string | null, inboxClass: string, shard: number): string {
  return `${business}#${team ?? NO_TEAM}#${inboxClass}#${shard}`;
}

export function businessPartition(business: string, shard: number): string {
  return `${business}#${shard}`;
}

/** What lists are sorted by: either a place or the partition key of the head. */
export const PLACE = new RegExp(`^\\d{${INSTANT_DIGITS}}#[0-9a-z]{${UNIQUE_CHARS}}$`);
export const PK = /^[a-z0-9-]+#THREAD#[0-9a-z]{1,60}$/;

/** What an inbox entry is sorted by; no two threads of a business have the same. */
function placeOf(since: number, threadId: string): string {
  return `${digits(since)}#${bodyOf(threadId).slice(0, UNIQUE_CHARS)}`;
}

function dueKey(dueAt: number, generation: number): string {
  return `${digits(dueAt)}#${generation}`;
}

export function parseDueKey(key: string): { dueAt: number; generation: number } {
  const [dueAt, generation] = key.split('#').map(Number);
  return { dueAt: dueAt ?? 0, generation: generation ?? 0 };
}

export function digits(instant: number): string {
  return String(instant).padStart(INSTANT_DIGITS, '0');
}

/** By the last character of the id's own entropy, which is as good as a hash. */
function shardOf(threadId: string, shards: number): number {
  return bodyOf(threadId).charCodeAt(UNIQUE_CHARS - 1) % shards;
}
