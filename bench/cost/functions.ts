/** The real functions in this process, called as AWS calls them: by events, in batches, until nothing is left. */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Variable } from '../../lambdas/runtime/environment.ts';
import { aTemplate, resourcesOf } from '../../test/support/stack.ts';
import type { Meter, SentMail } from './meter.ts';

/** A vCPU is given with 1,769 MB (Lambda developer guide, "Configure Lambda function memory"). */
const MEGABYTES_A_CPU = 1_769;
const QUEUES = { routing: 'LANE_QUEUE', delivery: 'MAIL_QUEUE' } as const;

/** A poller takes at most so many messages at once, however large the batch is that it hands on. */
const RECEIVED_MAX = 10;

/** The account, past the meter and through it; and when the meter has heard of all that went through. */
interface To {
  endpoint: string;
  wire: string;
  heard: () => Promise<void>;
}

type Handler = (event: never) => Promise<unknown>;

/** What has passed in stories beside the time that passed while they were told. */
let passedMs = 0;
const { now } = Date;
Date.now = () => now() + passedMs;

export class Functions {
  readonly #meter: Meter;
  readonly #environment: Record<Variable, string>;
  readonly #handlers: Record<string, Handler>;
  /** Not metered: as a queue's poller, it counts for itself. */
  readonly #sqs: SQSClient;
  readonly #heard: () => Promise<void>;

  private constructor(
    meter: Meter,
    environment: Record<Variable, string>,
    handlers: Record<string, Handler>,
    { endpoint, heard }: To,
  ) {
    this.#meter = meter;
    this.#environment = environment;
    this.#handlers = handlers;
    this.#sqs = new SQSClient({ endpoint });
    this.#heard = heard;
  }

  /** Imports the functions, which read their environment then. */
  static async start(meter: Meter, environment: Record<Variable, string>, to: To): Promise<Functions> {
    // A queue is called where its URL says.
    const metered = Object.entries(environment).map(([name, value]) => [name, value.replace(to.endpoint, to.wire)]);
    Object.assign(process.env, Object.fromEntries(metered), { AWS_ENDPOINT_URL: to.wire });
    const handlers: Record<string, Handler> = {};
    for (const name of ['intake', 'queries', 'routing', 'delivery', 'sla-check', 'email-events']) {
      const module = (await import(`../../lambdas/${name}/handler.ts`)) as { handler: Handler };
      handlers[name] = module.handler;
    }
    return new Functions(meter, environment, handlers, to);
  }

  /** A request, by the API. @throws where the answer is no success */
  async request(method: string, path: string, token: string, body?: object) {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const event = {
      ...{ version: '2.0', rawPath, rawQueryString, isBase64Encoded: false },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      requestContext: { http: { method, sourceIp: '192.0.2.1' } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    this.#meter.count('HTTP API requests');
    this.#meter.count('log bytes', ACCESS_LOG_BYTES);
    const answer = await this.#invoke(method === 'GET' ? 'queries' : 'intake', event);
    const { statusCode, body: text } = answer as { statusCode: number; body: string };
    if (statusCode >= 300) throw new Error(`${method} ${path} was answered ${statusCode}: ${text}`);
    return JSON.parse(text);
  }

  /** As the schedule does every minute. */
  async sweep(): Promise<void> {
    await this.#invoke('sla-check', { sweep: true });
  }

  /** Lets time pass, for all that asks what time it is; timers that are over by then go to their lanes. */
  async pass(ms: number): Promise<void> {
    passedMs += ms;
    await this.#heard();
    const timers = this.#meter.takeTimers(Date.now());
    if (timers.length === 0) return;
    this.#meter.count('SQS requests', 2 * Math.ceil(timers.length / RECEIVED_MAX)); // its poller's
    const messages = timers.map((timer, index) => ({ MessageId: String(index), Body: JSON.stringify(timer) }));
    for (let from = 0; from < messages.length; from += RECEIVED_MAX) {
      await this.#invoke('sla-check', eventOf(messages.slice(from, from + RECEIVED_MAX)));
    }
  }

  /** Lets the queues' workers work until both are empty. @param batch how many messages they are given at once */
  async settle(batch: number): Promise<void> {
    for (let isIdle = false; !isIdle; ) {
      isIdle = true;
      for (const name of ['routing', 'delivery'] as const) {
        while (await this.#work(name, batch)) isIdle = false;
      }
    }
  }

  /**
   * Lets SES tell of mails that it has sent and delivered, by the bus and the queue. The bus asks nothing for an event
   * of a service; the queue does for each message in, and for those that its poller takes out and away.
   */
  async hear(sends: SentMail[]): Promise<void> {
    if (sends.length === 0) return;
    const events = sends.flatMap((mail) => [sesEvent('Email Sent', mail), sesEvent('Email Delivered', mail)]);
    const messages = events.map((event, index) => ({ MessageId: String(index), Body: JSON.stringify(event) }));
    this.#meter.count('SQS requests', messages.length + 2 * Math.ceil(messages.length / RECEIVED_MAX));
    await this.#invoke('email-events', eventOf(messages));
  }

  async #work(name: keyof typeof QUEUES, batch: number): Promise<boolean> {
    const QueueUrl = this.#environment[QUEUES[name]];
    const receive = { QueueUrl, MaxNumberOfMessages: batch, MessageSystemAttributeNames: ['All' as const] };
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(receive));
    if (Messages.length === 0) return false;
    const { batchItemFailures } = (await this.#invoke(name, eventOf(Messages))) as SQSBatchResponse;
    if (batchItemFailures.length > 0) throw new Error(`${name} left ${batchItemFailures.length} messages.`);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    this.#meter.count('SQS FIFO requests', 2); // one to receive, one to delete: the poller's, of the whole batch
    return true;
  }

  /** A function is paid for from its call to its answer; with less memory it has less of a processor. */
  async #invoke(name: string, event: object): Promise<unknown> {
    const megabytes = memoryOf(name);
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    const written = listen();
    try {
      return await this.#handlers[name]?.(event as never);
    } finally {
      const { user, system } = process.cpuUsage(cpu);
      const slowerMs = ((user + system) / 1_000) * (MEGABYTES_A_CPU / megabytes - 1);
      const seconds = (performance.now() - startedAt + slowerMs) / 1_000;
      this.#meter.count('Lambda invocations');
      this.#meter.count('Lambda GB-seconds (arm64)', (seconds * megabytes) / 1024);
      this.#meter.count('log bytes', written());
    }
  }
}

/** What the access log writes of a request, as `lib/constructs/http-api.ts` formats it. */
const ACCESS_LOG_BYTES = 130;

const TEMPLATE_FUNCTIONS = resourcesOf(aTemplate(), 'AWS::Lambda::Function');

/** As the stack gives it, in MB. */
function memoryOf(name: string): number {
  const id = name.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());
  const [, resource] = TEMPLATE_FUNCTIONS.find(([logical]) => logical.startsWith(`${id}Function`)) ?? [];
  return Number(resource?.Properties['MemorySize']);
}

function eventOf(messages: Message[]): SQSEvent {
  const Records = messages.map(({ MessageId, Body, ReceiptHandle, Attributes }) => ({
    ...{ messageId: MessageId, body: Body, receiptHandle: ReceiptHandle, attributes: Attributes },
  }));
  return { Records } as unknown as SQSEvent;
}

/** Holds back what a function writes. @returns ends it, and tells how much that was, in bytes */
function listen(): () => number {
  const { write } = process.stdout;
  let bytes = 0;
  process.stdout.write = ((chunk: string | Uint8Array) => {
    bytes += Buffer.byteLength(chunk);
    return true;
  }) as typeof write;
  return () => {
    process.stdout.write = write;
    return bytes;
  };
}

function sesEvent(type: 'Email Sent' | 'Email Delivered', { messageId, tags }: SentMail): object {
  const told = Object.entries(tags).map(([name, value]) => [name, [value]]);
  return { source: 'aws.ses', 'detail-type': type, detail: { mail: { messageId, tags: Object.fromEntries(told) } } };
}
