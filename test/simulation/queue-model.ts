/**
 * A FIFO queue as SQS is one: order within a group, one batch of it in flight, redelivery when a batch was not deleted
 * in time, deduplication by message id for five minutes. What a consumer that is too late deletes stays.
 */
import type { LaneMessage } from '../../core/ports.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

interface Message<T> {
  id: string;
  body: T;
  visibleAt: number;
  receives: number;
}

interface QueueSettings<T> {
  name: string;
  batchMax: number;
  visibilityMs: number;
  /** How long the consuming function may run. */
  lifeMs: number;
  skewMsMax?: number;
  handle: (invocation: Invocation, lane: string, bodies: T[]) => Promise<{ done: number; retryInMs?: number }>;
  /** Sabotage: forgets messages as soon as they are received. */
  isForgetful?: boolean;
  /** Sabotage: hands a lane's next message out while an earlier one is still in flight. */
  isShared?: boolean;
}

const DEDUPLICATION_MS = 300_000;
const DELETE_LOST = 0.02;
const RECEIVES_MAX = 500;
const RETRY_MS = 200;

export class QueueModel<T> {
  readonly #scheduler: Scheduler;
  readonly #settings: QueueSettings<T>;
  readonly #lanes = new Map<string, Message<T>[]>();
  /** The batch of each lane that was handed out and not deleted yet. */
  readonly #inFlight = new Map<string, object>();
  readonly #seen = new Map<string, number>();
  /** Ids of messages in the order in which each lane took them, first coming only. */
  readonly order = new Map<string, string[]>();
  /** Messages that came too often: there should be none. */
  readonly dead: string[] = [];

  constructor(scheduler: Scheduler, settings: QueueSettings<T>) {
    this.#scheduler = scheduler;
    this.#settings = settings;
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  /** Takes messages, as JSON takes them. */
  send(lane: string, messages: { id: string; body: T }[]): void {
    const { now } = this.#scheduler;
    for (const { id, body } of messages) {
      const seenAt = this.#seen.get(id);
      if (seenAt !== undefined && seenAt > now - DEDUPLICATION_MS) continue;
      if (seenAt === undefined) this.order.set(lane, [...(this.order.get(lane) ?? []), id]);
      this.#seen.set(id, now);
      const message = { id, body: JSON.parse(JSON.stringify(body)) as T, visibleAt: now, receives: 0 };
      this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), message]);
    }
    this.#offer(lane, 0);
  }

  #offer(lane: string, delayMs: number): void {
    this.#scheduler.plan(delayMs, `${this.#settings.name} offers`, () => this.#receive(lane));
  }

  #receive(lane: string): void {
    const { now, random } = this.#scheduler;
    const waiting = this.#lanes.get(lane) ?? [];
    const { visibilityMs, batchMax, lifeMs, name, handle, isForgetful = false, isShared = false } = this.#settings;
    const [first] = isShared ? waiting.filter(({ visibleAt }) => visibleAt <= now) : waiting;
    if (first === undefined || (this.#inFlight.has(lane) && !isShared)) return;
    if (first.visibleAt > now) {
      this.#offer(lane, first.visibleAt - now);
      return;
    }
    const batch = isShared ? [first] : waiting.slice(0, random.chance(0.5) ? 1 : batchMax);
    if (isShared) this.#offer(lane, 0);
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = now + visibilityMs;
      if (message.receives > RECEIVES_MAX) this.dead.push(message.id);
    }
    const receipt = { lane };
    this.#inFlight.set(lane, receipt);
    this.#scheduler.plan(visibilityMs, `${name} looks whether a batch was deleted`, () => {
      if (this.#inFlight.get(lane) !== receipt && !isShared) return;
      this.#inFlight.delete(lane);
      this.#receive(lane);
    });
    if (isForgetful) this.#delete(lane, batch, batch.length, 0);
    const invocation = this.#scheduler.invocation(name, lifeMs, this.#settings.skewMsMax);
    void handle(
      invocation,
      lane,
      batch.map(({ body }) => body),
    ).then(({ done, retryInMs = RETRY_MS }) => {
      const isLate = (this.#inFlight.get(lane) !== receipt && !isShared) || invocation.isDead;
      if (!isLate && !this.#scheduler.isLost(DELETE_LOST)) this.#delete(lane, batch, done, retryInMs);
    });
  }

  /** Deletes what is done; the rest is visible again a little later. */
  #delete(lane: string, batch: Message<T>[], done: number, retryInMs: number): void {
    const deleted = new Set(batch.slice(0, done));
    const left = (this.#lanes.get(lane) ?? []).filter((message) => !deleted.has(message));
    for (const message of batch.slice(done)) message.visibleAt = this.#scheduler.now + retryInMs;
    if (left.length === 0) this.#lanes.delete(lane);
    else this.#lanes.set(lane, left);
    this.#inFlight.delete(lane);
    this.#offer(lane, done === batch.length ? 0 : retryInMs);
  }
}

/** Lane messages as a queue of their own kind. */
export function sendToLanes(queue: QueueModel<LaneMessage>, messages: LaneMessage[]): void {
  for (const message of messages) queue.send(message.lane, [{ id: message.id, body: message }]);
}
