/**
 * A FIFO queue as SQS is one: order within a group, one batch of it in flight, redelivery when a batch was not deleted
 * in time, deduplication by message id for five minutes (but not for certain). What a consumer that is too late deletes
 * stays.
 */
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
  /** Whether a message may be taken twice although its id is known. */
  takesTwice: boolean;
  handle: (invocation: Invocation, lane: string, bodies: T[]) => Promise<{ done: number; retryInMs?: number }>;
  /** Sabotage: forgets messages as soon as they are received. */
  isForgetful?: boolean;
  /** Sabotage: hands a lane's next message out while an earlier one is still in flight. */
  isShared?: boolean;
}

const DEDUPLICATION_MS = 300_000;
const DELETE_LOST = 0.02;
const RECEIVES_MAX = 1_000;
const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 20_000;

export class QueueModel<T> {
  readonly #scheduler: Scheduler;
  readonly #settings: QueueSettings<T>;
  readonly #lanes = new Map<string, Message<T>[]>();
  /** The batch of each lane that was handed out and not deleted yet. */
  readonly #inFlight = new Map<string, object>();
  readonly #seen = new Map<string, number>();
  /** How many messages were taken although their ids were known. */
  takenTwice = 0;
  /** Told of everything that is sent, also what is known already. */
  onSend: (id: string, body: T) => void = () => {};
  /** What each lane took, in order, first coming only. */
  readonly taken = new Map<string, { id: string; body: T; at: number }[]>();
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
    const { now, random } = this.#scheduler;
    for (const { id, body } of messages) {
      this.onSend(id, body);
      const seenAt = this.#seen.get(id);
      const isKnown = seenAt !== undefined && seenAt > now - DEDUPLICATION_MS;
      if (isKnown && !(this.#settings.takesTwice && random.chance(0.5))) continue;
      if (isKnown) this.takenTwice += 1;
      const copy = JSON.parse(JSON.stringify(body)) as T;
      if (seenAt === undefined) this.#note(lane, { id, body: copy, at: now });
      this.#seen.set(id, now);
      const waiting = this.#lanes.get(lane) ?? [];
      waiting.push({ id, body: copy, visibleAt: now, receives: 0 });
      this.#lanes.set(lane, waiting);
    }
    this.#offer(lane, 0);
  }

  #note(lane: string, message: { id: string; body: T; at: number }): void {
    const before = this.taken.get(lane);
    if (before === undefined) this.taken.set(lane, [message]);
    else before.push(message);
  }

  #offer(lane: string, delayMs: number): void {
    this.#scheduler.plan(delayMs, `${this.#settings.name} offers`, () => this.#receive(lane));
  }

  #receive(lane: string): void {
    const { now, random } = this.#scheduler;
    const waiting = this.#lanes.get(lane) ?? [];
    const { batchMax, isShared = false } = this.#settings;
    const [first] = isShared ? waiting.filter(({ visibleAt }) => visibleAt <= now) : waiting;
    if (first === undefined || (this.#inFlight.has(lane) && !isShared)) return;
    if (first.visibleAt > now) {
      this.#offer(lane, first.visibleAt - now);
      return;
    }
    const batch = isShared ? [first] : waiting.slice(0, random.chance(0.4) ? 1 : batchMax);
    if (isShared) this.#offer(lane, 0);
    this.#hand(lane, batch);
  }

  #hand(lane: string, batch: Message<T>[]): void {
    const scheduler = this.#scheduler;
    const { visibilityMs, lifeMs, name, skewMsMax, handle, isForgetful = false, isShared = false } = this.#settings;
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = scheduler.now + visibilityMs;
      if (message.receives === RECEIVES_MAX) this.dead.push(message.id);
    }
    const receipt = { lane };
    this.#inFlight.set(lane, receipt);
    scheduler.plan(visibilityMs, `${name} looks whether a batch was deleted`, () => {
      if (this.#inFlight.get(lane) !== receipt && !isShared) return;
      this.#inFlight.delete(lane);
      this.#receive(lane);
    });
    if (isForgetful) this.#delete(lane, batch, batch.length, 0);
    const invocation = scheduler.invocation(name, lifeMs, skewMsMax);
    void handle(
      invocation,
      lane,
      batch.map(({ body }) => body),
    ).then(({ done, retryInMs = retryMs(batch[done]) }) => {
      const isLate = (this.#inFlight.get(lane) !== receipt && !isShared) || invocation.isDead;
      if (!isLate && !scheduler.isLost(DELETE_LOST)) this.#delete(lane, batch, done, retryInMs);
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

function retryMs(message: { receives: number } | undefined): number {
  return Math.min(RETRY_FIRST_MS * 2 ** ((message?.receives ?? 1) - 1), RETRY_MAX_MS);
}

/** As a queue takes several at once: of each group one, so that what is taken in part keeps its order. */
export function roundsOf<T>(bodies: T[], groupOf: (body: T) => string): T[][] {
  const rounds: T[][] = [];
  const next = new Map<string, number>();
  for (const body of bodies) {
    const round = next.get(groupOf(body)) ?? 0;
    next.set(groupOf(body), round + 1);
    rounds[round] = [...(rounds[round] ?? []), body];
  }
  return rounds;
}
