/**
 * Customers and organisations in DynamoDB: a record is an item, written as long as it is as it was read; where its
 * handles change, these are items of the same transaction, so that each is one record's at most. What is let go of
 * stays as an item that is nobody's: no function may delete.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
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
import type { Customers } from '../../core/ports.ts';
import type { Page, PageRequest } from '../../core/thread/commit.ts';
import { calling } from './calling.ts';
import { cancellationCodes, cancelledForNow, type Item, Items, keyItem } from './items.ts';
import { handleKey, recordKey, recordsPk } from './keys.ts';
import { readStoredText, storedText } from './stored-text.ts';

const NOBODY = '';

export class DynamoCustomers implements Customers {
  readonly #items: Items;

  constructor(client: DynamoDBClient, table: string) {
    this.#items = new Items(client, table);
  }

  async load<K extends RecordKind>(kind: K, business: string, id: string): Promise<Records[K] | undefined> {
    const item = await this.#items.read(recordKey(kind, business, id));
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
      TableName: this.#items.table,
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
      await calling(() => this.#items.client.send(new TransactWriteItemsCommand({ TransactItems })));
      return { result: 'put' };
    } catch (failure) {
      if (failure instanceof TransactionCanceledException) return resultOf(failure, taken);
      throw failure;
    }
  }

  async holder(business: string, handle: Handle): Promise<string | undefined> {
    const holder = (await this.#items.read(handleKey(business, handle)))?.['holder']?.S;
    return holder === NOBODY ? undefined : holder;
  }

  async list<K extends RecordKind>(kind: K, business: string, page: PageRequest): Promise<Page<Records[K]>> {
    const after = page.after === null ? null : idOfCursor(page.after);
    const command = new QueryCommand({
      TableName: this.#items.table,
      KeyConditionExpression: after === null ? 'pk = :pk' : 'pk = :pk AND sk > :after',
      ExpressionAttributeValues: {
        ':pk': { S: recordsPk(kind, business) },
        ...(after === null ? {} : { ':after': { S: after } }),
      },
      Limit: page.limit,
    });
    const { Items = [], LastEvaluatedKey } = await calling(() => this.#items.client.send(command));
    const items = Items.map((item) => decodeRecord(kind, item['sk']?.S ?? '', readStoredText(item)));
    return { items, next: LastEvaluatedKey === undefined ? null : cursorAfter(LastEvaluatedKey['sk']?.S ?? '') };
  }

  async #putAlone(own: { TableName: string; Item: Item }): Promise<PutResult> {
    try {
      await calling(() => this.#items.client.send(new PutItemCommand(own)));
      return { result: 'put' };
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) return { result: 'conflict' };
      throw failure;
    }
  }

  /** A handle that is this record's or nobody's, and whose it is to be. */
  #handleOf(id: string, business: string, handle: Handle, holder: string) {
    return {
      TableName: this.#items.table,
      Item: { ...keyItem(handleKey(business, handle)), holder: { S: holder } },
      ConditionExpression: 'attribute_not_exists(pk) OR holder = :me OR holder = :nobody',
      ExpressionAttributeValues: { ':me': { S: id }, ':nobody': { S: NOBODY } },
    };
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
  const codes = cancellationCodes(failure);
  const refused = codes.indexOf('ConditionalCheckFailed');
  const handle = taken[refused - 1];
  if (refused > 0 && handle !== undefined) return { result: 'taken', handle };
  if (refused >= 0) return { result: 'conflict' };
  throw cancelledForNow(failure);
}
