/** Threads in SQLite. */
import type { StatementSync } from 'node:sqlite';
import { InvalidCursor } from '../../core/failures.ts';
import type { ThreadStore } from '../../core/ports.ts';
import { dueAtOf } from '../../core/thread/armed-timers.ts';
import type {
  Commit,
  CommitResult,
  DueThread,
  Outcome,
  Page,
  PageRequest,
  ThreadList,
} from '../../core/thread/commit.ts';
import { entriesOf, type LogItem } from '../../core/thread/entry.ts';
import { decodeHead, encodeHead } from '../../core/thread/stored-head.ts';
import { inboxClassOf, inboxSinceOf, type Thread } from '../../core/thread/thread.ts';
import type { Database } from './database.ts';

/** Which classes of the inbox an agent's own list shows: everything that is not solved or closed. */
const OWNED_CLASSES = "('u', 'w', 'n', 'o', 'z')";

const dueIn = (table: string) =>
  `SELECT id AS thread, due_at AS dueAt, generation FROM ${table} WHERE due_at <= ?1 AND (due_at, id) > (?2, ?3)`;

/** A thread's row: its id, its bearings, its head. */
export const PUT_THREAD =
  'INSERT INTO thread (id, business, customer, team, assignee, class, since, due_at, generation, seq, head)' +
  ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET customer = excluded.customer,' +
  ' team = excluded.team, assignee = excluded.assignee, class = excluded.class, since = excluded.since,' +
  ' due_at = excluded.due_at, generation = excluded.generation, seq = excluded.seq, head = excluded.head';

/** What a row holds beside the head: what lists find it by, and what commits compare. */
export function bearingsOf(thread: Thread) {
  const { business, customer, team, assignee, generation, seq } = thread;
  const place = { class: inboxClassOf(thread), since: inboxSinceOf(thread), due_at: dueAtOf(thread) };
  return { business, customer: customer.id, team, assignee, ...place, generation, seq };
}

interface Row {
  [column: string]: unknown;
}

/** @param view `writing` sees the open transaction, as a lane must; `reading` only what is committed */
export class SqliteThreadStore implements ThreadStore {
  readonly #db: Database;
  readonly #prepare: (sql: string) => StatementSync;
  readonly #load: StatementSync;
  readonly #outcome: StatementSync;
  readonly #logItem: StatementSync;
  readonly #log: StatementSync;
  readonly #due: StatementSync;
  readonly #putThread: StatementSync;
  readonly #putLog: StatementSync;
  readonly #putOutcome: StatementSync;
  readonly #seqOf: StatementSync;
  readonly #isDecided: StatementSync;
  readonly #lists = new Map<string, StatementSync>();

  constructor(db: Database, view: 'writing' | 'reading') {
    this.#db = db;
    this.#prepare = (sql) => (view === 'writing' ? db.prepare(sql) : db.prepareRead(sql));
    this.#load = this.#prepare('SELECT id, head FROM thread WHERE id = ?');
    this.#outcome = this.#prepare('SELECT outcome FROM outcome WHERE thread = ? AND command = ?');
    this.#logItem = this.#prepare('SELECT item FROM log WHERE thread = ? AND last_seq = ?');
    this.#log = this.#prepare('SELECT item FROM log WHERE thread = ? AND last_seq > ? ORDER BY last_seq LIMIT ?');
    this.#due = this.#prepare(`${dueIn('thread')} UNION ALL ${dueIn('pool')} ORDER BY dueAt, thread LIMIT ?4`);
    this.#isDecided = db.prepare('SELECT 1 FROM outcome WHERE thread = ? AND command = ?');
    this.#seqOf = db.prepare('SELECT seq FROM thread WHERE id = ?');
    this.#putLog = db.prepare('INSERT INTO log (thread, last_seq, item) VALUES (?, ?, ?)');
    this.#putOutcome = db.prepare('INSERT INTO outcome (thread, command, outcome) VALUES (?, ?, ?)');
    this.#putThread = db.prepare(PUT_THREAD);
  }

  async load(threadId: string): Promise<Thread | undefined> {
    const row = this.#load.get(threadId);
    return row && this.#headOf(row);
  }

  async commit({ threadId, expectedSeq, change, outcomes }: Commit): Promise<CommitResult> {
    const duplicates = outcomes.filter(({ command }) => this.#isDecided.get(threadId, command) !== undefined);
    if (duplicates.length > 0) return { result: 'duplicate', commands: duplicates.map(({ command }) => command) };
    const seq = Number(this.#seqOf.get(threadId)?.['seq'] ?? 0);
    if (seq !== expectedSeq) return { result: 'conflict' };
    this.#db.writeAll(() => {
      for (const { command, outcome } of outcomes) this.#putOutcome.run(threadId, command, JSON.stringify(outcome));
      if (change === null) return;
      const { thread, logItem } = change;
      this.#putLog.run(threadId, logItem.lastSeq, JSON.stringify(logItem));
      this.#putThread.run(threadId, ...Object.values(bearingsOf(thread)), encodeHead(thread));
    });
    return { result: 'committed' };
  }

  async outcome(threadId: string, commandId: string): Promise<Outcome | undefined> {
    return parsed<Outcome>(this.#outcome.get(threadId, commandId)?.['outcome']);
  }

  async logItem(threadId: string, lastSeq: number): Promise<LogItem | undefined> {
    return parsed<LogItem>(this.#logItem.get(threadId, lastSeq)?.['item']);
  }

  async log(threadId: string, after: number, limit: number): Promise<LogItem[]> {
    return this.#log.all(threadId, after, limit).flatMap(({ item }) => parsed<LogItem>(item) ?? []);
  }

  async list(list: ThreadList, page: PageRequest): Promise<Page<Thread>> {
    const { where, values, sort, order } = queryOf(list);
    const after = page.after === null ? undefined : cursorValues(page.after, sort.length);
    const from =
      after === undefined ? '' : ` AND (${sort.join(', ')}) ${order === 'ASC' ? '>' : '<'} (${sort.map(() => '?')})`;
    const rows = this.#listStatement(
      `SELECT ${[...new Set(['id', ...sort])].join(', ')}, head FROM thread WHERE ${where}${from}` +
        ` ORDER BY ${sort.map((column) => `${column} ${order}`).join(', ')} LIMIT ?`,
    ).all(...values, ...(after ?? []), page.limit + 1) as Row[];
    const shown = rows.slice(0, page.limit);
    const last = shown.at(-1);
    const next =
      rows.length > page.limit && last !== undefined ? JSON.stringify(sort.map((column) => last[column])) : null;
    return { items: await Promise.all(shown.map((row) => this.#headOf(row))), next };
  }

  async due(until: number, page: PageRequest): Promise<Page<DueThread>> {
    const [at = 0, id = ''] = page.after === null ? [] : cursorValues(page.after, 2);
    const items = this.#due.all(until, at, id, page.limit) as unknown as DueThread[];
    const last = items.at(-1);
    const next = items.length === page.limit && last ? JSON.stringify([last.dueAt, last.thread]) : null;
    return { items: items.map(({ thread, dueAt, generation }) => ({ thread, dueAt, generation })), next };
  }

  #headOf({ id, head }: Row): Promise<Thread> {
    const threadId = String(id);
    const log = async () => (await this.log(threadId, 0, Number.MAX_SAFE_INTEGER)).flatMap(entriesOf);
    return decodeHead(threadId, String(head), log);
  }

  /** The statement for one shape of list: there are few, and preparing one costs as much as running it. */
  #listStatement(sql: string): StatementSync {
    const known = this.#lists.get(sql) ?? this.#prepare(sql);
    this.#lists.set(sql, known);
    return known;
  }
}

interface Query {
  where: string;
  values: string[];
  sort: string[];
  order: 'ASC' | 'DESC';
}

function queryOf(list: ThreadList): Query {
  if (list.by === 'customer') {
    const where = 'business = ? AND customer = ?';
    return { where, values: [list.business, list.customer], sort: ['id'], order: 'DESC' };
  }
  const teams = list.teams ?? [];
  const ofTeams = list.teams === null ? '' : ` AND team IN (${placeholders(teams)})`;
  if (list.by === 'business') {
    return { where: `business = ?${ofTeams}`, values: [list.business, ...teams], sort: ['id'], order: 'DESC' };
  }
  if (list.by === 'assignee') {
    const where = `business = ? AND assignee = ? AND class IN ${OWNED_CLASSES}${ofTeams}`;
    return { where, values: [list.business, list.assignee, ...teams], sort: ['since', 'id'], order: 'ASC' };
  }
  const where = `business = ? AND class IN (${placeholders(list.classes)})${ofTeams}`;
  const values = [list.business, ...list.classes, ...teams];
  return { where, values, sort: ['since', 'id'], order: list.first === 'oldest' ? 'ASC' : 'DESC' };
}

function placeholders(values: readonly string[]): string {
  return values.map(() => '?').join(', ');
}

/** @throws {InvalidCursor} for a cursor that is not of this list */
function cursorValues(cursor: string, length: number): (string | number)[] {
  try {
    const values: unknown = JSON.parse(cursor);
    const isOfThisList = Array.isArray(values) && values.length === length && values.every(isKey);
    if (isOfThisList) return values;
  } catch {}
  throw new InvalidCursor('The cursor is not one of this list.');
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function parsed<T>(json: unknown): T | undefined {
  return typeof json === 'string' ? (JSON.parse(json) as T) : undefined;
}
