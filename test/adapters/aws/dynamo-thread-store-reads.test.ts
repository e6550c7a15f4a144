import { type AttributeValue, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoThreadStore } from '../../../adapters/aws/dynamo-thread-store.ts';
import * as keys from '../../../adapters/aws/keys.ts';
import { encodeLogItem } from '../../../adapters/aws/log-codec.ts';
import { storedText } from '../../../adapters/aws/stored-text.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { type Entry, LOG_SCHEMA, storeDecision } from '../../../core/thread/entry.ts';
import { encodeHead } from '../../../core/thread/stored-head.ts';
import { ANA, aStory, MONDAY } from '../../builders.ts';
import { aHead, DONE } from '../../contracts/commits.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

type Item = Record<string, AttributeValue>;

const dynamo = mockClient(DynamoDBClient);
const store = new DynamoThreadStore(new DynamoDBClient(NOWHERE), 'Table');
const story = aStory();

/** The item that holds these entries of the story. */
function aLogRow(lastSeq: number, entries: Entry[] = []): Item {
  const { pk, sk } = keys.logKey(story.id, lastSeq);
  const decisions = entries.map((entry) =>
    storeDecision({
      ...{ command: entry.cause.command, policy: 'p', at: MONDAY, author: ANA },
      ...{ entries: [entry], effects: [] },
    }),
  );
  const text = encodeLogItem(story.id, { schema: LOG_SCHEMA, lastSeq, decisions });
  return { pk: { S: pk }, sk: { S: sk }, ...storedText(text) };
}

/** Answers queries of the log as DynamoDB does, with so many items a page at most, however many were asked for. */
function answerLog(all: Item[], pageMax: number): void {
  dynamo.on(QueryCommand).callsFake(async ({ ExpressionAttributeValues: values, ExclusiveStartKey: start, Limit }) => {
    const rows = all.filter(({ sk }) => {
      const key = sk?.S ?? '';
      return key >= values[':from'].S && key <= values[':to'].S && (start === undefined || key > start.sk.S);
    });
    const Items = rows.slice(0, Math.min(Limit, pageMax));
    const last = Items.at(-1);
    const more = Items.length < rows.length ? { LastEvaluatedKey: { pk: last?.['pk'], sk: last?.['sk'] } } : {};
    return { Items, ...more };
  });
}

function limits(): unknown[] {
  return dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input.Limit);
}

describe('reading threads from DynamoDB', () => {
  beforeEach(() => dynamo.reset());

  it('sees every commit that answered before', async () => {
    dynamo.onAnyCommand().resolves({});
    await store.load(story.id);
    await store.outcome(story.id, 'cmd_1');
    await store.logItem(story.id, 7);
    await store.log(story.id, 0, 10);
    const inputs = dynamo.calls().map(({ args: [{ input }] }) => input);
    // A log item never changes: only where a read that may lag misses it, it is asked for again.
    expect(inputs.map((input) => 'ConsistentRead' in input && input.ConsistentRead)).toEqual([
      ...[true, true, false, true, true],
    ]);
  });

  it('has nothing of what is not there', async () => {
    dynamo.onAnyCommand().resolves({});
    expect(await store.load(story.id)).toBeUndefined();
    expect(await store.outcome(story.id, 'cmd_1')).toBeUndefined();
    expect(await store.logItem(story.id, 7)).toBeUndefined();
    expect(await store.log(story.id, 0, 10)).toEqual([]);
  });

  it('unpacks what was packed', async () => {
    const thread = aHead({ id: story.id, tags: Array.from({ length: 500 }, (_, index) => `tag ${index}`) });
    const stored = storedText(encodeHead(thread));
    expect(stored).toHaveProperty('packed');
    dynamo.on(GetItemCommand).resolves({ Item: stored });
    expect(await store.load(story.id)).toEqual(thread);
    dynamo.on(GetItemCommand).resolves({ Item: storedText(JSON.stringify(DONE)) });
    expect(await store.outcome(story.id, 'cmd_1')).toEqual(DONE);
  });

  it('reads a long log on over its pages, and never more of it than was asked for', async () => {
    answerLog(
      [1, 2, 3, 4, 5, 6, 7].map((seq) => aLogRow(seq)),
      2,
    );
    const seqs = async (after: number, limit: number) =>
      (await store.log(story.id, after, limit)).map(({ lastSeq }) => lastSeq);
    expect(await seqs(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(limits()).toEqual([5, 3, 1]);
    expect(await seqs(2, 100)).toEqual([3, 4, 5, 6, 7]);
    expect(await seqs(7, 100)).toEqual([]);
  });

  it('asks for no more than a thousand items at once', async () => {
    answerLog([aLogRow(1)], 1_000);
    await store.log(story.id, 0, Number.MAX_SAFE_INTEGER);
    expect(limits()).toEqual([1_000]);
  });

  it('goes on where a page of the log is empty and yet not the last', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [], LastEvaluatedKey: { pk: { S: 'a' }, sk: { S: 'LOG#1' } } })
      .resolves({ Items: [aLogRow(2)] });
    expect(await store.log(story.id, 0, 10)).toHaveLength(1);
  });

  it('makes a head of another version anew from the whole log', async () => {
    const older = encodeHead(story.head).replace('"schema":1', '"schema":0');
    dynamo.on(GetItemCommand).resolves({ Item: storedText(older) });
    answerLog(
      story.entries.map((entry) => aLogRow(entry.seq, [entry])),
      1,
    );
    expect(await store.load(story.id)).toEqual(story.head);
  });

  it('says that it may be asked again where DynamoDB is throttling', async () => {
    dynamo.onAnyCommand().rejects(anAwsFailure('ProvisionedThroughputExceededException', { status: 400 }));
    await expect(store.load(story.id)).rejects.toThrow(TransientFailure);
    await expect(store.log(story.id, 0, 10)).rejects.toThrow(TransientFailure);
  });
});
