/** Commits for the contracts of thread stores. */
import { ENTROPY_BYTES, messageIdOf } from '../../core/ids.ts';
import type { Commit, Outcome } from '../../core/thread/commit.ts';
import { LOG_SCHEMA, type LogItem } from '../../core/thread/entry.ts';
import { blankThread, type Thread } from '../../core/thread/thread.ts';
import { aThreadId, CUSTOMER, MONDAY, testIds } from '../builders.ts';

export const DONE: Outcome = { status: 'done', thread: 'x', logSeq: 1 };

let commands = 0;
/** A command id that no other test has. */
export function commandId(): string {
  commands += 1;
  return `cmd_acme_${aThreadId()}_${commands}`;
}

export function aHead(changes: Partial<Thread> & { id: string }): Thread {
  const { id, customer, ...rest } = changes;
  return {
    ...blankThread(id, MONDAY),
    seq: 1,
    customer: { ...blankThread(id, 0).customer, id: 'c1', ...customer },
    ...rest,
  };
}

export function aCommit(thread: Thread, changes: Partial<Commit> = {}): Commit {
  const logItem: LogItem = { schema: LOG_SCHEMA, lastSeq: thread.seq, decisions: [] };
  const outcomes = [{ command: commandId(), outcome: { ...DONE, thread: thread.id, logSeq: thread.seq } }];
  return { threadId: thread.id, expectedSeq: thread.seq - 1, change: { thread, logItem }, outcomes, ...changes };
}

/** The first commit of a thread, by the command that it was made for. */
export function aFounding() {
  const entropy = Buffer.from(`founding ${commandId()}`.slice(-ENTROPY_BYTES));
  const id = testIds.thread('c1', MONDAY, entropy);
  const command = testIds.command(id, 'customer:c1', MONDAY, entropy);
  const draft = { command, policy: 'p', at: MONDAY, author: CUSTOMER, effects: [] };
  const logItem: LogItem = { schema: LOG_SCHEMA, lastSeq: 2, decisions: [{ ...draft, entries: [] }] };
  const outcome: Outcome = { status: 'done', thread: id, messageId: messageIdOf(command), logSeq: 2 };
  const thread = aHead({ id, seq: 2 });
  const commit: Commit = {
    threadId: id,
    expectedSeq: 0,
    change: { thread, logItem },
    outcomes: [{ command, outcome }],
  };
  return { id, command, commit };
}
