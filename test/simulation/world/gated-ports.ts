/** The ports as one invocation of a function has them: every call waits for its turn, and may go wrong. */
import { type MailJob, mailLaneOf } from '../../../core/delivery/send.ts';
import type { CloudEvent } from '../../../core/effect/cloud-event.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type {
  Blobs,
  Clock,
  Effects,
  IdempotencyStore,
  LaneMessage,
  Lanes,
  MailOut,
  Policies,
  PoolStore,
  Sends,
  ThreadStore,
  WaitQueue,
} from '../../../core/ports.ts';
import type { Commit, CommitResult, DueThread, Page } from '../../../core/thread/commit.ts';
import type { DeliveryBook } from './delivery-book.ts';
import { gatedPolicies } from './gated-policies.ts';
import type { Happenings } from './happenings.ts';
import { gatedPools } from './memory-pools.ts';
import type { MemoryThreadStore } from './memory-store.ts';
import type { ProviderModel } from './provider-model.ts';
import { type QueueModel, roundsOf } from './queue-model.ts';
import type { Regime } from './regime.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

/** What is behind the ports. */
export interface Behind {
  scheduler: Scheduler;
  regime: Regime;
  happenings: Happenings;
  store: MemoryThreadStore;
  blobs: Blobs;
  policies: Policies;
  sends: Sends;
  deliveries: DeliveryBook;
  idempotency: IdempotencyStore;
  provider: ProviderModel;
  commands: QueueModel<LaneMessage>;
  mails: QueueModel<MailJob>;
  events: CloudEvent[];
  waitOver: (timer: DueThread) => void;
  /** Somebody else writes to the thread, between its being read and written here. */
  interfere: (threadId: string) => Promise<void>;
}

const LAG_MS_MAX = 2_000;
const WAIT_TWICE = 0.05;
const IN_PART = 0.5;

export class GatedPorts {
  readonly #behind: Behind;
  #lastDue: { at: number; page: Page<DueThread> } | undefined;

  constructor(behind: Behind) {
    this.#behind = behind;
  }

  threads(invocation: Invocation): ThreadStore {
    const call = this.#caller(invocation);
    const { store } = this.#behind;
    return {
      load: (id) => call('load', () => store.load(id)),
      commit: (commit) => call('commit', () => this.#commit(commit), commit.threadId),
      outcome: (id, command) => call('outcome', () => store.outcome(id, command)),
      logItem: (id, lastSeq) => call('logItem', () => store.logItem(id, lastSeq)),
      log: (id, after, limit) => call('log', () => store.log(id, after, limit)),
      list: (list, page) => call('list', () => store.list(list, page)),
      due: (until, page) => call('due', () => this.#lagging(() => store.due(until, page))),
    };
  }

  pools(invocation: Invocation): PoolStore {
    return gatedPools(this.#behind.store.pools, this.#caller(invocation));
  }

  effects(invocation: Invocation): Effects {
    const call = this.#caller(invocation);
    const { mails: mailLanes, events: published } = this.#behind;
    const [waits, lanes] = [this.waits(invocation), this.lanes(invocation)];
    return {
      perform: async ({ mails, commands, events, timers }) => {
        if (events.length > 0) await call('publish', async () => void published.push(...events));
        for (const round of roundsOf(mails, mailLaneOf)) {
          await call('queue mails', async () => {
            for (const job of round) mailLanes.send(mailLaneOf(job), [{ id: job.sendId, body: job }]);
          });
        }
        if (commands.length > 0) await lanes.send(commands);
        if (timers.length > 0) await waits.put(timers);
      },
    };
  }

  waits(invocation: Invocation): WaitQueue {
    const call = this.#caller(invocation);
    const { scheduler, waitOver } = this.#behind;
    return {
      put: (all) =>
        call('wait', async () => {
          for (const { timer, delayMs } of all) {
            const times = scheduler.isLost(WAIT_TWICE) ? 2 : 1;
            for (let n = 0; n < times; n += 1) {
              scheduler.plan(Math.ceil(delayMs / 1000) * 1000, 'a wait is over', () => waitOver(timer));
            }
          }
        }),
    };
  }

  lanes(invocation: Invocation): Lanes {
    return { send: (all) => this.#caller(invocation)('send to lanes', async () => this.#toLanes(all)) };
  }

  sends(invocation: Invocation): Sends {
    const call = this.#caller(invocation);
    const { sends, deliveries, happenings, scheduler } = this.#behind;
    return {
      claim: (sendId, now, leaseMs, retake) =>
        call(
          'claim',
          async () => {
            const claim = await sends.claim(sendId, now, leaseMs, retake);
            const isGranted = 'attempt' in claim;
            if (isGranted) deliveries.claimed(sendId, claim.attempt, { now, leaseMs, retake }, invocation);
            if (isGranted) scheduler.wakeZombies(sendId);
            if (isGranted && retake !== undefined) happenings.note('claims taken over');
            if (!isGranted && claim.state === 'claimed') happenings.note('claims refused');
            return claim;
          },
          sendId,
        ),
      record: (sendId) => call('record', () => sends.record(sendId)),
      records: (sendIds) => call('records', () => sends.records(sendIds)),
      tell: (sendId, fate, now) => call('tell', () => sends.tell(sendId, fate, now)),
      settle: (sendId, attempt, settlement) =>
        call(
          'settle',
          async () => {
            await sends.settle(sendId, attempt, settlement);
            const isGivenUp = settlement.state === 'abandoned' || settlement.state === 'failed';
            deliveries.settled(sendId, attempt, { isGivenUp, at: scheduler.now }, invocation);
          },
          sendId,
        ),
    };
  }

  mailOut(invocation: Invocation): MailOut {
    const call = this.#caller(invocation);
    const { provider, deliveries, scheduler, regime } = this.#behind;
    return {
      afterCrash: provider.afterCrash,
      send: async (one, mail) => {
        const { id } = one;
        const handover = deliveries.handsOver(id, invocation);
        try {
          return await call(
            'send',
            () => {
              handover.taken(scheduler.now);
              return provider.send(one, mail);
            },
            id,
            scheduler.random.below(regime.providerMsMax + 1),
          );
        } catch (failure) {
          handover.unsure();
          throw failure;
        }
      },
    };
  }

  keys(invocation: Invocation): IdempotencyStore {
    const call = this.#caller(invocation);
    const { idempotency } = this.#behind;
    return { claim: (...args) => call('claim key', () => idempotency.claim(...args)) };
  }

  blobs(invocation: Invocation): Blobs {
    const call = this.#caller(invocation);
    const { blobs } = this.#behind;
    return {
      put: (...args) => call('put blob', () => blobs.put(...args)),
      get: (key) => call('get blob', () => blobs.get(key)),
      describe: (key) => call('describe blob', () => blobs.describe(key)),
      copy: (from, to) => call('copy blob', () => blobs.copy(from, to)),
      uploadUrl: (...args) => blobs.uploadUrl(...args),
      downloadUrl: (...args) => blobs.downloadUrl(...args),
    };
  }

  policies(invocation: Invocation): Policies {
    const { policies, regime } = this.#behind;
    return regime.readsPoliciesAfar ? gatedPolicies(policies, this.#caller(invocation)) : policies;
  }

  clock(invocation: Invocation): Clock {
    return { now: () => this.#behind.scheduler.now + invocation.skewMs };
  }

  async #commit(commit: Commit): Promise<CommitResult> {
    const { store, scheduler, regime, happenings, interfere } = this.#behind;
    if (commit.change !== null && scheduler.isLost(regime.features['another writer'])) await interfere(commit.threadId);
    const answer = await store.commit(commit);
    if (answer.result === 'committed') scheduler.wakeZombies(commit.threadId);
    else if (answer.result === 'conflict') happenings.note('commits in conflict');
    else if (answer.result === 'duplicate') happenings.note('commits of duplicates');
    else if (answer.result === 'too-large') happenings.note('commits too large');
    return answer;
  }

  /** All, or some: but of a lane none before one that stands before it. */
  #toLanes(messages: LaneMessage[]): void {
    const { scheduler, commands, happenings } = this.#behind;
    const isInPart = messages.length > 1 && scheduler.isLost(IN_PART);
    const stopped = new Set<string>();
    for (const message of messages) {
      const { lane, id } = message;
      if (isInPart && scheduler.random.chance(0.4)) stopped.add(lane);
      if (!stopped.has(lane)) commands.send(lane, [{ id, body: message }]);
    }
    if (!isInPart) return;
    happenings.note('sends taken in part');
    throw new TransientFailure('Some were taken.');
  }

  /** What is due, as it was at some look within the last two seconds. */
  async #lagging(list: () => Promise<Page<DueThread>>): Promise<Page<DueThread>> {
    const { now, random } = this.#behind.scheduler;
    if (this.#lastDue === undefined || now - this.#lastDue.at > LAG_MS_MAX || random.chance(0.5)) {
      this.#lastDue = { at: now, page: await list() };
    }
    return this.#lastDue.page;
  }

  #caller(invocation: Invocation) {
    return <T>(name: string, run: () => Promise<T>, about?: string, slowMs?: number): Promise<T> =>
      this.#behind.scheduler.call(invocation, name, run, about, slowMs);
  }
}
