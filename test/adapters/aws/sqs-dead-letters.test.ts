import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqsDeadLetters } from '../../../adapters/aws/sqs-dead-letters.ts';
import type { DeadLetter, Verdict } from '../../../core/upkeep/dead-letters.ts';
import { MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const sqs = mockClient(SQSClient);
const aQueue = (name: string) => ({ queueUrl: `https://${name}`, deadLettersUrl: `https://${name}/dead` });
const letters = new SqsDeadLetters(new SQSClient(NOWHERE), {
  ...{ commands: aQueue('lanes'), mails: aQueue('mails') },
  ...{ waits: aQueue('waits'), 'mail-events': aQueue('mail-events'), 'inbound-mails': aQueue('inbound') },
});

function aLetter(id: string, changes: Partial<Message> = {}): Message {
  return {
    ...{ MessageId: id, ReceiptHandle: `receipt-${id}`, Body: `body-${id}` },
    Attributes: { SentTimestamp: String(MONDAY), ApproximateReceiveCount: '1001', MessageGroupId: 'lane' },
    ...changes,
  };
}

/** The queue hands these out, batch after batch, and then none. */
function holds(...batches: Message[][]): void {
  sqs.on(ReceiveMessageCommand).callsFake(async () => ({ Messages: batches.shift() }));
}

/** Looks through the letters of the lanes, each judged by its id. @returns them */
async function walk(verdicts: Record<string, Verdict | Error>): Promise<DeadLetter[]> {
  const seen: DeadLetter[] = [];
  await letters.walk('commands', async (letter) => {
    seen.push(letter);
    const verdict = verdicts[letter.id] ?? 'leave';
    if (verdict instanceof Error) throw verdict;
    return verdict;
  });
  return seen;
}

/** What was done, in order, and to which letter or body. */
function steps(): [string, string | undefined][] {
  return sqs
    .calls()
    .map(({ args: [command] }) => [command.constructor.name, command.input as Record<string, string>] as const)
    .filter(([name]) => name !== ReceiveMessageCommand.name)
    .map(([name, input]) => [name.replace('Command', ''), input['ReceiptHandle'] ?? input['MessageBody']]);
}

beforeEach(() => {
  sqs.reset();
  sqs.onAnyCommand().resolves({});
});

describe('dead letters of SQS', () => {
  it('are counted, queue by queue', async () => {
    sqs.on(GetQueueAttributesCommand).callsFake(async ({ QueueUrl }) => {
      return QueueUrl === 'https://mails/dead' ? { Attributes: { ApproximateNumberOfMessages: '3' } } : {};
    });
    const others = { commands: 0, waits: 0, 'mail-events': 0, 'inbound-mails': 0 };
    expect(await letters.counts()).toEqual({ ...others, mails: 3 });
  });

  it('are shown as they lie there, and hidden only while they are looked at', async () => {
    holds([aLetter('1'), aLetter('2')], [aLetter('3')]);
    expect(await walk({})).toEqual(
      ['1', '2', '3'].map((id) => ({
        ...{ id, lane: 'lane', at: MONDAY, body: `body-${id}` },
        reason: expect.stringContaining('its log'),
      })),
    );
    expect(steps()).toEqual(['1', '2', '3'].map((id) => ['ChangeMessageVisibility', `receipt-${id}`]));
    const shown = sqs
      .commandCalls(ChangeMessageVisibilityCommand)
      .map(({ args: [{ input }] }) => input.VisibilityTimeout);
    expect(new Set(shown)).toEqual(new Set([0]));
    const [look] = sqs.commandCalls(ReceiveMessageCommand).map(({ args: [{ input }] }) => input);
    expect(look).toMatchObject({ QueueUrl: 'https://lanes/dead', MaxNumberOfMessages: 10, VisibilityTimeout: 300 });
  });

  it('say why the bus could not bring them, where it was the bus', async () => {
    const told = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' } };
    holds([aLetter('1', { MessageAttributes: told, Attributes: {} })]);
    expect(await walk({})).toMatchObject([{ reason: 'NO_PERMISSIONS', lane: null, at: 0 }]);
  });

  it('go back to their queue, in their lane and under a new id, before they are taken away', async () => {
    holds([aLetter('1'), aLetter('2')]);
    await walk({ 1: 'redrive', 2: 'redrive' });
    expect(steps()).toEqual([
      ['SendMessage', 'body-1'],
      ['DeleteMessage', 'receipt-1'],
      ['SendMessage', 'body-2'],
      ['DeleteMessage', 'receipt-2'],
    ]);
    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
      ...{ QueueUrl: 'https://lanes', MessageBody: 'body-1', MessageGroupId: 'lane' },
      MessageDeduplicationId: '1~1001',
    });
  });

  it('of a queue without order go back to it without a lane', async () => {
    holds([aLetter('1', { Attributes: {} })]);
    await walk({ 1: 'redrive' });
    const [sent] = sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input);
    expect(sent).toEqual({ QueueUrl: 'https://lanes', MessageBody: 'body-1' });
  });

  it('are not taken away where they could not be brought back, and are all shown again', async () => {
    holds([aLetter('1'), aLetter('2')]);
    sqs.on(SendMessageCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(walk({ 2: 'redrive' })).rejects.toThrow();
    expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
    expect(steps().slice(-2)).toEqual(['1', '2'].map((id) => ['ChangeMessageVisibility', `receipt-${id}`]));
  });

  it('are taken away alone where that is the verdict, and stay where judging them fails', async () => {
    holds([aLetter('1'), aLetter('2')]);
    await expect(walk({ 1: 'discard', 2: new Error('the disk is full') })).rejects.toThrow('the disk is full');
    expect(steps()).toEqual([
      ['DeleteMessage', 'receipt-1'],
      ['ChangeMessageVisibility', 'receipt-2'],
    ]);
  });
});
