/** Counts what goes over the wire to AWS, by what it is billed as. */
import type { Counted } from './prices.ts';
import { chunks, type Item, indexWriteUnits, itemBytes, readUnits, writeUnits } from './units.ts';

export type Usage = Partial<Record<Counted, number>>;

// biome-ignore lint/suspicious/noExplicitAny: what the services' JSON is, their documentation says
type Json = any;

/** One request to a service, and its answer. */
export interface Call {
  /** As the SDK names it: `DynamoDB_20120810.GetItem`; of S3 and SES, method and path. */
  operation: string;
  input: Json;
  output: Json;
}

/** A mail that SES was given, as its event will name it. */
export interface SentMail {
  messageId: string;
  tags: Record<string, string>;
}

/** A message of the wait queue. */
export interface Timer {
  thread: string;
  dueAt: number;
  generation: number;
}

export class Meter {
  readonly #usage = new Map<Counted, number>();
  /** Items as they were written last: what an update replaces, and which index entries it moves. */
  readonly #items = new Map<string, Item>();

  readonly #mails: SentMail[] = [];
  #timers: Timer[] = [];

  count(what: Counted, amount = 1): void {
    this.#usage.set(what, (this.#usage.get(what) ?? 0) + amount);
  }

  /** Mails that SES was given since the last time. */
  takeMails(): SentMail[] {
    return this.#mails.splice(0);
  }

  /** Timers on the wait queue that are over by then. */
  takeTimers(now: number): Timer[] {
    const over = this.#timers.filter(({ dueAt }) => dueAt <= now);
    this.#timers = this.#timers.filter(({ dueAt }) => dueAt > now);
    return over;
  }

  /** What was counted since the last time. */
  take(): Usage {
    const usage = Object.fromEntries(this.#usage);
    this.#usage.clear();
    return usage;
  }

  note({ operation, input, output }: Call): void {
    const [service = '', name = ''] = operation.split('.');
    if (service.startsWith('DynamoDB')) this.#noteTable(name, input, output);
    else if (service === 'AmazonSQS') this.#noteQueue(input);
    else if (service === 'AWSEvents') this.#noteEvents(input);
    else if (service === 'AmazonSSM') this.count('SSM reads');
    else if (operation.includes('/v2/email/')) this.#noteMail(input, output);
    else this.count(operation.startsWith('GET') ? 'S3 reads' : 'S3 writes');
  }

  #noteMail(input: Json, output: Json): void {
    const tags = input.EmailTags.map(({ Name, Value }: Json) => [Name, Value]);
    this.#mails.push({ messageId: output.MessageId, tags: Object.fromEntries(tags) });
  }

  #noteTable(name: string, input: Json, output: Json): void {
    switch (name) {
      case 'TransactWriteItems':
        for (const { Put, Delete, ConditionCheck } of input.TransactItems) {
          if (Put) this.#put(Put.Item, true);
          else if (Delete) this.#delete(Delete.Key);
          else this.count('DynamoDB write units', writeUnits(undefined, this.#known(ConditionCheck.Key), true));
        }
        return;
      case 'PutItem':
        this.#put(input.Item, false);
        return;
      case 'UpdateItem':
        this.#update(input.Key, output.Attributes ?? output.Item ?? {});
        return;
      case 'GetItem':
        this.count('DynamoDB read units', readUnits(itemBytes(output.Item ?? {}), input.ConsistentRead === true));
        return;
      case 'BatchGetItem':
        for (const item of Object.values(output.Responses).flat()) {
          this.count('DynamoDB read units', readUnits(itemBytes(item as Item), false));
        }
        return;
      case 'Query': {
        const bytes = (output.Items as Item[]).reduce((sum, item) => sum + itemBytes(item), 0);
        this.count('DynamoDB read units', readUnits(bytes, input.ConsistentRead === true));
        return;
      }
      default:
        throw new RangeError(`The meter does not know ${name}.`);
    }
  }

  #put(item: Item, isTransactional: boolean): void {
    const before = this.#known(item);
    this.count('DynamoDB write units', writeUnits(before, item, isTransactional));
    const moved = indexWriteUnits(before, item);
    if (moved > 0) this.count('DynamoDB index write units', moved);
    this.#items.set(keyOf(item), item);
  }

  /** As a write of what is deleted. */
  #delete(key: Item): void {
    const before = this.#known(key);
    this.count('DynamoDB write units', writeUnits(before, {}, true));
    const moved = indexWriteUnits(before, {});
    if (moved > 0) this.count('DynamoDB index write units', moved);
    this.#items.delete(keyOf(key));
  }

  #update(key: Item, after: Item): void {
    this.count('DynamoDB write units', writeUnits(this.#known(key), after));
    this.#items.set(keyOf(key), { ...key, ...after });
  }

  #known(key: Item): Item {
    return this.#items.get(keyOf(key)) ?? {};
  }

  #noteQueue({ QueueUrl, Entries = [{}], MessageBody }: Json): void {
    const bodies = MessageBody === undefined ? Entries.map((entry: Json) => entry.MessageBody ?? '') : [MessageBody];
    const bytes = bodies.reduce((sum: number, body: string) => sum + Buffer.byteLength(body), 0);
    if (String(QueueUrl).endsWith('waits')) this.#timers.push(...bodies.map((body: string) => JSON.parse(body)));
    this.count(String(QueueUrl).endsWith('.fifo') ? 'SQS FIFO requests' : 'SQS requests', chunks(bytes));
  }

  #noteEvents({ Entries }: Json): void {
    for (const { Detail, Source, DetailType } of Entries) {
      this.count('EventBridge events', chunks(Buffer.byteLength(`${Detail}${Source}${DetailType}`)));
    }
  }
}

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}
