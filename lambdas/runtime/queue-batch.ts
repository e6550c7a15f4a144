/**
 * Batches of SQS messages. What failed is reported message by message, so that the queue forgets the rest, and is made
 * visible again after a pause of its own: by itself it would stay hidden for the queue's whole visibility timeout.
 */
import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from './log.ts';
import { withMetrics } from './metrics.ts';

/** What became of a group's records: how many from the first are done, and when the next may come again. */
export interface Handled {
  done: number;
  retryInMs?: number;
  failure?: unknown;
}

const RETRY_FIRST_SECONDS = 1;
const RETRY_SECONDS_MAX = 60;
/** A message can be hidden for twelve hours at most, from when it was received. */
const HIDDEN_SECONDS_MAX = 11 * 3_600;

interface Queue {
  client: SQSClient;
  url: string;
}

/** Handles a FIFO batch group by group, side by side: one that fails stops only itself. */
export function fifoBatch(queue: Queue, handle: (group: string, records: SQSRecord[]) => Promise<Handled>) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    withMetrics(async () => {
      const left = await Promise.all(
        [...groupsOf(event.Records)].map(async ([group, records]) => {
          const handled = await handle(group, records).catch((failure): Handled => ({ done: 0, failure }));
          return leave(queue, records.slice(handled.done), handled);
        }),
      );
      return { batchItemFailures: left.flat() };
    });
}

/** Handles a batch of a standard queue, each message for itself. */
export function eachMessage(queue: Queue, handle: (body: unknown) => Promise<void>) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    withMetrics(async () => {
      const left = await Promise.all(
        event.Records.map(async (record) => {
          try {
            await handle(bodyOf(record));
            return [];
          } catch (failure) {
            return leave(queue, [record], { done: 0, failure });
          }
        }),
      );
      return { batchItemFailures: left.flat() };
    });
}

/** The JSON of a message or, where it is none, its text. */
export function bodyOf({ body }: SQSRecord): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Leaves records to the queue, to come again after a pause. */
async function leave(queue: Queue, records: SQSRecord[], { retryInMs, failure }: Handled) {
  const [first] = records;
  if (first === undefined) return [];
  if (retryInMs === undefined) {
    const reason = failure instanceof Error ? failure.name : 'unknown';
    log('error', 'batch.left', { message: first.messageId, left: records.length, reason });
  }
  const receives = Number(first.attributes.ApproximateReceiveCount);
  const growing = Math.min(RETRY_FIRST_SECONDS * 2 ** (receives - 1), RETRY_SECONDS_MAX);
  const seconds = retryInMs === undefined ? growing : Math.min(Math.ceil(retryInMs / 1000), HIDDEN_SECONDS_MAX);
  const Entries = records.map(({ receiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: seconds,
  }));
  const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.url, Entries });
  // Where this fails they come again all the same, only later.
  await queue.client.send(command).catch(() => {});
  return records.map(({ messageId }) => ({ itemIdentifier: messageId }));
}

function groupsOf(records: SQSRecord[]): Map<string, SQSRecord[]> {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = record.attributes.MessageGroupId ?? '';
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  return groups;
}
