/** What a data folder holds, read from its file: for checking that all of it is true. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { Outcome } from '../../core/thread/commit.ts';
import { type Entry, entriesOf } from '../../core/thread/entry.ts';
import { fold } from '../../core/thread/evolve.ts';
import { encodeHead } from '../../core/thread/stored-head.ts';

export interface StoredState {
  /** Heads as they are stored. */
  threads: Map<string, { head: string; entries: Entry[] }>;
  outcomes: Map<string, Outcome>;
  mails: { send: string; mail: OutgoingMail }[];
  /** Rows that wait in queues or were given up. */
  waiting: number;
  dead: number;
}

export function readStoredState(data: string): StoredState {
  const db = new DatabaseSync(join(data, 'meanwhile.db'));
  const rows = (sql: string) => db.prepare(sql).all();
  const threads: StoredState['threads'] = new Map();
  for (const { id, head } of rows('SELECT id, head FROM thread')) {
    threads.set(String(id), { head: String(head), entries: [] });
  }
  for (const { thread, item } of rows('SELECT thread, item FROM log ORDER BY thread, last_seq')) {
    threads.get(String(thread))?.entries.push(...entriesOf(JSON.parse(String(item))));
  }
  const outcomes = new Map(
    rows('SELECT command, outcome FROM outcome').map(({ command, outcome }) => [
      String(command),
      JSON.parse(String(outcome)) as Outcome,
    ]),
  );
  const mails = rows('SELECT send, mail FROM mail').map(({ send, mail }) => ({
    send: String(send),
    mail: JSON.parse(String(mail)) as OutgoingMail,
  }));
  const [waiting, dead] = ['queue', 'dead_letter'].map((table) => rows(`SELECT 1 FROM ${table}`).length);
  db.close();
  return { threads, outcomes, mails, waiting: waiting ?? 0, dead: dead ?? 0 };
}

/** What is wrong with a state, whatever was written into it: nothing, in words. */
export function defectsOf({ threads, waiting, dead }: StoredState): string[] {
  const defects: string[] = [];
  for (const [id, { head, entries }] of threads) {
    if (entries.some(({ seq }, index) => seq !== index + 1)) defects.push(`the log of ${id} has a gap`);
    const folded = fold(id, entries);
    if (folded === undefined || encodeHead(folded) !== head) defects.push(`the head of ${id} is not its fold`);
  }
  if (waiting > 0) defects.push(`${waiting} messages still wait`);
  if (dead > 0) defects.push(`${dead} messages were given up`);
  return defects;
}
