/** Public events on an EventBridge bus, each whole as the detail: a CloudEvent. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import { TransientFailure } from '../../core/failures.ts';
import type { Events } from '../../core/ports.ts';
import { calling } from './calling.ts';

const BATCH_MAX = 10;
const EVENT_SOURCE = 'meanwhile';

export class EventBridgeEvents implements Events {
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(client: EventBridgeClient, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  async publish(events: CloudEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += BATCH_MAX) {
      const Entries = events.slice(from, from + BATCH_MAX).map((event) => ({
        EventBusName: this.#bus,
        Source: EVENT_SOURCE,
        DetailType: event.type,
        Time: new Date(event.time),
        Detail: JSON.stringify(event),
      }));
      const { FailedEntryCount = 0, Entries: answers = [] } = await calling(() =>
        this.#client.send(new PutEventsCommand({ Entries })),
      );
      // The whole batch goes out again then: subscribers tell by the event's id.
      if (FailedEntryCount > 0) throw new TransientFailure(answers.find(({ ErrorCode }) => ErrorCode)?.ErrorCode);
    }
  }
}
