/** Lanes as groups of one SQS FIFO queue: accepted is what SQS has taken. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { LaneMessage, Lanes } from '../../core/ports.ts';
import { sendFifo } from './sqs-sending.ts';

export class SqsLanes implements Lanes {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  send(messages: LaneMessage[]): Promise<void> {
    const fifo = messages.map(({ lane, id, body }) => ({ group: lane, id, body: JSON.stringify(body) }));
    return sendFifo(this.#client, this.#queueUrl, fifo);
  }
}
