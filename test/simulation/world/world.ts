/**
 * A world in which the real deciders, routing, delivery and timers run on virtual time, and in which calls are
 * throttled, answers are lost, functions crash between any two calls or go on after they were given up, messages come
 * late and more than once, and lists lag. All of it follows from a seed.
 */
import { SqliteIdempotencyStore } from '../../../adapters/embedded/idempotency-store.ts';
import { SqliteSends } from '../../../adapters/embedded/sends.ts';
import type { MailJob } from '../../../core/delivery/send.ts';
import type { CloudEvent } from '../../../core/effect/cloud-event.ts';
import { Ids } from '../../../core/ids.ts';
import type { LaneMessage, PoolCommit } from '../../../core/ports.ts';
import { dueAtOf } from '../../../core/thread/armed-timers.ts';
import type { Commit } from '../../../core/thread/commit.ts';
import { DAY, MINUTE, MONDAY } from '../../builders.ts';
import { aDatabase } from '../../support/database.ts';
import { MapBlobs } from '../../support/lane.ts';
import { Random } from '../../support/random.ts';
import { type Sabotage, type Sabotaged, sabotaged } from '../sabotage/sabotage.ts';
import { Clients } from './clients.ts';
import { Customers } from './customers.ts';
import { DeliveryBook } from './delivery-book.ts';
import { Director } from './director.ts';
import { Functions } from './functions.ts';
import { GatedPorts } from './gated-ports.ts';
import { Happenings } from './happenings.ts';
import { MemoryThreadStore } from './memory-store.ts';
import { BreakableIds, PolicyModel } from './policy-model.ts';
import { ProviderModel } from './provider-model.ts';
import { QueueModel } from './queue-model.ts';
import { type Regime, regimeOf } from './regime.ts';
import { Scheduler } from './scheduler.ts';
import { Wishes } from './wishes.ts';

/** Of deliveries: their leases are in time, so their clocks may differ by less than those outlast a function. */
const DELIVERY_SKEW_MS_MAX = 20_000;
/** Routing is given up by its queue long before, and goes on as a zombie. */
const ROUTING_LIFE_MS = 900_000;
/** Shorter than the lease of a claim. */
const DELIVERY_LIFE_MS = 60_000;
/** A sweep that would find nothing is not run: every one is, from so long before a timer is due. */
const SWEPT_BEFORE_MS = 10 * MINUTE;
/** What a store holds in one item. */
const ITEM_CHARS_MAX = 40_000;
/** Long enough for every lease, retry and event to have run out. */
const COMES_TO_REST_MS = 60 * MINUTE;
/** Long enough for every solved thread to be closed. */
const UNTIL_CLOSED_MS = 8 * DAY;
const STEPS_BETWEEN_WISHES = 60;
const ID_KEY = 'a key of simulated worlds';

export class World {
  readonly regime: Regime;
  readonly scheduler: Scheduler;
  readonly happenings = new Happenings();
  readonly store: MemoryThreadStore;
  readonly provider: ProviderModel;
  readonly policies: PolicyModel;
  readonly ids = new Ids('acme', ID_KEY);
  readonly deliveries = new DeliveryBook();
  readonly commands: QueueModel<LaneMessage>;
  readonly mails: QueueModel<MailJob>;
  readonly events: CloudEvent[] = [];
  readonly blobs = new MapBlobs();
  readonly sends: SqliteSends;
  readonly director: Director;
  readonly clients: Clients;
  readonly wishes: Wishes;
  /** Since when nothing goes wrong any more. */
  restingSince = Number.POSITIVE_INFINITY;
  /** Ids of commands that another writer wrote by itself. */
  readonly interferers = new Set<string>();
  /** Told of every commit. */
  onCommit: (commit: Commit) => void = () => {};
  onPoolCommit: (commit: PoolCommit) => void = () => {};
  readonly #functions: Functions;
  readonly #dueAts = new Map<string, number>();
  #sweepAt = Number.POSITIVE_INFINITY;
  #isSwept = true;

  constructor(seed: number, by: Sabotage = {}) {
    const sabotage = sabotaged(by);
    const random = new Random(seed);
    this.regime = regimeOf(random, sabotage.worlds);
    const { regime, happenings, blobs, deliveries, events } = this;
    const scheduler = new Scheduler(random, MONDAY, regime.rates, regime.skewMsMax);
    scheduler.isKind = regime.isKind;
    this.scheduler = scheduler;
    const db = aDatabase();
    const defect = () => this.director.defect;
    this.policies = new PolicyModel(defect);
    this.store = new MemoryThreadStore(sabotage.store);
    this.store.charsMax = ITEM_CHARS_MAX;
    this.store.onCommit = (commit) => this.#committed(commit);
    this.store.pools.onCommit = (commit) => {
      this.onPoolCommit(commit);
      this.#isDue(commit.pool.id, commit.pool.dueAt);
    };
    this.sends = new SqliteSends(db);
    this.provider = new ProviderModel(scheduler, regime, (event) => void this.#functions.providerTells(event));
    [this.commands, this.mails] = this.#queues(sabotage);
    const { store, policies, ids, provider, commands, mails, sends } = this;
    const customers = new Customers({ scheduler, regime, happenings, ids, blobs });
    this.director = new Director({ scheduler, regime, happenings, store, ids, policies, commands });
    const ports = new GatedPorts({
      ...{
        scheduler,
        regime,
        happenings,
        store,
        blobs,
        policies,
        sends,
        deliveries,
        provider,
        commands,
        mails,
        events,
      },
      idempotency: new SqliteIdempotencyStore(db),
      waitOver: (timer) => this.#functions.waitOver(timer),
      interfere: (threadId) => this.#functions.interfere(threadId),
    });
    const { director } = this;
    this.#functions = new Functions({
      ...{ scheduler, happenings, store, blobs, ids, policies, sends, commands, deliveries, director, ports },
      ...{ mails, events },
      interferers: this.interferers,
      decidersIds: new BreakableIds('acme', ID_KEY, defect),
      sabotage: sabotage.deps,
    });
    const functions = this.#functions;
    this.clients = new Clients({ scheduler, happenings, ids, intake: (invocation) => functions.intake(invocation) });
    const { clients } = this;
    this.wishes = new Wishes({ scheduler, regime, store, blobs, customers, ids, clients });
  }

  #committed(commit: Commit): void {
    const { threadId, change } = commit;
    this.onCommit(commit);
    if (change === null) return;
    this.#isDue(threadId, dueAtOf(change.thread));
  }

  #isDue(lane: string, dueAt: number | null): void {
    if (dueAt === null) this.#dueAts.delete(lane);
    else this.#dueAts.set(lane, dueAt);
    this.#planSweep();
  }

  /** Lets clients wish for `wishes` things while everything goes wrong, then lets the world come to rest. */
  async live(wishes: number): Promise<void> {
    const { scheduler, director } = this;
    for (let wish = 0; wish < wishes; wish += 1) {
      await director.act(this.wishes);
      await this.wishes.wish();
      for (let steps = scheduler.random.below(STEPS_BETWEEN_WISHES); steps > 0; steps -= 1) await scheduler.step();
    }
    this.wishes.isOver = true;
    director.settle();
    scheduler.isKind = true;
    await scheduler.advance(COMES_TO_REST_MS);
    this.restingSince = scheduler.now;
    await scheduler.advance(UNTIL_CLOSED_MS);
    this.#isSwept = false;
    while (await scheduler.step());
  }

  /** What functions were seen doing that they should not. */
  get defects(): string[] {
    return [...this.#functions.defects, ...this.deliveries.defects];
  }

  #queues(sabotage: Sabotaged): [QueueModel<LaneMessage>, QueueModel<MailJob>] {
    const { scheduler, regime } = this;
    const { takesTwice } = regime;
    const commands = new QueueModel<LaneMessage>(scheduler, {
      ...{
        name: 'routing',
        batchMax: 10,
        visibilityMs: regime.routingVisibilityMs,
        lifeMs: ROUTING_LIFE_MS,
        takesTwice,
      },
      ...sabotage.queue,
      handle: (invocation, lane, messages) => this.#functions.runLane(invocation, lane, messages),
    });
    const mails = new QueueModel<MailJob>(scheduler, {
      ...{ name: 'delivery', batchMax: 4, visibilityMs: regime.mailVisibilityMs, lifeMs: DELIVERY_LIFE_MS, takesTwice },
      skewMsMax: DELIVERY_SKEW_MS_MAX,
      handle: (invocation, _lane, jobs) => this.#functions.deliver(invocation, jobs),
    });
    return [commands, mails];
  }

  /** The schedule sweeps every minute; those that could not find anything are left out, to get through days faster. */
  #planSweep(): void {
    if (!this.#isSwept || this.#dueAts.size === 0) return;
    const { now } = this.scheduler;
    const wanted = Math.min(...this.#dueAts.values()) - SWEPT_BEFORE_MS;
    const at = MINUTE * Math.max(Math.floor(now / MINUTE) + 1, Math.floor(wanted / MINUTE));
    if (at >= this.#sweepAt) return;
    this.#sweepAt = at;
    this.scheduler.plan(at - now, 'the schedule sweeps', () => {
      if (this.#sweepAt !== at) return;
      this.#sweepAt = Number.POSITIVE_INFINITY;
      this.#functions.sweep();
      this.#planSweep();
    });
  }
}
