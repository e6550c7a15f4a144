/** A log item as the table holds it: without what its key says, commands without what they share with their thread. */
import type { LogItem } from '../../core/thread/entry.ts';
import { shortCommandId, wholeCommandId } from './keys.ts';

export function encodeLogItem(threadId: string, { schema, decisions }: LogItem): string {
  const short = decisions.map((one) => ({ ...one, command: shortCommandId(threadId, one.command) }));
  return JSON.stringify({ schema, decisions: short });
}

export function decodeLogItem(threadId: string, lastSeq: number, text: string): LogItem {
  const { schema, decisions } = JSON.parse(text) as Omit<LogItem, 'lastSeq'>;
  const whole = decisions.map((one) => ({ ...one, command: wholeCommandId(threadId, one.command) }));
  return { schema, lastSeq, decisions: whole };
}
