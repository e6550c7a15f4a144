/** The ports as one invocation of a function has them: every call waits for its turn, and may go wrong. */
import { type MailJob, mailLaneOf } from '../../core/delivery/send.ts';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import type {
  Clock,
  Effects,
  IdempotencyStore,
  LaneMessage,
  Lanes,
  MailOut,
  Sends,
  ThreadStore,
  WaitQueue,
} from '../../core/ports.ts';
import type { DueThread, Page } from '../../core/thread/commit.ts';
import type { MemoryThreadStore } from './memory-store.ts';
import type { ProviderModel } from './provider-model.ts';
import { type QueueModel, sendToLanes } from './queue-model.ts';
import type { Sabotage } from './sabotage.ts';
import * as sabotages from './sabotage.ts';
import type { Invocation, Scheduler } from './scheduler.ts';

/** What is behind the ports. */
export interface Behind {
  scheduler: Scheduler;
  store: MemoryThreadStore;
  sends: Sends;
  idempotency: IdempotencyStore;
  provider: ProviderModel;
  commands: QueueModel<LaneMessage>;
  mails: QueueModel<MailJob>;
  events: CloudEvent[];
  waitOver: (timer: DueThread) => void;
  sabotage: Sabotage | undefined;
}

const LAG_MS_MAX = 2_000;
const WAIT_TWICE = 0.05;

export class GatedPorts {
  readonly #behind: Behind;
  #lastDue: { at: number; page: Page<DueThread> } | undefined;
  #unique = 0;

  constructor(behind: Behind) {
    this.#behind = behind;
  }

  threads(invocation: Invocation): ThreadStore {
    const call = this.#caller(invocation);
    const { store, sabotage } = this.#behind;
    const threads: ThreadStore = {
      load: (id) => call('load', () => store.load(id)),
      commit: (commit) => call('commit', () => store.commit(commit), commit.threadId),
      outcome: (id, command) => call('outcome', () => store.outcome(id, command)),
      logItem: (id, lastSeq) => call('logItem', () => store.logItem(id, lastSeq)),
      log: (id, after, limit) => call('log', () => store.log(id, after, limit)),
      list: (list, page) => call('list', () => store.list(list, page)),
      due: (until, page) => call('due', () => this.#lagging(() => store.due(until, page))),
    };
    return sabotage === 'stored effects not performed again' ? sabotages.withoutOutcomes(threads) : threads;
  }

  effects(invocation: Invocation): Effects {
    const call = this.#caller(invocation);
    const { mails: mailLanes, commands: lanes, events: published, sabotage } = this.#behind;
    const waits = this.waits(invocation);
    const effects: Effects = {
      perform: async ({ mails, commands, events, timers }) => {
        if (events.length > 0) await call('publish', async () => void published.push(...events));
        for (const job of mails) {
          await call('queue mail', async () => mailLanes.send(mailLaneOf(job), [{ id: job.sendId, body: job }]));
        }
        if (commands.length > 0) await call('queue commands', async () => sendToLanes(lanes, commands));
        if (timers.length > 0) await waits.put(timers);
      },
    };
    const unique = (): string => {
      this.#unique += 1;
      return String(this.#unique);
    };
    if (sabotage === 'send ids not deterministic') return sabotages.withRandomIds(effects, 'mails', unique);
    if (sabotage === 'command ids not deterministic') return sabotages.withRandomIds(effects, 'commands', unique);
    return effects;
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
    const call = this.#caller(invocation);
    return { send: (messages) => call('send to lanes', async () => sendToLanes(this.#behind.commands, messages)) };
  }

  sends(invocation: Invocation): Sends {
    const call = this.#caller(invocation);
    const { sends: ledger, sabotage } = this.#behind;
    const sends: Sends = {
      claim: (...args) => call('claim', () => ledger.claim(...args)),
      record: (...args) => call('record', () => ledger.record(...args)),
      settle: (...args) => call('settle', () => ledger.settle(...args)),
    };
    return sabotage === 'no claim before sending' ? sabotages.withoutClaims(sends) : sends;
  }

  mailOut(invocation: Invocation): MailOut {
    const call = this.#caller(invocation);
    const { provider } = this.#behind;
    return { afterCrash: provider.afterCrash, send: (one, mail) => call('send', () => provider.send(one.id, mail)) };
  }

  keys(invocation: Invocation): IdempotencyStore {
    const call = this.#caller(invocation);
    const { idempotency, sabotage } = this.#behind;
    const isKeyless = sabotage === 'keys are not remembered';
    return { claim: (...args) => call('claim key', async () => (isKeyless ? undefined : idempotency.claim(...args))) };
  }

  clock(invocation: Invocation): Clock {
    return { now: () => this.#behind.scheduler.now + invocation.skewMs };
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
    return <T>(name: string, run: () => Promise<T>, about?: string): Promise<T> =>
      this.#behind.scheduler.call(invocation, name, run, about);
  }
}
