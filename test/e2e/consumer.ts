/** The other end of a queue, as Lambda's event-source mapping is: receives, hands on, and deletes what was done. */
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { sqsClient } from '../../adapters/aws/clients.ts';

const sqs = sqsClient();
const BATCH_MAX = 10;
const IDLE_MS = 20;

/** Takes what is on a queue now, in batches as they come. */
export async function taken(QueueUrl: string): Promise<SQSRecord[]> {
  const records: SQSRecord[] = [];
  for (;;) {
    const batch = await received(QueueUrl);
    if (batch.length === 0) return records;
    for (const record of batch) await forget(QueueUrl, record);
    records.push(...batch);
  }
}

export class Consumer {
  readonly #queueUrl: string;
  readonly #handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
  readonly #pollers: Promise<void>[];
  #isStopped = false;

  /** @param pollers side by side, so that batches of one group could overlap if the queue let them */
  constructor(queueUrl: string, handler: (event: SQSEvent) => Promise<SQSBatchResponse>, pollers = 3) {
    this.#queueUrl = queueUrl;
    this.#handler = handler;
    this.#pollers = Array.from({ length: pollers }, () => this.#poll());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    while (!this.#isStopped) {
      const Records = await received(this.#queueUrl);
      if (Records.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
        continue;
      }
      const { batchItemFailures } = await this.#handler({ Records });
      const left = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const record of Records) if (!left.has(record.messageId)) await forget(this.#queueUrl, record);
    }
  }
}

async function received(QueueUrl: string): Promise<SQSRecord[]> {
  const asked = { QueueUrl, MaxNumberOfMessages: BATCH_MAX, MessageSystemAttributeNames: ['All' as const] };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
  return Messages.map(recordOf);
}

async function forget(QueueUrl: string, { receiptHandle }: SQSRecord): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
}

function recordOf({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }: Message): SQSRecord {
  return {
    ...{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, messageAttributes: {}, md5OfBody: '' },
    attributes: Attributes as unknown as SQSRecord['attributes'],
    ...{ eventSource: 'aws:sqs', eventSourceARN: '', awsRegion: '' },
  };
}
