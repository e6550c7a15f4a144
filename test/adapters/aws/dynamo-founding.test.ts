import {
  DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoThreadStore } from '../../../adapters/aws/dynamo-thread-store.ts';
import * as keys from '../../../adapters/aws/keys.ts';
import { encodeLogItem } from '../../../adapters/aws/log-codec.ts';
import { storedText } from '../../../adapters/aws/stored-text.ts';
import type { LogItem } from '../../../core/thread/entry.ts';
import { aFounding } from '../../contracts/commits.ts';
import { NOWHERE } from '../../support/aws-sdk.ts';

const client = new DynamoDBClient(NOWHERE);
const dynamo = mockClient(client);
const store = new DynamoThreadStore(client, 'Table');

function cancelled(): TransactionCanceledException {
  const CancellationReasons = ['ConditionalCheckFailed', 'ConditionalCheckFailed'].map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
}

function itemOf(threadId: string, logItem: LogItem) {
  return { sk: { S: keys.logSk(logItem.lastSeq) }, ...storedText(encodeLogItem(threadId, logItem)) };
}

describe('the commit of a command that founds its thread', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.onAnyCommand().resolves({});
  });

  it('writes head and log item, and no third item to say what the second says', async () => {
    await store.commit(aFounding().commit);
    const [{ args } = expect.fail()] = dynamo.commandCalls(TransactWriteItemsCommand);
    const sks = (args[0].input.TransactItems ?? []).map(({ Put }) => Put?.Item?.['sk']?.S);
    expect(sks).toEqual(['HEAD', keys.logSk(2)]);
  });

  it('that comes again is known by the first log item', async () => {
    const { command, commit } = aFounding();
    const logItem = commit.change?.logItem ?? expect.fail();
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled());
    dynamo.on(QueryCommand).resolves({ Items: [itemOf(commit.threadId, logItem)] });
    expect(await store.commit(commit)).toEqual({ result: 'duplicate', commands: [command] });
  });

  it('is in conflict where somebody else was first', async () => {
    const { commit } = aFounding();
    const other = aFounding().commit.change?.logItem ?? expect.fail();
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled());
    dynamo.on(QueryCommand).resolves({ Items: [itemOf(commit.threadId, other)] });
    expect(await store.commit(commit)).toEqual({ result: 'conflict' });
  });
});
