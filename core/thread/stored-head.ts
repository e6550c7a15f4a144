/**
 * How a head is stored: only what differs from a thread to which nothing has happened, with the version of its shape.
 * What is not stored is not paid for, and a head of another version is made anew from the log.
 */
import type { Entry } from './entry.ts';
import { fold } from './evolve.ts';
import { blankThread, type Thread } from './thread.ts';

/** The shape of heads, and what `evolve` makes of a log: raised when either changes. */
const HEAD_SCHEMA = 6;

type Stored = Partial<Thread> & { schema: number; createdAt: number };

export function encodeHead(thread: Thread): string {
  const blank = blankThread(thread.id, thread.createdAt);
  const stored: Record<string, unknown> = { schema: HEAD_SCHEMA, createdAt: thread.createdAt };
  for (const [field, value] of Object.entries(thread)) {
    const usual = blank[field as keyof Thread];
    const isUsual = value === usual || (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(usual));
    if (!isUsual) stored[field] = value;
  }
  return JSON.stringify(stored);
}

/** Whether a stored head is of this version: one of another is made anew when it is read. */
export function isOfThisVersion(text: string): boolean {
  return (JSON.parse(text) as Stored).schema === HEAD_SCHEMA;
}

/** @param entries the thread's whole log, read where the head is of another version */
export async function decodeHead(threadId: string, text: string, entries: () => Promise<Entry[]>): Promise<Thread> {
  const { schema, ...stored } = JSON.parse(text) as Stored;
  if (schema === HEAD_SCHEMA) return { ...blankThread(threadId, stored.createdAt), ...stored };
  const thread = fold(threadId, await entries());
  if (thread === undefined) throw new LostLog(`The thread ${threadId} has a head and no log.`);
  return thread;
}

/** A head stands for a log that is not there. */
class LostLog extends Error {
  override readonly name = 'LostLog';
}
