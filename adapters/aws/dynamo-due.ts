/** What is due, shard after shard: a sweep never lists businesses. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvalidCursor } from '../../core/failures.ts';
import type { DueThread, Page, PageRequest } from '../../core/thread/commit.ts';
import { calling } from './calling.ts';
import type { Items } from './items.ts';
import { DUE_SHARDS, digits, dueIdOfPk, dueSkOf, parseDueKey } from './keys.ts';

/** Where a page ended: within a shard, or at the beginning of one. */
interface Position {
  shard: number;
  last?: { dueAt: string; pk: string };
}

export async function dueThreads(
  until: number,
  { limit, after }: PageRequest,
  { client, table }: Items,
): Promise<Page<DueThread>> {
  const { shard, last } = after === null ? { shard: 0 } : positionOf(after);
  const command = new QueryCommand({
    TableName: table,
    IndexName: 'due',
    KeyConditionExpression: 'due = :shard AND dueAt < :until',
    // One more than the instant: its keys go on with a generation.
    ExpressionAttributeValues: { ':shard': { S: String(shard) }, ':until': { S: digits(until + 1) } },
    Limit: limit,
    ...(last === undefined ? {} : { ExclusiveStartKey: startKey(shard, last) }),
  });
  const { Items = [], LastEvaluatedKey } = await calling(() => client.send(command));
  const items = Items.map(({ pk, dueAt }) => ({ thread: dueIdOfPk(pk?.S ?? ''), ...parseDueKey(dueAt?.S ?? '') }));
  return { items, next: nextOf(shard, LastEvaluatedKey) };
}

function nextOf(shard: number, lastKey: Record<string, AttributeValue> | undefined): string | null {
  if (lastKey !== undefined) {
    const last = { dueAt: lastKey['dueAt']?.S ?? '', pk: lastKey['pk']?.S ?? '' };
    return JSON.stringify({ shard, last } satisfies Position);
  }
  return shard + 1 < DUE_SHARDS ? JSON.stringify({ shard: shard + 1 } satisfies Position) : null;
}

function startKey(shard: number, { dueAt, pk }: { dueAt: string; pk: string }): Record<string, AttributeValue> {
  return { due: { S: String(shard) }, dueAt: { S: dueAt }, pk: { S: pk }, sk: { S: dueSkOf(pk) } };
}

/** @throws {InvalidCursor} */
function positionOf(after: string): Position {
  try {
    const position = JSON.parse(after) as Position;
    if (Number.isInteger(position.shard)) return position;
  } catch {}
  throw new InvalidCursor('The cursor is not one of what is due.');
}
