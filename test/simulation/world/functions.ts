/** The functions of the product as a platform runs them: each invocation with ports, a clock and a life of its own. */

import { deliverInOrder } from '../../../core/delivery/deliver-in-order.ts';
import { type ProviderEvent, recordProviderEvent } from '../../../core/delivery/provider-event.ts';
import { type MailJob, mailLaneOf } from '../../../core/delivery/send.ts';
import type { CloudEvent } from '../../../core/effect/cloud-event.ts';
import type { Ids } from '../../../core/ids.ts';
import { type LaneDeps, runLane } from '../../../core/lane/run-lane.ts';
import type { Blobs, LaneMessage, Sends } from '../../../core/ports.ts';
import type { Command } from '../../../core/thread/command.ts';
import type { DueThread } from '../../../core/thread/commit.ts';
import { OverdueTimers } from '../../../core/timer/overdue.ts';
import { sweep, waitIsOver } from '../../../core/timer/timers.ts';
import { ANA } from '../../builders.ts';
import { MapMailIndex } from '../../support/map-mail-index.ts';
import { baseUrl, knownSecrets } from '../../support/secrets.ts';
import type { SabotagedDeps } from '../sabotage/sabotage.ts';
import { entropyOf } from './customers.ts';
import type { DeliveryBook } from './delivery-book.ts';
import type { Director } from './director.ts';
import type { GatedPorts } from './gated-ports.ts';
import type { Happenings } from './happenings.ts';
import type { MemoryThreadStore } from './memory-store.ts';
import type { PolicyModel } from './policy-model.ts';
import type { QueueModel } from './queue-model.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

interface FunctionsWorld {
  scheduler: Scheduler;
  happenings: Happenings;
  store: MemoryThreadStore;
  blobs: Blobs;
  ids: Ids;
  /** The mint of deciders, which a defect can break. */
  decidersIds: Ids;
  /** Ids of commands that another writer wrote. */
  interferers: Set<string>;
  /** What was published, by whomever. */
  events: CloudEvent[];
  policies: PolicyModel;
  sends: Sends;
  commands: QueueModel<LaneMessage>;
  mails: QueueModel<MailJob>;
  deliveries: DeliveryBook;
  director: Director;
  ports: GatedPorts;
  sabotage: SabotagedDeps;
}

const WAIT_LIFE_MS = 60_000;
const SWEEP_LIFE_MS = 60_000;
const NEW_INSTANCE = 0.02;
const WAIT_AGAIN_MS = 5_000;
const DELIVER_AGAIN_MS = 1_000;
/** The version of messages that the next version of the product writes. */
const NEXT_SCHEMA = 2;

export class Functions {
  readonly defects: string[] = [];
  readonly #world: FunctionsWorld;
  #overdue = new OverdueTimers();

  constructor(world: FunctionsWorld) {
    this.#world = world;
  }

  async runLane(invocation: Invocation, lane: string, messages: LaneMessage[]): Promise<{ done: number }> {
    const { happenings, sabotage } = this.#world;
    const deps = sabotage.lane(this.#laneDeps(invocation));
    const batch = this.#isOfNextVersion() ? messages.map(readByNext) : messages;
    const { done, failure } = await runLane(lane, batch, deps);
    if (failure instanceof Error && failure.name === 'LaterVersion') {
      happenings.note('messages left to a later version');
      const later = batch.findIndex(isOfNext);
      if (done < later) this.defects.push(`a message of a later version held up ${later - done} before it on ${lane}`);
    }
    return { done };
  }

  async deliver(invocation: Invocation, jobs: MailJob[]): Promise<{ done: number; retryInMs?: number }> {
    const { ports, deliveries, sabotage } = this.#world;
    const deps = sabotage.delivery({
      threads: ports.threads(invocation),
      blobs: ports.blobs(invocation),
      sends: ports.sends(invocation),
      mailOut: ports.mailOut(invocation),
      baseUrl,
      lanes: ports.lanes(invocation),
      policies: ports.policies(invocation),
      secrets: knownSecrets,
      mailIndex: new MapMailIndex(),
      clock: ports.clock(invocation),
      log: () => {},
      metrics: () => {},
    });
    const { done, retryInMs = DELIVER_AGAIN_MS } = await deliverInOrder(jobs, deps);
    deliveries.ended(invocation);
    return { done, retryInMs };
  }

  /** The provider tells of a mail, perhaps twice. */
  async providerTells(event: ProviderEvent): Promise<void> {
    const { scheduler, sends, policies, commands } = this.#world;
    const lanes = {
      send: async (messages: LaneMessage[]) => {
        for (const message of messages) commands.send(message.lane, [{ id: message.id, body: message }]);
      },
    };
    const mailIndex = new MapMailIndex();
    await recordProviderEvent(event, { sends, lanes, policies, mailIndex, clock: { now: () => scheduler.now } });
  }

  intake(invocation: Invocation) {
    const { ports, sabotage } = this.#world;
    const deps = sabotage.intake({
      lanes: ports.lanes(invocation),
      idempotency: ports.keys(invocation),
      clock: ports.clock(invocation),
    });
    const [threads, blobs] = [ports.threads(invocation), ports.blobs(invocation)];
    const schema = this.#isOfNextVersion() ? NEXT_SCHEMA : 1;
    return { ...deps, threads, blobs, policies: ports.policies(invocation), schema };
  }

  waitOver(timer: DueThread): void {
    const { scheduler, ports, sabotage } = this.#world;
    const invocation = scheduler.invocation('waits', WAIT_LIFE_MS);
    const deps = sabotage.waitOver({
      lanes: ports.lanes(invocation),
      policies: ports.policies(invocation),
      clock: ports.clock(invocation),
    });
    void waitIsOver(timer, deps).catch(() =>
      scheduler.plan(WAIT_AGAIN_MS, 'a wait comes again', () => this.waitOver(timer)),
    );
  }

  sweep(): void {
    const { scheduler, ports, sabotage } = this.#world;
    const invocation = scheduler.invocation('sweep', SWEEP_LIFE_MS);
    // Another instance now and then, which knows nothing of what was handed on.
    if (scheduler.random.chance(NEW_INSTANCE)) this.#overdue = new OverdueTimers();
    const deps = sabotage.sweep({
      overdue: this.#overdue,
      threads: ports.threads(invocation),
      waits: ports.waits(invocation),
      policies: ports.policies(invocation),
      clock: ports.clock(invocation),
      log: () => {},
      metrics: () => {},
    });
    void sweep(deps).catch(() => {});
  }

  /**
   * Another writer, as there should be none, changes a thread that somebody has just read: the version is the second
   * line of defence behind a lane's one writer. What it writes is a lane's command like any other.
   */
  async interfere(threadId: string): Promise<void> {
    const { scheduler, ids, policies, store, blobs, happenings, commands, mails, events, interferers } = this.#world;
    const policy = policies.current('acme');
    const before = await store.load(threadId);
    if (before === undefined || before.status === 'closed' || policy === undefined) return;
    const id = ids.command(threadId, 'agent:ana', scheduler.now, entropyOf(scheduler.random));
    const command: Command = {
      ...{ schema: 1, id, business: 'acme', thread: threadId, acceptedAt: scheduler.now, control: 'agent' },
      policy: policy.hash,
      author: ANA,
      body: { type: 'change-tags', add: [`SECRET-${interferers.size}`], remove: [] },
    };
    const message = { lane: threadId, id, body: command };
    interferers.add(id);
    commands.onSend(id, message);
    await runLane(threadId, [message], {
      threads: store,
      pools: store.pools,
      effects: {
        perform: async (performance) => {
          events.push(...performance.events);
          for (const message of performance.commands) commands.send(message.lane, [{ id: message.id, body: message }]);
          for (const job of performance.mails) mails.send(mailLaneOf(job), [{ id: job.sendId, body: job }]);
        },
      },
      waits: { put: async () => {} },
      blobs,
      policies,
      clock: { now: () => scheduler.now },
      log: () => {},
      metrics: () => {},
      idsOf: async () => ids,
      pause: async () => {},
    });
    happenings.note('writes by another writer');
  }

  #laneDeps(invocation: Invocation): LaneDeps {
    const { scheduler, decidersIds, ports, happenings } = this.#world;
    const waits = ports.waits(invocation);
    return {
      threads: ports.threads(invocation),
      pools: ports.pools(invocation),
      effects: ports.effects(invocation),
      waits: {
        put: async (early) => {
          happenings.note('timers early', early.length);
          await waits.put(early);
        },
      },
      blobs: ports.blobs(invocation),
      policies: ports.policies(invocation),
      clock: ports.clock(invocation),
      log: () => {},
      metrics: () => {},
      idsOf: async () => decidersIds,
      pause: (ms: number) => scheduler.pause(invocation, ms),
    };
  }

  #isOfNextVersion(): boolean {
    const { director, scheduler } = this.#world;
    return director.deployment === 'under way' ? scheduler.random.chance(0.5) : director.deployment === 'new';
  }
}

/** The next version reads what it writes. */
function readByNext(message: LaneMessage): LaneMessage {
  return isOfNext(message) ? { ...message, body: { ...(message.body as object), schema: 1 } } : message;
}

function isOfNext({ body }: LaneMessage): boolean {
  return typeof body === 'object' && body !== null && 'schema' in body && body.schema === NEXT_SCHEMA;
}
