/** Whether what is stored of a thread agrees with itself: its log is the truth, all else is made from it. */
import { entriesOf, type LogItem } from '../thread/entry.ts';
import { fold } from '../thread/evolve.ts';
import { isOfThisVersion } from '../thread/stored-head.ts';
import type { Thread } from '../thread/thread.ts';

/** What a head is stored under beside itself: what commits compare, and what lists find it by. */
export type Bearings = Record<string, string | number | null>;

/** All that is stored of a thread, as of one moment. */
export interface StoredThread {
  id: string;
  log: LogItem[];
  /** The head in the shape it is stored in; undefined where there is none. */
  head: string | undefined;
  bearings: Bearings;
}

/** A store as an auditor reads it: past the lists, which are part of what is looked over. */
export interface Audit {
  /** Every thread of which there is a head or a log item. */
  threadIds(): AsyncIterable<string>;
  /** Undefined where the thread keeps moving: it is being worked on, and can be looked over later. */
  stored(threadId: string): Promise<StoredThread | undefined>;
  /** How the store would keep this thread. */
  expected(thread: Thread): Pick<StoredThread, 'head' | 'bearings'>;
  /** Stores this head in the place of what was found. False: the thread has moved on meanwhile. */
  repair(thread: Thread, found: StoredThread): Promise<boolean>;
}

interface Finding {
  thread: string;
  problem: string;
  /** The thread as its log tells it, where only what is made from the log is wrong. */
  repaired?: Thread;
}

/** Looks a thread over. */
function findingsOf(stored: StoredThread, expected: Audit['expected']): Finding[] {
  const { id, log } = stored;
  try {
    const broken = brokenIn(log);
    if (broken !== undefined) return [{ thread: id, problem: broken }];
    const thread = fold(id, log.flatMap(entriesOf));
    if (thread === undefined) return [{ thread: id, problem: 'has a head, and no log' }];
    return differences(stored, expected(thread)).map((problem) => ({ thread: id, problem, repaired: thread }));
  } catch (failure) {
    return [{ thread: id, problem: `cannot be read: ${failure instanceof Error ? failure.name : typeof failure}` }];
  }
}

/** What is wrong with the log itself, which nothing can mend. */
function brokenIn(log: LogItem[]): string | undefined {
  let seq = 0;
  const commands = new Set<string>();
  for (const item of log) {
    for (const entry of entriesOf(item)) {
      if (entry.seq !== seq + 1) return `has a gap in its log after entry ${seq}`;
      seq = entry.seq;
    }
    if (item.lastSeq !== seq) return `has a log item numbered ${item.lastSeq} that ends with entry ${seq}`;
    for (const { command } of item.decisions) {
      if (commands.has(command)) return `has decided the command ${command} twice`;
      commands.add(command);
    }
  }
  return undefined;
}

function differences({ head, bearings }: StoredThread, expected: Pick<StoredThread, 'head' | 'bearings'>): string[] {
  if (head === undefined) return ['has a log, and no head'];
  const names = [...new Set([...Object.keys(bearings), ...Object.keys(expected.bearings)])].sort();
  const wrong = names.filter((name) => (bearings[name] ?? null) !== (expected.bearings[name] ?? null));
  return [
    ...(head === expected.head || !isOfThisVersion(head) ? [] : ['has a head that is not what its log makes']),
    ...(wrong.length === 0 ? [] : [`is found by what it is not: ${wrong.join(', ')}`]),
  ];
}

export interface AuditReport {
  threads: number;
  findings: Finding[];
  repaired: number;
  /** Threads that were being worked on. */
  passedOver: number;
}

/** Looks every thread over, and repairs what can be where that is wanted. */
export async function verify(audit: Audit, isRepairing: boolean): Promise<AuditReport> {
  const report: AuditReport = { threads: 0, findings: [], repaired: 0, passedOver: 0 };
  for await (const threadId of audit.threadIds()) {
    const stored = await audit.stored(threadId);
    if (stored === undefined) {
      report.passedOver += 1;
      continue;
    }
    report.threads += 1;
    const findings = findingsOf(stored, (thread) => audit.expected(thread));
    report.findings.push(...findings);
    const thread = findings.find(({ repaired }) => repaired !== undefined)?.repaired;
    if (isRepairing && thread !== undefined && (await audit.repair(thread, stored))) report.repaired += 1;
  }
  return report;
}
