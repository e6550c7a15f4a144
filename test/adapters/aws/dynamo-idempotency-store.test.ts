import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoIdempotencyStore } from '../../../adapters/aws/dynamo-idempotency-store.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { DAY, MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const store = new DynamoIdempotencyStore(new DynamoDBClient(NOWHERE), 'Table');
const RECORD = { request: 'hash', minted: { commandId: 'cmd_1', expectedReplyAt: null } };

describe('what keyed writes remember in DynamoDB', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.on(PutItemCommand).resolves({});
  });

  it('is put by one write, where there is nothing younger than a day', async () => {
    expect(await store.claim('acme 0a1b', RECORD, MONDAY)).toBeUndefined();
    expect(dynamo.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        TableName: 'Table',
        Item: {
          ...{ pk: { S: 'acme#KEY#0a1b' }, sk: { S: 'KEY' }, record: { S: JSON.stringify(RECORD) } },
          ...{ at: { N: String(MONDAY) }, expiresAt: { N: String((MONDAY + DAY) / 1000) } },
        },
        ConditionExpression: 'attribute_not_exists(pk) OR #at <= :old',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':old': { N: String(MONDAY - DAY) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  it('is answered by the same write where there is something', async () => {
    const Item = { record: { S: JSON.stringify(RECORD) } };
    dynamo.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: '', $metadata: {}, Item }));
    expect(await store.claim('acme 0a1b', { request: 'other', minted: {} }, MONDAY)).toEqual(RECORD);
  });

  it('is its own where an answer was lost: whoever claims goes on with what it minted itself', async () => {
    dynamo.on(PutItemCommand).callsFake(async ({ Item }) => {
      throw new ConditionalCheckFailedException({ message: '', $metadata: {}, Item });
    });
    expect(await store.claim('acme 0a1b', RECORD, MONDAY)).toEqual(RECORD);
  });

  it('may be asked for again where DynamoDB is throttling, and is not made up where it does not answer', async () => {
    dynamo.on(PutItemCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(store.claim('acme 0a1b', RECORD, MONDAY)).rejects.toThrow(TransientFailure);
    const silent = new ConditionalCheckFailedException({ message: '', $metadata: {} });
    dynamo.on(PutItemCommand).rejects(silent);
    await expect(store.claim('acme 0a1b', RECORD, MONDAY)).rejects.toBe(silent);
  });
});
