/** Timers on a standard SQS queue, each with the delay after which it is to come back. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Wait, WaitQueue } from '../../core/ports.ts';
import { calling } from './calling.ts';
import { throwIfAny } from './sqs-sending.ts';

/** The sweep hands the same timer on every minute while it is near: it is put here once by each instance. */
const REMEMBERED_MAX = 10_000;
const BATCH_MAX = 10;
const DELAY_SECONDS_MAX = 900;
const SIDE_BY_SIDE = 10;

export class SqsWaitQueue implements WaitQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #clock: Clock;
  /** Which generation of a thread's timer was put last, and when it comes back. */
  readonly #under = new Map<string, { generation: number; backAt: number }>();

  constructor(client: SQSClient, queueUrl: string, clock: Clock) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#clock = clock;
  }

  async put(waits: Wait[]): Promise<void> {
    const now = this.#clock.now();
    const open = waits.filter((wait) => !this.#isUnderWay(wait, now));
    const batches: Wait[][] = [];
    for (let from = 0; from < open.length; from += BATCH_MAX) batches.push(open.slice(from, from + BATCH_MAX));
    for (let from = 0; from < batches.length; from += SIDE_BY_SIDE) {
      await Promise.all(batches.slice(from, from + SIDE_BY_SIDE).map((batch) => this.#send(batch, now)));
    }
  }

  async #send(batch: Wait[], now: number): Promise<void> {
    const Entries = batch.map(({ timer: { thread, dueAt, generation }, delayMs }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ thread, dueAt, generation }),
      // One that comes too early waits again; one that SQS refuses would keep its whole batch from ever coming.
      DelaySeconds: Math.min(Math.ceil(delayMs / 1000), DELAY_SECONDS_MAX),
    }));
    const command = new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries });
    const { Failed = [] } = await calling(() => this.#client.send(command));
    throwIfAny(Failed);
    if (this.#under.size >= REMEMBERED_MAX) this.#under.clear();
    for (const { timer, delayMs } of batch) {
      this.#under.set(timer.thread, { generation: timer.generation, backAt: now + delayMs });
    }
  }

  #isUnderWay({ timer, delayMs }: Wait, now: number): boolean {
    const known = this.#under.get(timer.thread);
    return known?.generation === timer.generation && known.backAt > now && known.backAt <= now + delayMs;
  }
}
