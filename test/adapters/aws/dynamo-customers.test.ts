import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoCustomers } from '../../../adapters/aws/dynamo-customers.ts';
import { handleKey } from '../../../adapters/aws/keys.ts';
import { blankProfile, type Profile } from '../../../core/customer/profile.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const customers = new DynamoCustomers(new DynamoDBClient(NOWHERE), 'Table');
const BEFORE: Profile = { ...blankProfile('c1'), version: 1 };
const KEY = { pk: { S: 'acme#CUSTOMERS' }, sk: { S: 'c1' } };

function withAddress(address: string, changes: Partial<Profile> = {}): Profile {
  return { ...BEFORE, version: 2, addresses: [{ address, by: 'token', at: MONDAY }], ...changes };
}

function cancelled(...codes: string[]): TransactionCanceledException {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
}

describe('a customer in DynamoDB', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.onAnyCommand().resolves({});
  });

  it('is read by one consistent read', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { ...KEY, text: { S: '{"plan":"gold","version":1}' } } });
    expect(await customers.load('customer', 'acme', 'c1')).toEqual({ ...BEFORE, plan: 'gold' });
    expect(dynamo.commandCalls(GetItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { TableName: 'Table', Key: KEY, ConsistentRead: true },
    ]);
  });

  it('is put by one conditional write where no handle changes', async () => {
    expect(await customers.put('customer', 'acme', { ...BEFORE, plan: 'gold', version: 2 }, BEFORE)).toEqual({
      result: 'put',
    });
    expect(dynamo.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        TableName: 'Table',
        Item: { ...KEY, version: { N: '2' }, text: { S: '{"plan":"gold","version":2}' } },
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': { N: '1' } },
      },
    ]);
    expect(dynamo.commandCalls(TransactWriteItemsCommand)).toEqual([]);
  });

  it('is put with what it takes and lets go of in one transaction, and deletes nothing', async () => {
    const before = withAddress('a@x.example', { version: 1 });
    await customers.put('customer', 'acme', withAddress('B@x.example'), before);
    const [call] = dynamo.commandCalls(TransactWriteItemsCommand);
    const puts = call?.args[0].input.TransactItems?.map(({ Put }) => Put);
    const handle = (address: string, holder: string) => {
      const { pk, sk } = handleKey('acme', `address:${address}`);
      return {
        TableName: 'Table',
        Item: { pk: { S: pk }, sk: { S: sk }, holder: { S: holder } },
        ConditionExpression: 'attribute_not_exists(pk) OR holder = :me OR holder = :nobody',
        ExpressionAttributeValues: { ':me': { S: 'c1' }, ':nobody': { S: '' } },
      };
    };
    expect(puts?.slice(1)).toEqual([handle('b@x.example', 'c1'), handle('a@x.example', '')]);
    expect(JSON.stringify(puts?.slice(1))).not.toContain('x.example');
  });

  it.each([
    [['ConditionalCheckFailed', 'None'], { result: 'conflict' }],
    [['ConditionalCheckFailed', 'ConditionalCheckFailed'], { result: 'conflict' }],
    [['None', 'ConditionalCheckFailed'], { result: 'taken', handle: 'address:a@x.example' }],
  ])('that was not put for %j is said to be so', async (codes, expected) => {
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled(...codes));
    expect(await customers.put('customer', 'acme', withAddress('a@x.example'), BEFORE)).toEqual(expected);
  });

  it('that somebody else put meanwhile is in conflict', async () => {
    dynamo.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: '', $metadata: {} }));
    const put = customers.put('customer', 'acme', { ...BEFORE, version: 2 }, BEFORE);
    expect(await put).toEqual({ result: 'conflict' });
  });

  it('may be put again where transactions meet, or DynamoDB is throttling', async () => {
    dynamo.on(TransactWriteItemsCommand).rejects(cancelled('None', 'TransactionConflict'));
    await expect(customers.put('customer', 'acme', withAddress('a@x.example'), BEFORE)).rejects.toThrow(
      new TransientFailure('TransactionConflict'),
    );
    dynamo.onAnyCommand().rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(customers.put('customer', 'acme', { ...BEFORE, version: 2 }, BEFORE)).rejects.toThrow(
      TransientFailure,
    );
    await expect(customers.load('customer', 'acme', 'c1')).rejects.toThrow(TransientFailure);
    await expect(customers.holder('acme', 'address:a@x.example')).rejects.toThrow(TransientFailure);
    const list = customers.list('customer', 'acme', { limit: 1, after: null });
    await expect(list).rejects.toThrow(TransientFailure);
  });

  it('whose address was let go of is not found by it', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { holder: { S: '' } } });
    expect(await customers.holder('acme', 'address:a@x.example')).toBeUndefined();
  });
});
