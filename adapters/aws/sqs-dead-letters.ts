/** Dead letters of SQS queues, looked through with the owner's own credentials. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetters, QueueName, Verdict } from '../../core/upkeep/dead-letters.ts';

/** Where the letters of a queue lie, and where they came from. */
export interface QueueWithDeadLetters {
  queueUrl: string;
  deadLettersUrl: string;
}

/** For how long a letter that is looked at is hidden from others who look. */
const LOOK_SECONDS = 300;
const BATCH_MAX = 10;

export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queues: Record<QueueName, QueueWithDeadLetters>;

  constructor(client: SQSClient, queues: Record<QueueName, QueueWithDeadLetters>) {
    this.#client = client;
    this.#queues = queues;
  }

  async counts(): Promise<Record<QueueName, number>> {
    const counted = Object.entries(this.#queues).map(async ([name, { deadLettersUrl }]) => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const command = new GetQueueAttributesCommand({ QueueUrl: deadLettersUrl, AttributeNames });
      const { Attributes } = await this.#client.send(command);
      return [name, Number(Attributes?.ApproximateNumberOfMessages ?? 0)];
    });
    return Object.fromEntries(await Promise.all(counted));
  }

  /** What is left is hidden until all was shown: so of one lane, at most ten are shown before one of them goes. */
  async walk(queue: QueueName, judge: (letter: DeadLetter) => Promise<Verdict>): Promise<void> {
    const { queueUrl, deadLettersUrl } = this.#queues[queue];
    const hidden = new Set<Message>();
    try {
      for (;;) {
        const messages = await this.#receive(deadLettersUrl);
        if (messages.length === 0) return;
        for (const message of messages) hidden.add(message);
        for (const message of messages) {
          const verdict = await judge(letterOf(message));
          if (verdict === 'leave') continue;
          if (verdict === 'redrive') await this.#sendAgain(queueUrl, message);
          await this.#delete(deadLettersUrl, message);
          hidden.delete(message);
        }
      }
    } finally {
      for (const message of hidden) await this.#show(deadLettersUrl, message);
    }
  }

  async #receive(QueueUrl: string): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: BATCH_MAX,
      VisibilityTimeout: LOOK_SECONDS,
      WaitTimeSeconds: 2,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (await this.#client.send(command)).Messages ?? [];
  }

  /** Under a deduplication id of its own: by the old one, SQS might take it for what it has had already. */
  async #sendAgain(QueueUrl: string, { Body, MessageId, Attributes }: Message): Promise<void> {
    const group = Attributes?.MessageGroupId;
    const fifo =
      group === undefined
        ? {}
        : { MessageGroupId: group, MessageDeduplicationId: `${MessageId}~${Attributes?.ApproximateReceiveCount}` };
    await this.#client.send(new SendMessageCommand({ QueueUrl, MessageBody: Body, ...fifo }));
  }

  async #delete(QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }

  async #show(QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
}

/** The bus says why it could not bring an event; a queue only how often its worker was asked. */
function letterOf({ MessageId = '', Body = '', Attributes, MessageAttributes }: Message): DeadLetter {
  const told = MessageAttributes?.['ERROR_MESSAGE']?.StringValue ?? MessageAttributes?.['ERROR_CODE']?.StringValue;
  return {
    id: MessageId,
    lane: Attributes?.MessageGroupId ?? null,
    at: Number(Attributes?.SentTimestamp ?? 0),
    reason: told ?? 'its worker failed again and again: why is in its log, under this id',
    body: Body,
  };
}
