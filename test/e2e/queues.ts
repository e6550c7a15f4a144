/** The stack's queues, as its owner reaches them by their URLs in the outputs. */
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { sqsClient } from '../../adapters/aws/clients.ts';

const { outputs } = inject('deployment');
const sqs = sqsClient();

/** Puts a message onto a lane past the API. */
export async function putOnLane(lane: string, id: string, body: string): Promise<void> {
  const QueueUrl = outputs['LanesQueue'];
  const command = { QueueUrl, MessageBody: body, MessageGroupId: lane, MessageDeduplicationId: id };
  await sqs.send(new SendMessageCommand(command));
}

/** How many messages each dead-letter queue of the stack holds. */
export async function deadLetters(): Promise<Record<string, number>> {
  const names = Object.keys(outputs).filter((name) => name.endsWith('DeadLetters'));
  const counts = names.map(async (name) => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const command = new GetQueueAttributesCommand({ QueueUrl: outputs[name], AttributeNames });
    const { Attributes = {} } = await sqs.send(command);
    return [name, Number(Attributes['ApproximateNumberOfMessages'])];
  });
  return Object.fromEntries(await Promise.all(counts));
}
