import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { dueThreads } from '../../../adapters/aws/dynamo-due.ts';
import { Items } from '../../../adapters/aws/items.ts';
import * as keys from '../../../adapters/aws/keys.ts';
import { InvalidCursor, TransientFailure } from '../../../core/failures.ts';
import type { DueThread } from '../../../core/thread/commit.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { aHead } from '../../contracts/commits.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const source = new Items(new DynamoDBClient(NOWHERE), 'Table');

function aTimer(dueAt: number, generation = 1): DueThread {
  return { thread: aThreadId(), dueAt, generation };
}

/** Answers queries of the index as DynamoDB does, with so many entries a page at most, however many were asked for. */
function answerIndex(timers: DueThread[], pageMax = 1_000): void {
  const entries = timers.map(({ thread, dueAt, generation }) => {
    const { due = '', dueAt: sort = '' } = keys.indexKeysOf(aHead({ id: thread, closeAt: dueAt, generation }));
    return { due, dueAt: sort, pk: keys.threadPk(thread) };
  });
  dynamo.on(QueryCommand).callsFake(async ({ ExpressionAttributeValues: values, ExclusiveStartKey: start, Limit }) => {
    const rows = entries
      .filter(({ due, dueAt }) => due === values[':shard'].S && dueAt < values[':until'].S)
      .sort((a, b) => (a.dueAt + a.pk < b.dueAt + b.pk ? -1 : 1))
      .filter(({ dueAt, pk }) => start === undefined || dueAt + pk > start.dueAt.S + start.pk.S);
    const page = rows.slice(0, Math.min(Limit, pageMax)).map(({ due, dueAt, pk }) => {
      return { due: { S: due }, dueAt: { S: dueAt }, pk: { S: pk }, sk: { S: 'HEAD' } };
    });
    return { Items: page, ...(page.length < rows.length ? { LastEvaluatedKey: page.at(-1) } : {}) };
  });
}

/** All that is due, page after page. */
async function everyPage(until: number, limit: number): Promise<DueThread[][]> {
  const pages: DueThread[][] = [];
  for (let after: string | null = null, more = true; more; more = after !== null) {
    const page = await dueThreads(until, { limit, after }, source);
    pages.push(page.items);
    after = page.next;
  }
  return pages;
}

const sorted = (timers: DueThread[]) => [...timers].sort((a, b) => (a.thread < b.thread ? -1 : 1));

describe('what is due in DynamoDB', () => {
  beforeEach(() => dynamo.reset());

  it('is found by the index alone, in every shard', async () => {
    dynamo.on(QueryCommand).resolves({});
    await everyPage(MONDAY, 500);
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(inputs).toHaveLength(keys.DUE_SHARDS);
    expect(inputs[0]).toEqual({
      TableName: 'Table',
      IndexName: 'due',
      KeyConditionExpression: 'due = :shard AND dueAt < :until',
      ExpressionAttributeValues: { ':shard': { S: '0' }, ':until': { S: keys.digits(MONDAY + 1) } },
      Limit: 500,
    });
  });

  it.each([
    [1, 1_000],
    [3, 1_000],
    [50, 2],
    [500, 1_000],
  ])('is left out nowhere, %i at once, of pages of %i', async (limit, pageMax) => {
    const due = Array.from({ length: 40 }, (_, index) => aTimer(MONDAY - (index % 7) * 1_000, index));
    answerIndex([...due, aTimer(MONDAY + 1), aTimer(MONDAY + 60_000)], pageMax);
    const pages = await everyPage(MONDAY, limit);
    expect(sorted(pages.flat())).toEqual(sorted(due));
    for (const page of pages) {
      expect(page.length).toBeLessThanOrEqual(limit);
      expect(page.map(({ dueAt }) => dueAt)).toEqual(page.map(({ dueAt }) => dueAt).sort((a, b) => a - b));
    }
  });

  it('is found also behind a page that is empty and yet not the last of its shard', async () => {
    const [timer] = [aTimer(MONDAY)];
    const { due = '', dueAt = '' } = keys.indexKeysOf(aHead({ id: timer.thread, closeAt: MONDAY, generation: 1 }));
    const entry = { due: { S: due }, dueAt: { S: dueAt }, pk: { S: keys.threadPk(timer.thread) }, sk: { S: 'HEAD' } };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [], LastEvaluatedKey: entry })
      .resolvesOnce({ Items: [entry] })
      .resolves({});
    expect((await everyPage(MONDAY, 10)).flat()).toEqual([timer]);
  });

  it.each(['', 'x', '5', 'null', '[]', '{"shard":"0"}'])('is no list of the cursor %j', async (after) => {
    await expect(dueThreads(MONDAY, { limit: 1, after }, source)).rejects.toThrow(InvalidCursor);
  });

  it('can be asked for again where DynamoDB is throttling', async () => {
    dynamo.on(QueryCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(dueThreads(MONDAY, { limit: 1, after: null }, source)).rejects.toThrow(TransientFailure);
  });
});
