/** Messages onto a FIFO queue, so that each group's order holds even where SQS takes a part of them. */
import { type BatchResultErrorEntry, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { TransientFailure } from '../../core/failures.ts';
import { calling, saysNotNow } from './calling.ts';

export interface FifoMessage {
  group: string;
  /** What the queue tells duplicates by, for five minutes. */
  id: string;
  /** JSON. */
  body: string;
}

/** SQS will not take a message, however often it is sent: a defect of ours. */
class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

const BATCH_MAX = 10;
/** A request holds a mebibyte; what the envelope of each message takes is left free. */
const BATCH_BYTES_MAX = 1_000_000;

/**
 * Sends in rounds: of each group one message a round, and a round only after the one before was taken whole. So what
 * was taken when this fails is, of each group, the beginning; and the same may be sent again.
 */
export async function sendFifo(client: SQSClient, queueUrl: string, messages: FifoMessage[]): Promise<void> {
  for (const round of roundsOf(messages.map(asTaken))) {
    for (const batch of batchesOf(round)) {
      const Entries = batch.map(({ group, id, body }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: id,
      }));
      const { Failed = [] } = await calling(() =>
        client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
      );
      throwIfAny(Failed);
    }
  }
}

/** For the entries of a batch that were not taken. @throws {TransientFailure} {MessageRefused} */
export function throwIfAny(failed: BatchResultErrorEntry[]): void {
  const [first] = failed;
  if (first === undefined) return;
  // Throttling is the sender's fault, too, by what SQS says.
  const refused = failed.find(({ SenderFault, Code = '' }) => SenderFault === true && !saysNotNow(Code));
  if (refused !== undefined) throw new MessageRefused(refused.Code);
  throw new TransientFailure(first.Code);
}

/** What JSON lets stand and SQS refuses (what XML 1.0 §2.2 has no place for) is escaped: it stays the same JSON. */
function asTaken({ body, ...message }: FifoMessage): FifoMessage {
  return { ...message, body: body.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff') };
}

function roundsOf(messages: FifoMessage[]): FifoMessage[][] {
  const rounds: FifoMessage[][] = [];
  const next = new Map<string, number>();
  for (const message of messages) {
    const round = next.get(message.group) ?? 0;
    next.set(message.group, round + 1);
    rounds[round] = [...(rounds[round] ?? []), message];
  }
  return rounds;
}

function batchesOf(messages: FifoMessage[]): FifoMessage[][] {
  const batches: FifoMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    const last = batches.at(-1);
    if (last !== undefined && last.length < BATCH_MAX && bytes + size <= BATCH_BYTES_MAX) {
      last.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
}
