import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoRateLimiter } from '../../../adapters/aws/dynamo-rate-limiter.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { MINUTE, MONDAY } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const client = new DynamoDBClient(NOWHERE);
/** One a second; a tenth of the burst is two. */
const RATE = { perMinute: 60, burst: 20 };
const OWN_PART = 2;
const SECOND = 1_000;

/** Many calls a run: a history that fails is shown as it is. */
const QUICKLY = { numRuns: 30, endOnFailure: true };

/** An instance of the function, with a memory of its own. */
const anInstance = () => new DynamoRateLimiter(client, 'Table');
const writes = () => dynamo.commandCalls(UpdateItemCommand).map(({ args: [{ input }] }) => input);

/** Answers as the table does: both writes that the limiter makes, by their conditions. */
function answerBuckets(): void {
  const buckets = new Map<string, number>();
  dynamo.on(UpdateItemCommand).callsFake(async (input: UpdateItemCommandInput) => {
    const key = input.Key?.['pk']?.S ?? '';
    const value = (name: string) => Number(input.ExpressionAttributeValues?.[name]?.N);
    const known = buckets.get(key);
    const isFresh = input.UpdateExpression?.startsWith('SET fullAt = :to,');
    const isMet = isFresh
      ? known === undefined || known <= value(':now')
      : known !== undefined && known <= value(':most');
    const attributesOf = (fullAt: number) => ({ fullAt: { N: String(fullAt) } });
    if (!isMet) {
      const Item = attributesOf(known ?? 0);
      throw new ConditionalCheckFailedException({ message: '', $metadata: {}, Item });
    }
    const fullAt = isFresh ? value(':to') : (known ?? 0) + value(':owed');
    buckets.set(key, fullAt);
    return { Attributes: attributesOf(fullAt) };
  });
}

/** Takes so many one after the other. @returns how many were allowed */
async function takeMany(limiter: DynamoRateLimiter, count: number, now = MONDAY, key = 'acme c1'): Promise<number> {
  let allowed = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await limiter.take(key, RATE, 1, now)).isAllowed) allowed += 1;
  }
  return allowed;
}

beforeEach(() => {
  dynamo.reset();
  answerBuckets();
});

describe('the shared bucket in DynamoDB', () => {
  it('is asked only once a tenth of the burst was let through, and then for all of it', async () => {
    const limiter = anInstance();
    expect(await takeMany(limiter, OWN_PART)).toBe(OWN_PART);
    expect(writes()).toEqual([]);
    expect(await limiter.take('acme c1', RATE, 1, MONDAY)).toEqual({ isAllowed: true, remaining: 17, resetSeconds: 3 });
    const micros = MONDAY * 1_000;
    expect(writes()).toEqual([
      {
        TableName: 'Table',
        Key: { pk: { S: expect.stringMatching(/^acme#RATE#[0-9a-f]{32}$/) }, sk: { S: 'RATE' } },
        UpdateExpression: 'SET fullAt = :to, expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(pk) OR fullAt <= :now',
        ExpressionAttributeValues: {
          ...{ ':now': { N: String(micros) }, ':to': { N: String(micros + 3_000_000) } },
          ':expires': { N: String((MONDAY + RATE.burst * SECOND) / SECOND + 3_600) },
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    ]);
  });

  it('is asked at once where a tenth of the burst is less than one', async () => {
    await anInstance().take('acme c1', { perMinute: 60, burst: 9 }, 1, MONDAY);
    expect(writes()).toHaveLength(1);
  });

  it('is never asked for a look', async () => {
    const limiter = anInstance();
    await takeMany(limiter, 3);
    dynamo.resetHistory();
    expect(await limiter.take('acme c1', RATE, 0, MONDAY)).toMatchObject({ isAllowed: true, remaining: 17 });
    expect(writes()).toEqual([]);
  });

  it('tells callers apart by a hash, so that no address or id of theirs is a key', async () => {
    await takeMany(anInstance(), 3, MONDAY, 'stranger 192.0.2.7');
    await takeMany(anInstance(), 3, MONDAY, 'acme customer:c1');
    const found = writes().map(({ Key }) => Key?.['pk']?.S ?? '');
    expect(new Set(found).size).toBe(2);
    for (const key of found) expect(key).toMatch(/^(stranger|acme)#RATE#[0-9a-f]{32}$/);
  });

  it('may be asked again where DynamoDB is throttling, and nothing was taken', async () => {
    const limiter = anInstance();
    await takeMany(limiter, OWN_PART);
    dynamo.on(UpdateItemCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(limiter.take('acme c1', RATE, 1, MONDAY)).rejects.toThrow(TransientFailure);
    answerBuckets();
    expect((await limiter.take('acme c1', RATE, 1, MONDAY)).remaining).toBe(17);
  });
});

describe('a caller of many instances', () => {
  it('gets the burst, the rate, and of each instance at most a tenth of the burst more', async () => {
    const call = fc.record({
      instance: fc.nat(4),
      pauseMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_500 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 50, maxLength: 300 }), async (calls) => {
        answerBuckets();
        const instances = Array.from({ length: 5 }, anInstance);
        let [now, allowed] = [MONDAY, 0];
        for (const { instance, pauseMs } of calls) {
          now += pauseMs;
          const verdict = await instances[instance]?.take('acme c1', RATE, 1, now);
          if (verdict?.isAllowed) allowed += 1;
          const most = RATE.burst + (now - MONDAY) / SECOND + instances.length * OWN_PART;
          expect(allowed).toBeLessThanOrEqual(most);
        }
      }),
      QUICKLY,
    );
  });

  it('gets no more than the rate by spreading over them for long', async () => {
    const instances = Array.from({ length: 10 }, anInstance);
    let allowed = 0;
    for (let second = 0; second < 600; second += 1) {
      for (const instance of instances) allowed += await takeMany(instance, 1, MONDAY + second * SECOND);
    }
    expect(allowed).toBeLessThanOrEqual(RATE.burst + 600 + instances.length * OWN_PART);
  });

  it('who keeps to the rate is never refused', async () => {
    const limiter = anInstance();
    for (let second = 0; second < 300; second += 1) {
      expect(await takeMany(limiter, 1, MONDAY + second * SECOND)).toBe(1);
    }
  });
});

describe('one who is refused', () => {
  it('is refused from memory until the time has come, and then is not', async () => {
    const limiter = anInstance();
    await takeMany(limiter, 100);
    dynamo.resetHistory();
    const { isAllowed, resetSeconds } = await limiter.take('acme c1', RATE, 1, MONDAY);
    expect(isAllowed).toBe(false);
    expect(await takeMany(limiter, 50, MONDAY + resetSeconds * SECOND - 1)).toBe(0);
    expect(writes()).toEqual([]);
    expect(await takeMany(limiter, 1, MONDAY + resetSeconds * SECOND)).toBe(1);
  });

  it('because of what other instances let through is told when to come again, and comes rightly then', async () => {
    const [first, second] = [anInstance(), anInstance()];
    await takeMany(first, 18);
    expect(await takeMany(second, OWN_PART), 'of its own').toBe(OWN_PART);
    dynamo.resetHistory();
    const refusal = await second.take('acme c1', RATE, 1, MONDAY);
    expect(refusal).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 1 });
    expect(writes(), 'what the first tells of the bucket is enough').toHaveLength(1);
    dynamo.resetHistory();
    expect(await takeMany(second, 5, MONDAY + SECOND - 1), 'from memory').toBe(0);
    expect(writes()).toEqual([]);
    expect(await takeMany(second, 1, MONDAY + SECOND)).toBe(1);
  });

  it('is always told a time that is still to come, and is allowed then if nobody else came', async () => {
    const call = fc.record({ instance: fc.nat(3), pauseMs: fc.constantFrom(0, 0, 0, 100, 700) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 30, maxLength: 120 }), async (calls) => {
        answerBuckets();
        const instances = Array.from({ length: 4 }, anInstance);
        let now = MONDAY;
        for (const { instance, pauseMs } of calls) {
          now += pauseMs;
          const limiter = instances[instance] ?? anInstance();
          const { isAllowed, resetSeconds } = await limiter.take('acme c1', RATE, 1, now);
          if (isAllowed) continue;
          expect(resetSeconds).toBeGreaterThanOrEqual(1);
          now += resetSeconds * SECOND;
          expect((await limiter.take('acme c1', RATE, 1, now)).isAllowed).toBe(true);
        }
      }),
      QUICKLY,
    );
  });

  it('starts anew with a full bucket after a long pause', async () => {
    const limiter = anInstance();
    await takeMany(limiter, 100);
    expect((await limiter.take('acme c1', RATE, 0, MONDAY + MINUTE)).remaining).toBe(RATE.burst);
  });
});
