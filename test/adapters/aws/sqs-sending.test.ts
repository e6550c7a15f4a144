import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendFifo } from '../../../adapters/aws/sqs-sending.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const sqs = mockClient(SQSClient);
const client = new SQSClient(NOWHERE);

const message = (group: string, id: string, body = id) => ({ group, id, body });
const send = (...messages: ReturnType<typeof message>[]) => sendFifo(client, 'https://queue', messages);

/** The bodies of each request, in the order of the requests. */
function sent(): string[][] {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .map(({ args: [{ input }] }) => (input.Entries ?? []).map(({ MessageBody = '' }) => MessageBody));
}

describe('sending onto a FIFO queue', () => {
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).resolves({});
  });

  it('names the group, and what duplicates are told by', async () => {
    await send(message('lane', 'id1', '{}'));
    const [call] = sqs.commandCalls(SendMessageBatchCommand);
    expect(call?.args[0].input).toEqual({
      QueueUrl: 'https://queue',
      Entries: [{ Id: '0', MessageBody: '{}', MessageGroupId: 'lane', MessageDeduplicationId: 'id1' }],
    });
  });

  it('puts messages of different groups into one request, of one group into one after the other', async () => {
    await send(message('a', 'a1'), message('a', 'a2'), message('b', 'b1'));
    expect(sent()).toEqual([['a1', 'b1'], ['a2']]);
  });

  it('sends at most ten, and at most a million bytes, at once', async () => {
    await send(...Array.from({ length: 12 }, (_, index) => message(`g${index}`, `m${index}`)));
    expect(sent().map((bodies) => bodies.length)).toEqual([10, 2]);
    sqs.resetHistory();
    await send(...['a', 'b', 'c'].map((group) => message(group, group, 'x'.repeat(400_000))));
    expect(sent().map((bodies) => bodies.length)).toEqual([2, 1]);
  });

  it('sends nothing of a group after one that the queue did not take', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolves({ Failed: [{ Id: '1', Code: 'ThrottlingException', SenderFault: false }], Successful: [] });
    await expect(send(message('a', 'a1'), message('b', 'b1'), message('b', 'b2'))).rejects.toThrow(TransientFailure);
    expect(sent()).toEqual([['a1', 'b1']]);
  });

  it('calls throttling and trouble on the other side transient, and a mistake of ours a defect', async () => {
    const fails = (name: string, status: number) =>
      sqs.on(SendMessageBatchCommand).rejects(anAwsFailure(name, { status }));
    fails('ThrottlingException', 400);
    await expect(send(message('a', 'a1'))).rejects.toThrow(TransientFailure);
    fails('Whatever', 503);
    await expect(send(message('a', 'a1'))).rejects.toThrow(TransientFailure);
    fails('QueueDoesNotExist', 400);
    await expect(send(message('a', 'a1'))).rejects.not.toThrow(TransientFailure);
  });

  it('sends any JSON in characters that SQS takes, and it is the same JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.constantFrom('\uffff', '\ufffe', ''), async (text, more) => {
        sqs.resetHistory();
        const body = JSON.stringify({ text: text + more });
        await send(message('a', 'a1', body));
        const [[taken = ''] = []] = sent();
        // The characters of XML 1.0 §2.2, as SendMessageBatch lists them.
        expect(taken).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
        expect(JSON.parse(taken)).toEqual(JSON.parse(body));
      }),
    );
  });

  it.each([
    ['InternalError', false],
    ['ThrottlingException', true],
    ['RequestThrottled', true],
  ])('calls an entry that failed for now transient: %s', async (Code, SenderFault) => {
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [{ Id: '0', Code, SenderFault }], Successful: [] });
    await expect(send(message('a', 'a1'))).rejects.toThrow(TransientFailure);
  });

  it('calls an entry that SQS will never take a defect, whatever else failed', async () => {
    const Failed = [
      { Id: '0', Code: 'InternalError', SenderFault: false },
      { Id: '1', Code: 'InvalidMessageContents', SenderFault: true },
    ];
    sqs.on(SendMessageBatchCommand).resolves({ Failed, Successful: [] });
    const sending = send(message('a', 'a1'), message('b', 'b1'));
    await expect(sending).rejects.toMatchObject({ name: 'MessageRefused', message: 'InvalidMessageContents' });
    await expect(sending).rejects.not.toThrow(TransientFailure);
  });

  it('sends nothing where there is nothing to send', async () => {
    await send();
    expect(sent()).toEqual([]);
  });
});
