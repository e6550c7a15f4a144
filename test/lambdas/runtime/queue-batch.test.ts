import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TransientFailure } from '../../../core/failures.ts';
import { runLane } from '../../../core/lane/run-lane.ts';
import { laneMessageOf } from '../../../lambdas/runtime/lane-message.ts';
import { eachMessage, fifoBatch, type Handled } from '../../../lambdas/runtime/queue-batch.ts';
import { aCommand, aCustomerMessage, aStart, aThreadId } from '../../builders.ts';
import { AwsEndpoint } from '../../support/aws-endpoint.ts';
import { NOWHERE } from '../../support/aws-sdk.ts';
import { aLaneRecord, anSqsEvent, aRecord } from '../../support/lambda-events.ts';
import { messageOf, TestLane } from '../../support/lane.ts';
import { printedLines } from '../../support/printed.ts';

let aws: AwsEndpoint;
let printed: () => string[];
beforeEach(async () => {
  aws = await AwsEndpoint.open();
  aws.on('ChangeMessageVisibilityBatch', { Successful: [], Failed: [] });
  printed = printedLines();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await aws.close();
});

function aQueue() {
  return { client: new SQSClient({ ...NOWHERE, endpoint: aws.url, maxAttempts: 1 }), url: `${aws.url}/queue` };
}

/** Which messages stay in the queue, and for how many seconds each is hidden. */
async function left(
  handler: (event: SQSEvent) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>,
  event: SQSEvent,
) {
  const { batchItemFailures } = await handler(event);
  const changes = aws.inputs('ChangeMessageVisibilityBatch').flatMap(({ Entries }) => Entries);
  return {
    ids: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    hidden: new Map(changes.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout])),
  };
}

/** Routing as its function runs it, on an embedded store. */
function routing(lane: TestLane) {
  return fifoBatch(aQueue(), (group, records) => runLane(group, records.map(laneMessageOf), lane.deps));
}

describe('a batch of lanes', () => {
  it('is forgotten once every command is decided, each group’s in order', async () => {
    const lane = new TestLane();
    const starts = [aThreadId(), aThreadId()].map((thread) => aCommand(thread, aStart()));
    const messages = starts.map(({ thread }) => aCommand(thread, aCustomerMessage()));
    const records = [...starts, ...messages].map((command) => aLaneRecord(messageOf(command)));
    expect(await left(routing(lane), anSqsEvent(...records))).toEqual({ ids: [], hidden: new Map() });
    for (const { thread } of starts) {
      const entries = (await lane.entries(thread)).filter(({ type }) => type === 'message');
      expect(entries).toHaveLength(2);
    }
  });

  it('keeps a group that fails, all of it, and no other’s', async () => {
    const lane = new TestLane();
    const [failing, other] = [aThreadId(), aThreadId()];
    const { threads } = lane.deps;
    const load = threads.load.bind(threads);
    threads.load = async (id) => (id === failing ? Promise.reject(new TransientFailure('slow')) : load(id));
    const [first, second] = [aCommand(failing, aStart()), aCommand(failing, aCustomerMessage())];
    const fine = aCommand(other, aStart());
    const [a, b, c] = [first, fine, second].map((command) => aLaneRecord(messageOf(command)));
    if (a === undefined || b === undefined || c === undefined) return expect.unreachable();
    const { ids, hidden } = await left(routing(lane), anSqsEvent(a, b, c));
    expect(ids).toEqual([a.messageId, c.messageId]);
    expect([...hidden.keys()]).toEqual([a.receiptHandle, c.receiptHandle]);
    expect(await lane.deps.threads.load(other)).toBeDefined();
  });

  it('sets aside what is no JSON at all, in the thread whose lane it is', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    const record = aRecord('{"half": ', { group: thread, id: 'cmd_1' });
    expect((await left(routing(lane), anSqsEvent(record))).ids).toEqual([]);
    expect(await lane.entries(thread)).toMatchObject([{ type: 'set-aside', payload: '{"half": ' }]);
  });
});

describe('a batch of a FIFO queue', () => {
  const group = 'g';
  const three = () => [aRecord('1', { group }), aRecord('2', { group }), aRecord('3', { group })] as const;
  const answering = (handled: Handled) => fifoBatch(aQueue(), async () => handled);

  it('keeps what failed and what follows it in its group, and not what is done', async () => {
    const [a, b, c] = three();
    const { ids, hidden } = await left(answering({ done: 1, failure: new TransientFailure() }), anSqsEvent(a, b, c));
    expect(ids).toEqual([b.messageId, c.messageId]);
    expect(hidden).toEqual(new Map([b, c].map(({ receiptHandle }) => [receiptHandle, 1])));
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [1_000, 60],
  ])('hides what failed for longer each time: at receive %i for %i s', async (receives, seconds) => {
    const record = aRecord('1', { group, receives });
    const { hidden } = await left(answering({ done: 0, failure: new Error() }), anSqsEvent(record));
    expect(hidden).toEqual(new Map([[record.receiptHandle, seconds]]));
  });

  it.each([
    [0, 0],
    [1, 1],
    [2_001, 3],
    [1_800_000, 1_800],
    // Twelve hours are the most, from when it was received.
    [48 * 3_600_000, 11 * 3_600],
  ])('hides what is to come again in %i ms for %i s', async (retryInMs, seconds) => {
    const record = aRecord('1', { group, receives: 9 });
    const { ids, hidden } = await left(answering({ done: 0, retryInMs }), anSqsEvent(record));
    expect(ids).toEqual([record.messageId]);
    expect(hidden).toEqual(new Map([[record.receiptHandle, seconds]]));
    expect(printed(), 'waiting is no error').toEqual([]);
  });

  it.each([
    ['answers with an error', { failure: 'InvalidParameterValue' }],
    ['does not answer', 'hang-up' as const],
    ['takes a part', { Successful: [], Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }] }],
  ])('keeps what failed also where its hiding %s: it comes again later', async (_, answer) => {
    aws.on('ChangeMessageVisibilityBatch', answer);
    const [a, b, c] = three();
    const { ids } = await left(answering({ done: 2, failure: new Error() }), anSqsEvent(a, b, c));
    expect(ids).toEqual([c.messageId]);
  });

  it('keeps the whole group where its handler itself breaks', async () => {
    const broken = fifoBatch(aQueue(), async () => Promise.reject(new TypeError('what somebody wrote')));
    const [a, b, c] = three();
    expect((await left(broken, anSqsEvent(a, b, c))).ids).toEqual([a, b, c].map(({ messageId }) => messageId));
    expect(printed()).toHaveLength(1);
    expect(JSON.parse(printed()[0] ?? '')).toMatchObject({
      ...{ level: 'ERROR', event: 'batch.left', message: a.messageId, left: 3, reason: 'TypeError' },
    });
    expect(printed().join()).not.toContain('somebody');
  });

  it('handles groups side by side', async () => {
    let arrived = 0;
    const both = Promise.withResolvers<void>();
    const meeting = fifoBatch(aQueue(), async (_, records) => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      return { done: records.length };
    });
    expect((await left(meeting, anSqsEvent(aRecord('1', { group: 'a' }), aRecord('2', { group: 'b' })))).ids).toEqual(
      [],
    );
  });

  it('asks nothing of SQS where nothing is left', async () => {
    await left(answering({ done: 3 }), anSqsEvent(...three()));
    await left(answering({ done: 0 }), anSqsEvent());
    expect(aws.operations).toEqual([]);
  });
});

describe('a batch of a standard queue', () => {
  it('keeps each message that fails, and no other', async () => {
    const handled: unknown[] = [];
    const handler = eachMessage(aQueue(), async (body) => {
      if (body === 'bad') throw new TransientFailure('slow');
      handled.push(body);
    });
    const [fine, bad, last] = [aRecord({ a: 1 }), aRecord('bad', { receives: 3 }), aRecord('no JSON')];
    const { ids, hidden } = await left(handler, anSqsEvent(fine, bad, last));
    expect(ids).toEqual([bad.messageId]);
    expect(hidden).toEqual(new Map([[bad.receiptHandle, 4]]));
    expect(handled).toEqual([{ a: 1 }, 'no JSON']);
  });
});

describe('a lane’s message', () => {
  it('is what its record says: the group is the lane, what duplicates are told by is its id', () => {
    const message = { lane: aThreadId(), id: 'cmd_1', body: { text: 'Ä' } };
    expect(laneMessageOf(aLaneRecord(message))).toEqual(message);
  });

  it('has the id of its record where it has none of its own', () => {
    const record = aRecord('x', { group: 'lane' });
    expect(laneMessageOf(record)).toEqual({ lane: 'lane', id: record.messageId, body: 'x' });
  });
});
