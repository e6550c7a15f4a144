import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoSends } from '../../../adapters/aws/dynamo-sends.ts';
import { threadPk } from '../../../adapters/aws/keys.ts';
import type { SendRecord, Settlement } from '../../../core/delivery/send.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { sendIdOf } from '../../../core/ids.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const sends = new DynamoSends(new DynamoDBClient(NOWHERE), 'Table');
const THREAD = aThreadId();
const SEND = sendIdOf(THREAD, 3, 'reply');
const LEASE = 120_000;

/** The item of a send as it stands in the table. */
function anItem({ providerId, state = 'claimed', ...numbers }: Partial<SendRecord> = {}) {
  const all = { attempts: 1, tries: 0, since: MONDAY, leaseUntil: MONDAY + LEASE, ...numbers };
  const values = Object.entries(all).map(([name, value]) => [name, { N: String(value) }]);
  return {
    state: { S: state },
    ...Object.fromEntries(values),
    ...(providerId ? { providerId: { S: providerId } } : {}),
  };
}

/** The write is not made, because its condition does not hold of this item. */
function refused(Item: ReturnType<typeof anItem>): ConditionalCheckFailedException {
  return new ConditionalCheckFailedException({ message: '', $metadata: {}, Item });
}

function writes() {
  return dynamo.commandCalls(UpdateItemCommand).map(({ args: [{ input }] }) => input);
}

describe('the claim of a send in DynamoDB', () => {
  beforeEach(() => dynamo.reset());

  it('is one write: where nobody claimed it, or who did has released it', async () => {
    dynamo.on(UpdateItemCommand).resolves({ Attributes: anItem({ attempts: 2, tries: 1 }) });
    expect(await sends.claim(SEND, MONDAY, LEASE)).toEqual({ attempt: 2, tries: 1, since: MONDAY });
    const [write, ...more] = writes();
    expect(more).toEqual([]);
    expect(write).toMatchObject({
      TableName: 'Table',
      Key: { pk: { S: threadPk(THREAD) }, sk: { S: 'SEND#3_reply' } },
      ConditionExpression: 'attribute_not_exists(pk) OR #state = :released',
      ExpressionAttributeNames: { '#state': 'state' },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    // An attempt's number is nobody else's, and the first claim's time stays.
    expect(write?.UpdateExpression).toContain('attempts = if_not_exists(attempts, :zero) + :one');
    expect(write?.UpdateExpression).toContain('since = if_not_exists(since, :now)');
    expect(write?.ExpressionAttributeValues).toMatchObject({
      ...{ ':claimed': { S: 'claimed' }, ':released': { S: 'released' }, ':until': { N: String(MONDAY + LEASE) } },
      ...{ ':tries': { N: '0' }, ':one': { N: '1' }, ':now': { N: String(MONDAY) } },
    });
  });

  it.each(['sent', 'failed', 'abandoned', 'claimed'] as const)('answers who stands in its way: %s', async (state) => {
    dynamo.on(UpdateItemCommand).rejects(refused(anItem({ state, providerId: state === 'sent' ? 'p1' : null })));
    expect(await sends.claim(SEND, MONDAY, LEASE)).toEqual({
      ...{ state, attempts: 1, tries: 0, since: MONDAY, leaseUntil: MONDAY + LEASE },
      providerId: state === 'sent' ? 'p1' : null,
      fate: null,
    });
  });

  it('whose answer was lost, and that was made again by the client, is known to be its own', async () => {
    dynamo.on(UpdateItemCommand).callsFake(async ({ ExpressionAttributeValues: values, ...input }) => {
      const written = Object.fromEntries(
        [...input.UpdateExpression.matchAll(/(\w+) = (:\w+)/g)].map(([, name, value]) => [name, values[value]]),
      );
      throw refused({ ...anItem({ attempts: 4, tries: 2 }), ...written });
    });
    expect(await sends.claim(SEND, MONDAY, LEASE)).toEqual({ attempt: 4, tries: 2, since: MONDAY });
  });

  it('is taken over by a second write, fenced by the number of the attempt that is given up', async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(refused(anItem({ attempts: 2 })))
      .resolves({ Attributes: anItem({ attempts: 3, tries: 1 }) });
    const now = MONDAY + LEASE;
    expect(await sends.claim(SEND, now, LEASE, 2)).toEqual({ attempt: 3, tries: 1, since: MONDAY });
    expect(writes()[1]).toMatchObject({
      ConditionExpression: '#state = :claimed AND attempts = :retake',
      ExpressionAttributeValues: { ':retake': { N: '2' }, ':tries': { N: '1' }, ':until': { N: String(now + LEASE) } },
    });
  });

  it.each([
    ['its lease is not over', anItem({ attempts: 2 }), MONDAY + LEASE - 1],
    ['another attempt is the latest', anItem({ attempts: 3 }), MONDAY + LEASE],
    ['it is sent', anItem({ attempts: 2, state: 'sent' }), MONDAY + LEASE],
  ])('is not even tried to be taken over where %s', async (_, item, now) => {
    dynamo.on(UpdateItemCommand).rejects(refused(item));
    expect(await sends.claim(SEND, now, LEASE, 2)).toHaveProperty('state');
    expect(writes()).toHaveLength(1);
  });

  it('answers who was faster in taking it over', async () => {
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(refused(anItem({ attempts: 2 })))
      .rejects(refused(anItem({ attempts: 3, leaseUntil: MONDAY + 2 * LEASE })));
    expect(await sends.claim(SEND, MONDAY + LEASE, LEASE, 2)).toMatchObject({ state: 'claimed', attempts: 3 });
  });

  it('may be made again where DynamoDB is throttling', async () => {
    dynamo.on(UpdateItemCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(sends.claim(SEND, MONDAY, LEASE)).rejects.toThrow(TransientFailure);
    await expect(sends.settle(SEND, 1, { state: 'abandoned' })).rejects.toThrow(TransientFailure);
  });
});

describe('the settlement of a send in DynamoDB', () => {
  beforeEach(() => {
    dynamo.reset();
    dynamo.on(UpdateItemCommand).resolves({});
  });

  it('as sent holds whoever tells it, but only for a send that there is', async () => {
    await sends.settle(SEND, 1, { state: 'sent', providerId: 'p1' });
    expect(writes()[0]).toMatchObject({
      UpdateExpression: 'SET #state = :state, providerId = :provider',
      ConditionExpression: 'attribute_exists(pk) AND #state <> :state',
      ExpressionAttributeValues: { ':state': { S: 'sent' }, ':provider': { S: 'p1' } },
    });
  });

  it.each<[Settlement, string, string]>([
    [{ state: 'released', isTry: true }, 'released', '1'],
    [{ state: 'released', isTry: false }, 'released', '0'],
    [{ state: 'abandoned' }, 'abandoned', '0'],
    [{ state: 'failed', detail: 'no' }, 'failed', '0'],
  ])('as anything else is the latest attempt’s alone: %j', async (settlement, state, tries) => {
    await sends.settle(SEND, 4, settlement);
    const [write] = writes();
    expect(write).toMatchObject({
      ConditionExpression: '#state = :claimed AND attempts = :attempt',
      ExpressionAttributeValues: { ':state': { S: state }, ':tries': { N: tries }, ':attempt': { N: '4' } },
    });
    expect(write?.ExpressionAttributeValues?.[':detail']).toEqual(state === 'failed' ? { S: 'no' } : undefined);
  });

  it('by an attempt that is not the latest any more changes nothing, and is no failure', async () => {
    dynamo.on(UpdateItemCommand).rejects(refused(anItem({ attempts: 9 })));
    await expect(sends.settle(SEND, 4, { state: 'failed', detail: 'late' })).resolves.toBeUndefined();
    await expect(sends.settle(SEND, 4, { state: 'sent', providerId: 'p' })).resolves.toBeUndefined();
  });
});
