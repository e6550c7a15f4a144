import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoAudit } from '../../../adapters/aws/dynamo-audit.ts';
import { headItemOf } from '../../../adapters/aws/dynamo-thread-store.ts';
import { teamsPk, threadPk } from '../../../adapters/aws/keys.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { aThreadId } from '../../builders.ts';
import { aHead } from '../../contracts/commits.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
let audit: DynamoAudit;

const aThread = (changes: Partial<Thread> = {}) => aHead({ id: aThreadId(), ...changes });
const rows = (...threads: string[]) => threads.map((thread) => ({ pk: { S: threadPk(thread) } }));
const puts = () => dynamo.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);

/** The head looks so, look by look; from then on as at last. */
function heads(...looks: (Record<string, AttributeValue> | undefined)[]): void {
  let look = 0;
  dynamo.on(GetItemCommand).callsFake(async () => {
    const Item = looks[Math.min(look, looks.length - 1)];
    look += 1;
    return Item === undefined ? {} : { Item };
  });
}

beforeEach(() => {
  dynamo.reset();
  dynamo.onAnyCommand().resolves({});
  audit = new DynamoAudit(new DynamoDBClient(NOWHERE), 'Table');
});

describe('the threads that an audit finds', () => {
  it('are those with a head or a log item, each once, over as many pages as there are', async () => {
    const [first, second] = [aThreadId(), aThreadId()];
    const [from] = rows(first);
    dynamo
      .on(ScanCommand)
      .resolvesOnce({ Items: rows(first, first), ...(from === undefined ? {} : { LastEvaluatedKey: from }) })
      .resolvesOnce({ Items: [], ...(from === undefined ? {} : { LastEvaluatedKey: from }) })
      .resolves({ Items: rows(first, second, second) });
    const found: string[] = [];
    for await (const id of audit.threadIds()) found.push(id);
    expect(found).toEqual([first, second]);
    const scans = dynamo.commandCalls(ScanCommand).map(({ args: [{ input }] }) => input);
    expect(scans.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, from, from]);
    expect(scans[0]).toMatchObject({
      FilterExpression: 'sk = :head OR begins_with(sk, :log)',
      ExpressionAttributeValues: { ':head': { S: 'HEAD' }, ':log': { S: 'LOG#' } },
    });
  });
});

describe('what an audit finds of a thread', () => {
  it('is its log between two looks at the head that are the same', async () => {
    const thread = aThread({ team: 'billing' });
    heads(headItemOf({ ...thread, seq: 0 }), headItemOf(thread));
    dynamo.on(QueryCommand, { KeyConditionExpression: 'pk = :pk' }).resolves({ Items: [{ sk: { S: 'billing' } }] });
    const { head, bearings } = audit.expected(thread);
    expect(await audit.stored(thread.id)).toEqual({ id: thread.id, log: [], head, bearings });
    expect(bearings).toMatchObject({ seq: 1, teamIsNoted: 1, business: expect.any(String) });
    expect(dynamo.commandCalls(GetItemCommand), 'the first two were not the same').toHaveLength(4);
    for (const { args } of dynamo.commandCalls(GetItemCommand)) expect(args[0].input.ConsistentRead).toBe(true);
  });

  it('is nothing where the thread keeps moving', async () => {
    const thread = aThread();
    heads(...[1, 2, 3, 4, 5, 6].map((seq) => headItemOf({ ...thread, seq })));
    expect(await audit.stored(thread.id)).toBeUndefined();
  });

  it('tells a team that no list would ask', async () => {
    const thread = aThread({ team: 'billing' });
    heads(headItemOf(thread));
    expect((await audit.stored(thread.id))?.bearings).toMatchObject({ teamIsNoted: 0 });
  });

  it('is a log without a head where there is none', async () => {
    const thread = aThreadId();
    expect(await audit.stored(thread)).toEqual({ id: thread, log: [], head: undefined, bearings: {} });
  });
});

describe('a repair', () => {
  const thread = aThread({ team: 'billing' });
  const found = { id: thread.id, log: [], head: 'x', bearings: { seq: 7 } };

  it('puts the head in the place of what was found, and notes its team', async () => {
    expect(await audit.repair(thread, found)).toBe(true);
    const [head, team] = puts();
    expect(head).toEqual({
      TableName: 'Table',
      Item: headItemOf(thread),
      ConditionExpression: 'seq = :seq',
      ExpressionAttributeValues: { ':seq': { N: '7' } },
    });
    expect(team?.Item).toEqual({ pk: { S: teamsPk('acme') }, sk: { S: 'billing' } });
  });

  it('of a head that is not there puts one where there still is none', async () => {
    await audit.repair(thread, { ...found, head: undefined, bearings: {} });
    expect(puts()[0]?.ConditionExpression).toBe('attribute_not_exists(pk)');
  });

  it('leaves a thread that has moved on meanwhile, and fails where anything else is wrong', async () => {
    dynamo.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: '', $metadata: {} }));
    expect(await audit.repair(thread, found)).toBe(false);
    dynamo.on(PutItemCommand).rejects(anAwsFailure('AccessDeniedException', { status: 400 }));
    await expect(audit.repair(thread, found)).rejects.toThrow();
  });
});
