import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqsLanes } from '../../../adapters/aws/sqs-lanes.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { aThreadId } from '../../builders.ts';
import { NOWHERE } from '../../support/aws-sdk.ts';

const sqs = mockClient(SQSClient);
const lanes = new SqsLanes(new SQSClient(NOWHERE), 'https://lanes');

describe('lanes on SQS', () => {
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).resolves({});
  });

  it('are groups: a message is told from its duplicates by its id, and its body is JSON', async () => {
    const lane = aThreadId();
    await lanes.send([{ lane, id: 'cmd_1', body: { text: 'Ä😀' } }]);
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input).toEqual({
      QueueUrl: 'https://lanes',
      Entries: [{ Id: '0', MessageBody: '{"text":"Ä😀"}', MessageGroupId: lane, MessageDeduplicationId: 'cmd_1' }],
    });
  });

  it('take of a lane only what stands before the one that failed', async () => {
    const [lane, other] = [aThreadId(), aThreadId()];
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({})
      .resolves({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }], Successful: [] });
    const messages = ['1', '2', '3'].map((id) => ({ lane, id, body: id }));
    await expect(lanes.send([...messages, { lane: other, id: '4', body: '4' }])).rejects.toThrow(TransientFailure);
    const sent = sqs.commandCalls(SendMessageBatchCommand).flatMap(({ args: [{ input }] }) => input.Entries ?? []);
    expect(sent.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).toEqual(['1', '4', '2']);
  });
});
