/**
 * How AWS counts: sizes into units. Sources: DynamoDB developer guide, "Read and write operations" and "Item sizes and
 * formats"; SQS pricing, "every 64 KB chunk of a payload is billed as 1 request"; EventBridge pricing, likewise.
 */
import { INDEXES } from '../../lib/constructs/thread-table.ts';

/** An attribute value, as DynamoDB's JSON has it. */
interface Value {
  S?: string;
  N?: string;
  B?: string;
}
export type Item = Record<string, Value>;

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
const CHUNK_BYTES = 65_536;
/** A transaction writes each item twice: to prepare, and to commit. */
const TRANSACTIONAL = 2;

export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes({ S, N, B }: Value): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return Buffer.from(B, 'base64').length;
  return Math.ceil((N ?? '').replace(/[-.]/g, '').length / 2) + 1;
}

/** @param before the item that is replaced: the larger of both is paid for */
export function writeUnits(before: Item | undefined, after: Item, isTransactional = false): number {
  const bytes = Math.max(before === undefined ? 0 : itemBytes(before), itemBytes(after));
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * (isTransactional ? TRANSACTIONAL : 1);
}

/** @param bytes of what one request reads together; eventually consistent, a read is half the price */
export function readUnits(bytes: number, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);
}

/** An entry is written where one appears, goes, or both where its key changes; what stays costs nothing. */
export function indexWriteUnits(before: Item | undefined, after: Item): number {
  return Object.values(INDEXES).reduce((sum, keys) => {
    const [was, is] = [entryOf(before, keys), entryOf(after, keys)];
    if (was === is) return sum;
    return sum + (was === undefined || is === undefined ? 1 : 2);
  }, 0);
}

function entryOf(item: Item | undefined, keys: readonly [string, string]): string | undefined {
  const [partition, sort] = keys.map((key) => item?.[key]?.S);
  return partition === undefined || sort === undefined ? undefined : `${partition} ${sort}`;
}

export function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
