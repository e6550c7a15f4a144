/** Performs effects by handing them to queues and the bus. Ids make a second performance harmless. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { mailLaneOf } from '../../core/delivery/send.ts';
import type { Effects, Events, Lanes, Performance, WaitQueue } from '../../core/ports.ts';
import { sendFifo } from './sqs-sending.ts';

export class SqsEffects implements Effects {
  readonly #client: SQSClient;
  readonly #mailQueueUrl: string;
  readonly #lanes: Lanes;
  readonly #events: Events;
  readonly #waits: WaitQueue;

  constructor(client: SQSClient, mailQueueUrl: string, to: { lanes: Lanes; events: Events; waits: WaitQueue }) {
    this.#client = client;
    this.#mailQueueUrl = mailQueueUrl;
    this.#lanes = to.lanes;
    this.#events = to.events;
    this.#waits = to.waits;
  }

  async perform({ mails, commands, events, timers }: Performance): Promise<void> {
    const jobs = mails.map((job) => ({ group: mailLaneOf(job), id: job.sendId, body: JSON.stringify(job) }));
    await Promise.all([
      jobs.length > 0 && sendFifo(this.#client, this.#mailQueueUrl, jobs),
      commands.length > 0 && this.#lanes.send(commands),
      events.length > 0 && this.#events.publish(events),
      timers.length > 0 && this.#waits.put(timers),
    ]);
  }
}
