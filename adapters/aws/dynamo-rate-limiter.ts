/**
 * Token buckets that all instances share, each as the instant at which it would be full again (GCRA).
 *
 * Most callers write seldom, and a write to the table costs more than half of theirs. So an instance lets a tenth of
 * the burst through on its own account, and settles with the shared bucket only then: a caller of many instances gets
 * at most a tenth of the burst more from each. One who was refused is refused from memory until the time has come.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { sha256Hex } from '../../core/digest.ts';
import type { Rate } from '../../core/policy/policy.ts';
import type { RateLimiter, RateVerdict } from '../../core/ports.ts';
import { allowed, fullAfter, leftIn, microsOf, refillMicrosOf, refused } from '../../core/rate/bucket.ts';
import { calling } from './calling.ts';

/** What an instance remembers of a caller. */
interface Account {
  /** When the shared bucket was last known to be full again, with what was let through here since. */
  fullAtMicros: number;
  /** What was let through here, and not yet taken from the shared bucket. */
  owed: number;
}

const ACCOUNTS_MAX = 10_000;
const OWN_PART_OF_BURST = 10;
const HASH_CHARS = 32;
const MICROS_A_SECOND = 1_000_000;
/** How long a bucket that is full again is kept, before the table removes it. */
const KEPT_SECONDS = 3_600;

export class DynamoRateLimiter implements RateLimiter {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #accounts = new Map<string, Account>();

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async take(key: string, rate: Rate, cost: 0 | 1, now: number): Promise<RateVerdict> {
    const account = this.#accounts.get(key) ?? { fullAtMicros: 0, owed: 0 };
    if (leftIn(account.fullAtMicros, rate, now) < cost) return refused(account.fullAtMicros, cost, rate, now);
    const after = fullAfter(account.fullAtMicros, cost, rate, now);
    if (cost === 0) return allowed(after, rate, now);
    // Owed until it is settled, however long ago: this bucket may be full again, and the shared one not.
    const owed = account.owed + 1;
    if (owed <= rate.burst / OWN_PART_OF_BURST) {
      this.#remember(key, { fullAtMicros: after, owed });
      return allowed(after, rate, now);
    }
    const { isTaken, fullAtMicros } = await this.#settle(key, owed, rate, now);
    if (isTaken) {
      this.#remember(key, { fullAtMicros, owed: 0 });
      return allowed(fullAtMicros, rate, now);
    }
    // The next request has to wait until the bucket holds what is owed, too.
    const withDebt = fullAtMicros + account.owed * refillMicrosOf(rate);
    this.#remember(key, { fullAtMicros: withDebt, owed: account.owed });
    return refused(withDebt, 1, rate, now);
  }

  /** Takes what is owed from the shared bucket, if it holds so much. */
  async #settle(key: string, owed: number, rate: Rate, now: number) {
    const [nowMicros, owedMicros] = [microsOf(now), owed * refillMicrosOf(rate)];
    const burstMicros = rate.burst * refillMicrosOf(rate);
    const expires = { ':expires': number(Math.ceil((nowMicros + burstMicros) / MICROS_A_SECOND) + KEPT_SECONDS) };
    const full = { ':now': number(nowMicros), ':to': number(nowMicros + owedMicros), ...expires };
    const fresh = await this.#update(key, 'SET fullAt = :to', 'attribute_not_exists(pk) OR fullAt <= :now', full);
    if (fresh.isDone) return { isTaken: true, fullAtMicros: nowMicros + owedMicros };
    const most = nowMicros + burstMicros - owedMicros;
    if (fresh.fullAtMicros > most) return { isTaken: false, fullAtMicros: fresh.fullAtMicros };
    const more = { ':owed': number(owedMicros), ':most': number(most), ...expires };
    const added = await this.#update(key, 'SET fullAt = fullAt + :owed', 'fullAt <= :most', more);
    return { isTaken: added.isDone, fullAtMicros: added.fullAtMicros };
  }

  async #update(key: string, expression: string, condition: string, values: Record<string, AttributeValue>) {
    const [business = ''] = key.split(' ');
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: { pk: { S: `${business}#RATE#${sha256Hex(key).slice(0, HASH_CHARS)}` }, sk: { S: 'RATE' } },
      UpdateExpression: `${expression}, expiresAt = :expires`,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await calling(() => this.#client.send(command));
      return { isDone: true, fullAtMicros: Number(Attributes?.['fullAt']?.N ?? 0) };
    } catch (failure) {
      if (!(failure instanceof ConditionalCheckFailedException)) throw failure;
      return { isDone: false, fullAtMicros: Number(failure.Item?.['fullAt']?.N ?? 0) };
    }
  }

  #remember(key: string, account: Account): void {
    this.#accounts.delete(key); // so that the map's order is that of the last touch
    if (this.#accounts.size >= ACCOUNTS_MAX) {
      const [oldest] = this.#accounts.keys();
      if (oldest !== undefined) this.#accounts.delete(oldest);
    }
    this.#accounts.set(key, account);
  }
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}
