import {
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoThreadStore } from '../../../adapters/aws/dynamo-thread-store.ts';
import * as keys from '../../../adapters/aws/keys.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { Commit } from '../../../core/thread/commit.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { aCommit, aHead, commandId, DONE } from '../../contracts/commits.ts';
import { AwsEndpoint } from '../../support/aws-endpoint.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const client = new DynamoDBClient(NOWHERE);
const dynamo = mockClient(client);
let store: DynamoThreadStore;

const aThread = (changes: Partial<Thread> = {}) => aHead({ id: aThreadId(), ...changes });

/** What the transaction was made of. */
function written() {
  return dynamo.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input.TransactItems ?? [];
}

/** The outcome of a commit whose transaction is cancelled for these reasons, item by item. */
function cancelledFor(codes: string[], commit: Commit) {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  const failure = new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
  dynamo.on(TransactWriteItemsCommand).rejects(failure);
  return store.commit(commit);
}

const FAILED = 'ConditionalCheckFailed';

describe('a commit to DynamoDB', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.onAnyCommand().resolves({});
    store = new DynamoThreadStore(client, 'Table');
  });

  it('is one transaction: the head as it was read, the log item and each outcome where there are none', async () => {
    const thread = aThread({ seq: 3 });
    const commands = [commandId(), commandId()];
    const outcomes = commands.map((command) => ({ command, outcome: DONE }));
    await store.commit(aCommit(thread, { expectedSeq: 2, outcomes }));
    const [head, log, ...others] = written().map(({ Put }) => Put);
    const absent = 'attribute_not_exists(pk)';
    expect(head).toMatchObject({
      TableName: 'Table',
      Item: { pk: { S: keys.threadPk(thread.id) }, sk: { S: 'HEAD' }, seq: { N: '3' }, text: { S: expect.anything() } },
      ConditionExpression: 'seq = :seq',
      ExpressionAttributeValues: { ':seq': { N: '2' } },
    });
    expect(log).toEqual({
      TableName: 'Table',
      Item: { pk: head?.Item?.['pk'], sk: { S: keys.logSk(3) }, text: { S: '{"schema":1,"decisions":[]}' } },
      ConditionExpression: absent,
    });
    expect(others).toEqual(
      commands.map((command) => ({
        TableName: 'Table',
        Item: { ...itemKey(keys.commandKey(thread.id, command)), text: { S: JSON.stringify(DONE) } },
        ConditionExpression: absent,
      })),
    );
    expect(dynamo.calls()).toHaveLength(1);
  });

  it('of a new thread wants that there is none', async () => {
    await store.commit(aCommit(aThread()));
    const [head] = written().map(({ Put }) => Put);
    expect(head?.ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(head?.ExpressionAttributeValues).toBeUndefined();
  });

  it('without a change looks at the head, and writes outcomes alone', async () => {
    const threadId = aThreadId();
    const outcomes = [{ command: commandId(), outcome: DONE }];
    await store.commit({ threadId, expectedSeq: 4, change: null, outcomes });
    const [look, outcome, ...more] = written();
    expect(look).toEqual({
      ConditionCheck: {
        TableName: 'Table',
        Key: itemKey(keys.headKey(threadId)),
        ConditionExpression: 'seq = :seq',
        ExpressionAttributeValues: { ':seq': { N: '4' } },
      },
    });
    expect(outcome?.Put?.Item).toMatchObject(itemKey(keys.commandKey(threadId, outcomes[0]?.command ?? '')));
    expect(more).toEqual([]);
  });

  it('gives the head what the indexes sort by, and nothing else', async () => {
    const thread = aThread({ assignee: 'ana', waitingSince: MONDAY, closeAt: MONDAY });
    await store.commit(aCommit(thread));
    const item = written()[0]?.Put?.Item ?? {};
    const beside = ['assignee', 'business', 'customer', 'due', 'dueAt', 'inbox', 'place'];
    expect(Object.keys(item).sort()).toEqual([...beside, 'pk', 'seq', 'sk', 'text'].sort());
    for (const [name, value] of Object.entries(keys.indexKeysOf(thread))) expect(item[name]).toEqual({ S: value });
    expect(Object.keys(written()[1]?.Put?.Item ?? {})).toEqual(['pk', 'sk', 'text']);
  });

  it('takes a thread out of the indexes that it leaves: the head is put whole', async () => {
    await store.commit(aCommit(aThread({ status: 'closed', assignee: 'ana' })));
    const item = written()[0]?.Put?.Item ?? {};
    expect(Object.keys(item).sort()).toEqual(['business', 'customer', 'pk', 'seq', 'sk', 'text']);
  });

  it('answers a command that has an outcome already as a duplicate, whatever else was in its way', async () => {
    const outcomes = [commandId(), commandId()].map((command) => ({ command, outcome: DONE }));
    const [, second] = outcomes;
    const duplicate = { result: 'duplicate', commands: [second?.command] };
    const commit = aCommit(aThread({ seq: 2 }), { outcomes });
    expect(await cancelledFor(['None', 'None', 'None', FAILED], commit)).toEqual(duplicate);
    expect(await cancelledFor([FAILED, FAILED, 'None', FAILED], commit)).toEqual(duplicate);
    expect(await cancelledFor(['TransactionConflict', 'None', 'ThrottlingError', FAILED], commit)).toEqual(duplicate);
    const alone = { ...commit, change: null };
    expect(await cancelledFor([FAILED, 'None', FAILED], alone)).toEqual(duplicate);
  });

  it.each([
    [[FAILED, 'None', 'None']],
    [['None', FAILED, 'None']],
    [[FAILED, FAILED, 'None']],
    [[FAILED, 'None', 'TransactionConflict']],
  ])('answers a head or log that moved as a conflict: %j', async (codes) => {
    expect(await cancelledFor(codes, aCommit(aThread({ seq: 2 })))).toEqual({ result: 'conflict' });
  });

  it.each([
    [['ValidationError', 'None', 'None']],
    [['None', 'ValidationError', 'None']],
    [['None', 'None', 'ItemCollectionSizeLimitExceeded']],
  ])('answers what can never be stored as too large: %j', async (codes) => {
    expect(await cancelledFor(codes, aCommit(aThread()))).toEqual({ result: 'too-large' });
  });

  it.each([
    ['TransactionConflict', ['TransactionConflict', 'None', 'None']],
    ['ThrottlingError', ['None', 'ThrottlingError', 'None']],
    ['ProvisionedThroughputExceeded', ['None', 'None', 'ProvisionedThroughputExceeded']],
    ['TransactionCanceledException', []],
  ])('fails with what passes, and names it: %s', async (name, codes) => {
    const failing = cancelledFor(codes, aCommit(aThread()));
    await expect(failing).rejects.toThrow(TransientFailure);
    await expect(failing).rejects.toThrow(name);
  });

  it.each([
    'Item size has exceeded the maximum allowed size',
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of 2048 bytes',
    'Transaction request size exceeds the limit',
  ])('that is refused before it begins is too large where that is why: %s', async (message) => {
    dynamo.on(TransactWriteItemsCommand).rejects(anAwsFailure('ValidationException', { status: 400, message }));
    expect(await store.commit(aCommit(aThread()))).toEqual({ result: 'too-large' });
  });

  it('that is refused for another reason is a defect', async () => {
    const failure = anAwsFailure('ValidationException', { status: 400, message: 'ExpressionAttributeValues is empty' });
    dynamo.on(TransactWriteItemsCommand).rejects(failure);
    await expect(store.commit(aCommit(aThread()))).rejects.toBe(failure);
  });

  it.each([
    anAwsFailure('TransactionInProgressException', { status: 400 }),
    anAwsFailure('ThrottlingException', { status: 400 }),
    anAwsFailure('InternalServerError', { status: 500 }),
    anAwsFailure('TimeoutError', { code: 'ECONNRESET' }),
  ])('whose answer nobody knows may be made again: %s', async (failure) => {
    dynamo.on(TransactWriteItemsCommand).rejects(failure);
    await expect(store.commit(aCommit(aThread()))).rejects.toThrow(TransientFailure);
  });
});

describe('a commit whose answer is lost', () => {
  it('is made again by the client under the same token, so that it is not taken for another', async () => {
    const aws = await AwsEndpoint.open();
    aws.on('TransactWriteItems', () => (aws.calls.length === 1 ? 'hang-up' : {}));
    const real = new DynamoThreadStore(new DynamoDBClient({ ...NOWHERE, endpoint: aws.url }), 'Table');
    expect(await real.commit(aCommit(aThread()))).toEqual({ result: 'committed' });
    expect(await real.commit(aCommit(aThread()))).toEqual({ result: 'committed' });
    const [lost, again, next] = aws.inputs('TransactWriteItems').map(({ ClientRequestToken }) => ClientRequestToken);
    expect(lost).toMatch(/^.{20,36}$/);
    expect(again).toBe(lost);
    expect(next).not.toBe(lost);
    await aws.close();
  });
});

describe('the teams that ever had a thread', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.onAnyCommand().resolves({});
    store = new DynamoThreadStore(client, 'Table');
  });

  it('are noted before the first thread of each is committed, once', async () => {
    for (const team of ['billing', 'billing', 'support', null]) await store.commit(aCommit(aThread({ team })));
    const names = dynamo.calls().map(({ args: [command] }) => command.constructor.name);
    const [note, commit] = [PutItemCommand.name, TransactWriteItemsCommand.name];
    expect(names).toEqual([note, commit, commit, note, commit, commit]);
    expect(dynamo.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'Table',
      Item: { pk: { S: 'acme#TEAMS' }, sk: { S: 'billing' } },
    });
  });

  it('are noted again where that failed: no thread is committed that no list would find', async () => {
    dynamo
      .on(PutItemCommand)
      .rejectsOnce(anAwsFailure('ThrottlingException', { status: 400 }))
      .resolves({});
    await expect(store.commit(aCommit(aThread({ team: 'billing' })))).rejects.toThrow(TransientFailure);
    expect(written()).toEqual([]);
    expect(await store.commit(aCommit(aThread({ team: 'billing' })))).toEqual({ result: 'committed' });
    expect(dynamo.commandCalls(PutItemCommand)).toHaveLength(2);
  });

  it('are not noted for outcomes alone', async () => {
    await store.commit({ threadId: aThreadId(), expectedSeq: 0, change: null, outcomes: [] });
    expect(dynamo.commandCalls(PutItemCommand)).toEqual([]);
  });
});

function itemKey({ pk, sk }: keys.Key) {
  return { pk: { S: pk }, sk: { S: sk } };
}
