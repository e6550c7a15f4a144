/**
 * The embedded adapters are kinder than AWS: what was read is never old, nothing comes twice, no call is throttled.
 * This takes the kindness away, at random from a seed, so that tests on one machine meet what AWS will do.
 */
import { TransientFailure } from '../../core/failures.ts';
import type { Effects, Lanes, Sends, ThreadStore } from '../../core/ports.ts';
import type { Page, PageRequest, ThreadList } from '../../core/thread/commit.ts';
import type { Thread } from '../../core/thread/thread.ts';

const THROTTLED = 0.1;
const ANSWER_LOST = 0.05;
const TWICE = 0.2;
const LAGGING = 0.3;

export class Unkind {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Calls fail, before or after they took effect. */
  threads(store: ThreadStore): ThreadStore {
    return {
      load: (id) => this.#maybe(() => store.load(id)),
      commit: (commit) => this.#maybe(() => store.commit(commit)),
      outcome: (id, command) => this.#maybe(() => store.outcome(id, command)),
      logItem: (id, lastSeq) => this.#maybe(() => store.logItem(id, lastSeq)),
      log: (id, after, limit) => this.#maybe(() => store.log(id, after, limit)),
      due: (until, page) => this.#maybe(() => store.due(until, page)),
      list: (list, page) => this.#maybe(() => store.list(list, page)),
    };
  }

  /** Lists are sometimes as they were at an earlier look. */
  lists(store: ThreadStore): ThreadStore {
    const seen = new Map<string, Page<Thread>>();
    return {
      load: (id) => store.load(id),
      commit: (commit) => store.commit(commit),
      outcome: (id, command) => store.outcome(id, command),
      logItem: (id, lastSeq) => store.logItem(id, lastSeq),
      log: (id, after, limit) => store.log(id, after, limit),
      due: (until, page) => store.due(until, page),
      list: (list, page) => this.#lagging(list, page, store, seen),
    };
  }

  /** Messages are sometimes put on their lane twice. */
  lanes(lanes: Lanes): Lanes {
    return { send: (messages) => lanes.send(this.#chance(TWICE) ? [...messages, ...messages] : messages) };
  }

  effects(effects: Effects): Effects {
    return {
      perform: async (performance) => {
        if (this.#chance(TWICE)) await effects.perform(performance);
        await this.#maybe(() => effects.perform(performance));
      },
    };
  }

  sends(sends: Sends): Sends {
    return {
      claim: (id, now, leaseMs, retake) => this.#throttled(() => sends.claim(id, now, leaseMs, retake)),
      record: (id) => this.#throttled(() => sends.record(id)),
      records: (ids) => this.#throttled(() => sends.records(ids)),
      tell: (id, fate, now) => this.#throttled(() => sends.tell(id, fate, now)),
      settle: (id, attempt, settlement) => this.#throttled(() => sends.settle(id, attempt, settlement)),
    };
  }

  async #lagging(
    list: ThreadList,
    page: PageRequest,
    store: ThreadStore,
    seen: Map<string, Page<Thread>>,
  ): Promise<Page<Thread>> {
    const key = JSON.stringify([list, page]);
    const old = seen.get(key);
    if (old !== undefined && this.#chance(LAGGING)) return old;
    const now = await store.list(list, page);
    seen.set(key, now);
    return now;
  }

  #throttled<T>(call: () => Promise<T>): Promise<T> {
    if (this.#chance(THROTTLED)) throw new TransientFailure('Throttled.');
    return call();
  }

  async #maybe<T>(call: () => Promise<T>): Promise<T> {
    const result = await this.#throttled(call);
    if (this.#chance(ANSWER_LOST)) throw new TransientFailure('The answer was lost.');
    return result;
  }

  /** mulberry32: small, fast, and the same everywhere. */
  #chance(probability: number): boolean {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32 < probability;
  }
}
