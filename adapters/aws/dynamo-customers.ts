/**
 * Customers and organisations in DynamoDB: a record is an item, written as long as it is as it was read; where its
 * handles change, these are items of the same transaction, so that each is one record's at most. What is let go of
 * stays as an item that is nobody's: no function may delete.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  cursorAfter,
  decodeRecord,
  encodeRecord,
  type Handle,
  handleChanges,
  idOfCursor,
  type PutResult,
  type RecordKind,
  type Records,
} from '../../core/customer/record.ts';
import { TransientFailure } from '../../core/failures.ts';
import type { Customers } from '../../core/ports.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import { calling } from './calling.ts';
import { handleKey, type Key, recordKey, recordsPk } from './keys.ts';
import { readStoredText, storedText } from './stored-text.ts';

type Item = Record<string, AttributeValue>;

const NOBODY = '';

export class DynamoCustomers implements Customers {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async load<K extends RecordKind>(kind: K, business: string, id: string): Promise<Records[K] | undefined> {
    const item = await this.#get(recordKey(kind, business, id));
    return item && decodeRecord(kind, id, readStoredText(item));
  }

  async put<K extends RecordKind>(
    kind: K,
    business: string,
    record: Records[K],
    before: Records[K] | undefined,
  ): Promise<PutResult> {
    const { id, version } = record;
    const { taken, released } = handleChanges(kind, before, record);
    const own = {
      TableName: this.#table,
      Item: {
        ...keyItem(recordKey(kind, business, id)),
        version: { N: String(version) },
        ...storedText(encodeRecord(kind, record)),
      },
      ...asRead(before),
    };
    if (taken.length + released.length === 0) return this.#putAlone(own);
    const handles = [
      ...taken.map((handle) => this.#handleOf(id, business, handle, id)),
      ...released.map((handle) => this.#handleOf(id, business, handle, NOBODY)),
    ];
    const TransactItems = [own, ...handles].map((Put) => ({ Put }));
    try {
      await calling(() => this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
      return { result: 'put' };
    } catch (failure) {
      if (failure instanceof TransactionCanceledException) return resultOf(failure, taken);
      throw failure;
    }
  }

  async holder(business: string, handle: Handle): Promise<string | undefined> {
    const holder = (await this.#get(handleKey(business, handle)))?.['holder']?.S;
    return holder === NOBODY ? undefined : holder;
  }

  async list<K extends RecordKind>(kind: K, business: string, page: PageRequest): Promise<Page<Records[K]>> {
    const after = page.after === null ? null : idOfCursor(page.after);
    const command = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: after === null ? 'pk = :pk' : 'pk = :pk AND sk > :after',
      ExpressionAttributeValues: {
        ':pk': { S: recordsPk(kind, business) },
        ...(after === null ? {} : { ':after': { S: after } }),
      },
      Limit: page.limit,
    });
    const { Items = [], LastEvaluatedKey } = await calling(() => this.#client.send(command));
    const items = Items.map((item) => decodeRecord(kind, item['sk']?.S ?? '', readStoredText(item)));
    return { items, next: LastEvaluatedKey === undefined ? null : cursorAfter(LastEvaluatedKey['sk']?.S ?? '') };
  }

  async #putAlone(own: { TableName: string; Item: Item }): Promise<PutResult> {
    try {
      await calling(() => this.#client.send(new PutItemCommand(own)));
      return { result: 'put' };
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) return { result: 'conflict' };
      throw failure;
    }
  }

  /** A handle that is this record's or nobody's, and whose it is to be. */
  #handleOf(id: string, business: string, handle: Handle, holder: string) {
    return {
      TableName: this.#table,
      Item: { ...keyItem(handleKey(business, handle)), holder: { S: holder } },
      ConditionExpression: 'attribute_not_exists(pk) OR holder = :me OR holder = :nobody',
      ExpressionAttributeValues: { ':me': { S: id }, ':nobody': { S: NOBODY } },
    };
  }

  async #get(key: Key): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: keyItem(key), ConsistentRead: true });
    return (await calling(() => this.#client.send(command))).Item;
  }
}

function asRead(before: { version: number } | undefined) {
  if (before === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(before.version) } },
  };
}

/** What a cancelled transaction says, reason by reason: first of the record, then of each handle. */
function resultOf(failure: TransactionCanceledException, taken: Handle[]): PutResult {
  const codes = (failure.CancellationReasons ?? []).map(({ Code }) => Code);
  const refused = codes.indexOf('ConditionalCheckFailed');
  const handle = taken[refused - 1];
  if (refused > 0 && handle !== undefined) return { result: 'taken', handle };
  if (refused >= 0) return { result: 'conflict' };
  throw new TransientFailure(codes.find((code) => code !== 'None') ?? failure.name, { cause: failure });
}

function keyItem({ pk, sk }: Key): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}
