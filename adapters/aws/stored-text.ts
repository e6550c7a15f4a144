/**
 * JSON in the table: as it is, so that a person can read it there, unless packing it saves a unit of capacity. Packed
 * it is a raw deflate stream (RFC 1951) under another name.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A write is paid for by the begun kilobyte. */
const UNIT_BYTES = 1024;
/** What an item holds beside the text: its key, its numbers, what the indexes sort by. */
const BESIDE_BYTES = 300;

/** The attribute that holds `text`, under one of two names. */
export function storedText(text: string): { text: AttributeValue } | { packed: AttributeValue } {
  const plainUnits = unitsOf(Buffer.byteLength(text));
  if (plainUnits === 1) return { text: { S: text } };
  const packed = deflateRawSync(text);
  return unitsOf(packed.length) < plainUnits ? { packed: { B: packed } } : { text: { S: text } };
}

export function readStoredText(item: Record<string, AttributeValue>): string {
  const { text, packed } = item;
  if (packed?.B !== undefined) return inflateRawSync(packed.B).toString('utf8');
  return text?.S ?? '';
}

function unitsOf(bytes: number): number {
  return Math.ceil((bytes + BESIDE_BYTES) / UNIT_BYTES);
}
