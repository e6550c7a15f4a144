/** Who is sending which mail, beside the thread it belongs to: each step one conditional write. */
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Claim, FATES, type Fate, type SendRecord, type Settlement } from '../../core/delivery/send.ts';
import type { Sends } from '../../core/ports.ts';
import { calling } from './calling.ts';
import { type Item, Items, keyItem } from './items.ts';
import { sendKey } from './keys.ts';

/** `state` is a word that DynamoDB keeps for itself. */
const NAMES = { '#state': 'state' };
const CLAIMING =
  'SET #state = :claimed, claimedBy = :me, leaseUntil = :until, since = if_not_exists(since, :now),' +
  ' attempts = if_not_exists(attempts, :zero) + :one, tries = if_not_exists(tries, :zero) + :tries';

export class DynamoSends implements Sends {
  readonly #items: Items;

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async claim(sendId: string, now: number, leaseMs: number, retake?: number): Promise<Claim | SendRecord> {
    // Where an answer is lost, the client asks again, and finds its own claim in the way.
    const me = randomUUID();
    const isMine = (item: Item) => item['claimedBy']?.S === me;
    const lease = { ':until': number(now + leaseMs), ':now': number(now) };
    const claiming = { ':claimed': { S: 'claimed' }, ':me': { S: me }, ...lease };
    const counting = { ':zero': number(0), ':one': number(1) };
    const free = await this.#update(sendId, CLAIMING, {
      condition: 'attribute_not_exists(pk) OR #state = :released',
      values: { ...claiming, ...counting, ':tries': number(0), ':released': { S: 'released' } },
    });
    if (free.isDone || isMine(free.item)) return claimOf(free.item);
    const record = recordOf(free.item);
    const isOver = record.state === 'claimed' && record.attempts === retake && record.leaseUntil <= now;
    if (!isOver) return record;
    const retaken = await this.#update(sendId, CLAIMING, {
      condition: '#state = :claimed AND attempts = :retake',
      values: { ...claiming, ...counting, ':tries': number(1), ':retake': number(retake) },
    });
    return retaken.isDone || isMine(retaken.item) ? claimOf(retaken.item) : recordOf(retaken.item);
  }

  async record(sendId: string): Promise<SendRecord | undefined> {
    const item = await this.#items.read(sendKey(sendId));
    return item && recordOf(item);
  }

  async records(sendIds: string[]): Promise<Map<string, SendRecord>> {
    const items = await this.#items.readAll(sendIds.map(sendKey), { isConsistent: false });
    const found = new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item]));
    return new Map(
      sendIds.flatMap((sendId) => {
        const { pk, sk } = sendKey(sendId);
        const item = found.get(`${pk} ${sk}`);
        return item === undefined ? [] : [[sendId, recordOf(item)] as const];
      }),
    );
  }

  async tell(sendId: string, fate: Fate, now: number): Promise<void> {
    const rank = number(FATES.indexOf(fate));
    await this.#update(sendId, 'SET fate = :fate, fateAt = :now', {
      condition: 'attribute_exists(#state) AND (attribute_not_exists(fate) OR fate < :fate)',
      values: { ':fate': rank, ':now': number(now) },
    });
  }

  async settle(sendId: string, attempt: number, settlement: Settlement): Promise<void> {
    if (settlement.state === 'sent') {
      await this.#update(sendId, 'SET #state = :state, providerId = :provider', {
        condition: 'attribute_exists(pk) AND #state <> :state',
        values: { ':state': { S: 'sent' }, ':provider': { S: settlement.providerId } },
      });
      return;
    }
    const tries = settlement.state === 'released' && settlement.isTry ? 1 : 0;
    const detail = settlement.state === 'failed' ? { ':detail': { S: settlement.detail } } : {};
    const setDetail = settlement.state === 'failed' ? ', detail = :detail' : '';
    await this.#update(sendId, `SET #state = :state, tries = tries + :tries${setDetail}`, {
      condition: '#state = :claimed AND attempts = :attempt',
      values: {
        ...{ ':state': { S: settlement.state }, ':tries': number(tries), ':attempt': number(attempt) },
        ...{ ':claimed': { S: 'claimed' }, ...detail },
      },
    });
  }

  /** One conditional write. @returns the item as it is after it or, where the condition does not hold, as it was */
  async #update(
    sendId: string,
    expression: string,
    { condition, values }: { condition: string; values: Item },
  ): Promise<{ isDone: boolean; item: Item }> {
    const command = new UpdateItemCommand({
      TableName: this.#items.table,
      Key: keyItem(sendKey(sendId)),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes = {} } = await calling(() => this.#items.client.send(command));
      return { isDone: true, item: Attributes };
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) return { isDone: false, item: failure.Item ?? {} };
      throw failure;
    }
  }
}

function claimOf(item: Item): Claim {
  return { attempt: numberIn(item, 'attempts'), tries: numberIn(item, 'tries'), since: numberIn(item, 'since') };
}

function recordOf(item: Item): SendRecord {
  return {
    state: (item['state']?.S ?? 'claimed') as SendRecord['state'],
    attempts: numberIn(item, 'attempts'),
    tries: numberIn(item, 'tries'),
    since: numberIn(item, 'since'),
    leaseUntil: numberIn(item, 'leaseUntil'),
    providerId: item['providerId']?.S ?? null,
    fate: fateOf(item),
  };
}

function fateOf(item: Item): SendRecord['fate'] {
  const is = FATES[Number(item['fate']?.N ?? -1)];
  return is === undefined ? null : { is, at: numberIn(item, 'fateAt') };
}

function number(value: number | undefined): AttributeValue {
  return { N: String(value) };
}

function numberIn(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0);
}
