import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqsWaitQueue } from '../../../adapters/aws/sqs-wait-queue.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { Wait } from '../../../core/ports.ts';
import { aThreadId, MINUTE, MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const sqs = mockClient(SQSClient);
let now = MONDAY;
let waits: SqsWaitQueue;

/** The queue as another instance sees it, which remembers nothing. */
function anInstance(): SqsWaitQueue {
  return new SqsWaitQueue(new SQSClient(NOWHERE), 'https://waits', { now: () => now });
}

/** A timer that is due so many ms after now. */
function aWait(delayMs: number, timer: Partial<Wait['timer']> = {}): Wait {
  return { timer: { thread: aThreadId(), dueAt: now + delayMs, generation: 1, ...timer }, delayMs };
}

/** The entries of each request. */
function batches() {
  return sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => input.Entries ?? []);
}

describe('timers on a wait queue', () => {
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).resolves({});
    now = MONDAY;
    waits = anInstance();
  });

  it('go onto it with nothing but the timer, and the delay', async () => {
    const wait = aWait(30_000);
    await waits.put([wait]);
    const [call] = sqs.commandCalls(SendMessageBatchCommand);
    expect(call?.args[0].input).toEqual({
      QueueUrl: 'https://waits',
      Entries: [{ Id: '0', MessageBody: JSON.stringify(wait.timer), DelaySeconds: 30 }],
    });
  });

  it.each([
    [0, 0],
    [1, 1],
    [999, 1],
    [1_001, 2],
    [900_000, 900],
    // One that should not be there must not keep the others of its batch from coming.
    [900_001, 900],
    [8_640_000_000_000, 900],
  ])('wait %i ms for %i whole seconds: never less, and never more than SQS can', async (delayMs, seconds) => {
    await waits.put([aWait(delayMs)]);
    expect(batches()[0]?.[0]?.DelaySeconds).toBe(seconds);
  });

  it('go ten to a request, all of them', async () => {
    const many = Array.from({ length: 125 }, () => aWait(1_000));
    await waits.put(many);
    expect(batches().map((entries) => entries.length)).toEqual([...Array(12).fill(10), 5]);
    const bodies = batches().flatMap((entries) => entries.map(({ MessageBody }) => MessageBody));
    expect(bodies.sort()).toEqual(many.map(({ timer }) => JSON.stringify(timer)).sort());
    expect(batches().every((entries) => new Set(entries.map(({ Id }) => Id)).size === entries.length)).toBe(true);
  });

  it('ask nothing of SQS where there are none', async () => {
    await waits.put([]);
    expect(batches()).toEqual([]);
  });

  it('are put once, however often the sweep hands them on while they wait', async () => {
    const wait = aWait(3 * MINUTE);
    await waits.put([wait]);
    now += MINUTE;
    await waits.put([{ ...wait, delayMs: 2 * MINUTE }]);
    expect(batches()).toHaveLength(1);
  });

  it('are put again where they come earlier than the one under way, or under another generation', async () => {
    const wait = aWait(3 * MINUTE);
    const { timer } = wait;
    await waits.put([wait]);
    await waits.put([{ timer, delayMs: MINUTE }]);
    await waits.put([{ timer: { ...timer, generation: 2 }, delayMs: 3 * MINUTE }]);
    expect(batches()).toHaveLength(3);
  });

  it('are put again once they should have come back: they may have been lost', async () => {
    const { timer } = aWait(MINUTE);
    await waits.put([{ timer, delayMs: MINUTE }]);
    now += MINUTE;
    await waits.put([{ timer, delayMs: 0 }]);
    await waits.put([{ timer, delayMs: 0 }]);
    expect(batches()).toHaveLength(3);
  });

  it('are put again by another instance: it knows nothing of this one', async () => {
    const wait = aWait(MINUTE);
    await waits.put([wait]);
    await anInstance().put([wait]);
    expect(batches()).toHaveLength(2);
  });

  it.each([
    ['the request failed', async () => Promise.reject(anAwsFailure('TimeoutError'))],
    [
      'SQS took a part of them',
      async () => ({ Successful: [], Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] }),
    ],
  ])('are put again, all of them, where %s', async (_, answer) => {
    const both = [aWait(MINUTE), aWait(MINUTE)];
    sqs.on(SendMessageBatchCommand).callsFakeOnce(answer).resolves({});
    await expect(waits.put(both)).rejects.toThrow(TransientFailure);
    await waits.put(both);
    expect(batches().map((entries) => entries.length)).toEqual([2, 2]);
  });
});
