/**
 * A world in which the real deciders, routing, delivery and timers run on virtual time, and in which calls are
 * throttled, answers are lost, functions crash between any two calls or go on after they were given up, messages come
 * late and more than once, and lists lag. All of it follows from a seed.
 */
import { SqliteIdempotencyStore } from '../../adapters/embedded/idempotency-store.ts';
import { SqlitePolicies } from '../../adapters/embedded/policies.ts';
import { SqliteSends } from '../../adapters/embedded/sends.ts';
import { deliver } from '../../core/delivery/deliver.ts';
import type { MailJob } from '../../core/delivery/send.ts';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import { runLane } from '../../core/lane/run-lane.ts';
import type { LaneMessage, Lanes } from '../../core/ports.ts';
import type { DueThread } from '../../core/thread/commit.ts';
import { sweep, waitIsOver } from '../../core/timer/timers.ts';
import { defaultPolicy, MONDAY, testIds } from '../builders.ts';
import { aDatabase } from '../support/database.ts';
import { MapBlobs } from '../support/lane.ts';
import { Random } from '../support/random.ts';
import { Clients } from './clients.ts';
import { GatedPorts } from './gated-ports.ts';
import { MemoryThreadStore } from './memory-store.ts';
import { ProviderModel } from './provider-model.ts';
import { QueueModel } from './queue-model.ts';
import * as sabotages from './sabotage.ts';
import { FAULTS, type Fault, type Invocation, Scheduler } from './scheduler.ts';

const FAULT_RATES: Record<Fault, number> = {
  throttled: 0.03,
  'answer lost': 0.02,
  'crash before': 0.015,
  'crash after': 0.02,
  stalled: 0.01,
};
/** Each world has its own mixture: rare faults meet each other where others are left out (swarm testing). */
const RATE_FACTORS = [0, 0.5, 1, 1, 2, 5];
const SKEWS_MS = [50, 1_500, 20_000, 300_000];
/** Of deliveries: their leases are in time, so their clocks may differ by less than those outlast a function. */
const DELIVERY_SKEW_MS_MAX = 20_000;
const VISIBILITY_MS = 60_000;
/** Routing is given up by its queue after a minute, and goes on as a zombie. */
const ROUTING_LIFE_MS = 900_000;
/** Shorter than the lease of a claim. */
const DELIVERY_LIFE_MS = 60_000;
const SWEEP_MS = 60_000;
const RESTING_SWEEP_MS = 3_600_000;
/** Long enough for every lease, retry and event to have run out. */
const COMES_TO_REST_MS = 3_600_000;

export class World {
  readonly scheduler: Scheduler;
  readonly store: MemoryThreadStore;
  readonly provider: ProviderModel;
  readonly clients: Clients;
  readonly commands: QueueModel<LaneMessage>;
  readonly mails: QueueModel<MailJob>;
  readonly events: CloudEvent[] = [];
  /** The lanes of messages that no version of the product understands, by their id. */
  readonly poison = new Map<string, string>();
  readonly #sabotage: sabotages.Sabotage | undefined;
  readonly #random: Random;
  readonly #sends: SqliteSends;
  readonly #policies: SqlitePolicies;
  readonly #ports: GatedPorts;
  readonly #blobs = new MapBlobs();
  #isSweeping = true;
  #isResting = false;

  constructor(seed: number, sabotage?: sabotages.Sabotage) {
    this.#sabotage = sabotage;
    this.#random = new Random(seed);
    const skewMsMax = this.#random.pick(SKEWS_MS);
    this.scheduler = new Scheduler(this.#random, MONDAY, ratesFor(this.#random), skewMsMax);
    const db = aDatabase();
    this.store = new MemoryThreadStore({
      ignoresVersion: sabotage === 'two writers on a lane, no version check',
      ignoresOutcomes: sabotage === 'no outcome check',
    });
    this.#policies = new SqlitePolicies(db, [defaultPolicy.source]);
    this.#sends = new SqliteSends(db);
    this.provider = new ProviderModel(this.scheduler, this.#sends, seed % 2 === 0 ? 'await-events' : 'harmless');
    this.commands = new QueueModel(this.scheduler, {
      name: 'routing',
      batchMax: 10,
      visibilityMs: VISIBILITY_MS,
      lifeMs: ROUTING_LIFE_MS,
      isForgetful: sabotage === 'acknowledgement before effects',
      isShared: sabotage?.startsWith('two writers') === true,
      handle: (invocation, lane, messages) => runLane(lane, messages, this.#laneDeps(invocation)),
    });
    this.mails = new QueueModel(this.scheduler, {
      name: 'delivery',
      batchMax: 1,
      visibilityMs: DELIVERY_LIFE_MS + 30_000,
      lifeMs: DELIVERY_LIFE_MS,
      skewMsMax: DELIVERY_SKEW_MS_MAX,
      handle: (invocation, _lane, [job]) => this.#deliver(invocation, job),
    });
    const { scheduler, store, provider, commands, mails, events } = this;
    this.#ports = new GatedPorts({
      ...{ scheduler, store, provider, commands, mails, events, sabotage },
      sends: this.#sends,
      idempotency: new SqliteIdempotencyStore(db),
      waitOver: (timer) => this.#waitOver(timer),
    });
    this.clients = new Clients({ scheduler, ids: testIds, intake: (invocation) => this.#intakeDeps(invocation) });
    this.#sweepAgain();
  }

  /** Lets clients wish for `wishes` things while everything goes wrong, then lets the world come to rest. */
  async live(wishes: number): Promise<void> {
    for (let wish = 0; wish < wishes; wish += 1) {
      if (this.#random.chance(0.02)) this.#poisonALane();
      this.clients.wish();
      for (let steps = this.#random.below(60); steps > 0; steps -= 1) await this.scheduler.step();
    }
    await this.rest(COMES_TO_REST_MS);
    this.#isResting = true;
  }

  /** Ends all faults, and goes on for so long. */
  async rest(ms: number): Promise<void> {
    this.scheduler.isKind = true;
    const until = this.scheduler.now + ms;
    while (this.scheduler.now < until && (await this.scheduler.step()));
  }

  /** No sweep any more: the world ends when nothing is left to do. */
  async end(): Promise<void> {
    this.#isSweeping = false;
    while (await this.scheduler.step());
  }

  /** Whether nobody could vouch for a mail, and it was left so, as is documented. */
  isAbandoned(sendId: string): boolean {
    return this.#sends.stateOf(sendId) === 'abandoned';
  }

  #poisonALane(): void {
    const threads = this.store.threads();
    if (threads.length === 0) return;
    const lane = this.#random.pick(threads).id;
    const id = `cmd_acme_poison_${this.poison.size}`;
    this.poison.set(id, lane);
    this.commands.send(lane, [{ id, body: { lane, id, body: { id, from: 'another version' } } }]);
  }

  #laneDeps(invocation: Invocation) {
    const ports = this.#ports;
    const clock = ports.clock(invocation);
    const threads = ports.threads(invocation);
    const effects = ports.effects(invocation);
    const isEarly = this.#sabotage === 'effects before commit';
    return {
      threads: isEarly ? sabotages.effectsBeforeCommit(threads, effects, () => clock.now()) : threads,
      effects: isEarly ? { perform: async () => {} } : effects,
      waits: ports.waits(invocation),
      blobs: this.#blobs,
      policies: this.#policies,
      clock,
      log: () => {},
      metrics: () => {},
      idsOf: async () => testIds,
      pause: (ms: number) => this.scheduler.pause(invocation, ms),
    };
  }

  #intakeDeps(invocation: Invocation) {
    const ports = this.#ports;
    return { lanes: ports.lanes(invocation), idempotency: ports.keys(invocation), clock: ports.clock(invocation) };
  }

  async #deliver(invocation: Invocation, job: MailJob | undefined): Promise<{ done: number; retryInMs?: number }> {
    if (job === undefined) return { done: 0 };
    const ports = this.#ports;
    const deps = {
      threads: ports.threads(invocation),
      blobs: this.#blobs,
      sends: ports.sends(invocation),
      mailOut: ports.mailOut(invocation),
      lanes: ports.lanes(invocation),
      policies: this.#policies,
      clock: ports.clock(invocation),
      log: () => {},
      metrics: () => {},
    };
    const delivered = await deliver(job, deps).catch(() => ({ retryInMs: 1_000 }));
    return delivered === 'done' ? { done: 1 } : { done: 0, retryInMs: delivered.retryInMs };
  }

  #waitOver(timer: DueThread): void {
    const invocation = this.scheduler.invocation('waits', VISIBILITY_MS);
    const lanes = this.#ports.lanes(invocation);
    const isNameless = this.#sabotage === 'timer ids without generation';
    const send: Lanes['send'] = (messages) =>
      lanes.send(isNameless ? messages.map(sabotages.withoutGeneration) : messages);
    const deps = { lanes: { send }, policies: this.#policies, clock: this.#ports.clock(invocation) };
    void waitIsOver(timer, deps).catch(() =>
      this.scheduler.plan(5_000, 'a wait comes again', () => this.#waitOver(timer)),
    );
  }

  #sweepAgain(): void {
    if (!this.#isSweeping) return;
    const invocation = this.scheduler.invocation('sweep', SWEEP_MS);
    const ports = this.#ports;
    const [threads, waits] = [ports.threads(invocation), ports.waits(invocation)];
    void sweep({
      threads,
      waits,
      policies: this.#policies,
      clock: ports.clock(invocation),
      log: () => {},
      metrics: () => {},
    }).catch(() => {});
    // A world at rest is swept less often, only to get through its days faster.
    const everyMs = this.#isResting ? RESTING_SWEEP_MS : SWEEP_MS;
    this.scheduler.plan(everyMs, 'the schedule sweeps', () => this.#sweepAgain());
  }
}

function ratesFor(random: Random): Record<Fault, number> {
  const rates = FAULTS.map((fault) => [fault, FAULT_RATES[fault] * random.pick(RATE_FACTORS)]);
  return Object.fromEntries(rates) as Record<Fault, number>;
}
