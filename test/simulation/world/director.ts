/**
 * What happens in a simulated world beside faults and wishes: days pass, policies change, a version with a defect is
 * deployed and mended, a business is not served for a while, and messages come that nobody understands.
 */
import type { Ids } from '../../../core/ids.ts';
import type { LaneMessage } from '../../../core/ports.ts';
import { AVAILABILITIES, poolIdOf } from '../../../core/team/pool-command.ts';
import { dueAtOf } from '../../../core/thread/armed-timers.ts';
import { aCustomer, aCustomerMessage, aStart, aText, DAY, HOUR, MINUTE } from '../../builders.ts';
import { CUSTOMERS, customerAuthor, entropyOf } from './customers.ts';
import type { Happenings } from './happenings.ts';
import type { MemoryThreadStore } from './memory-store.ts';
import { DEFECTS, type Defect, type PolicyModel } from './policy-model.ts';
import type { QueueModel } from './queue-model.ts';
import type { Feature, Regime } from './regime.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wishes } from './wishes.ts';

interface DirectorWorld {
  scheduler: Scheduler;
  regime: Regime;
  happenings: Happenings;
  store: MemoryThreadStore;
  ids: Ids;
  policies: PolicyModel;
  commands: QueueModel<LaneMessage>;
}

/** A message that no version of the product understands, and what of it can be read all the same. */
export interface Poison {
  lane: string;
  body: unknown;
  sentAt: number;
  /** When it was accepted, where it says so. */
  acceptedAt: number | null;
}

/** Some minutes, in which a near timer fires, or days, in which threads are closed. */
const JUMPS_MS = [3 * MINUTE, 3 * MINUTE, 2 * HOUR, 30 * HOUR, 4 * DAY, 9 * DAY];
/** Just before a timer fires is when a lane is most easily confused. */
const TO_A_TIMER = 0.5;
const SECOND = 1_000;
const POOL = poolIdOf('acme');
const LIMIT_RAISED = 0.3;

export class Director {
  /** By the id of what stands in for it. */
  readonly poison = new Map<string, Poison>();
  /** Times in which nothing could be decided, or not everything. */
  readonly troubles: { what: Feature | Defect; from: number; until: number }[] = [];
  /** Deployed, and not mended yet. */
  defect: Defect | undefined;
  /** Which versions run: while one is deployed, both do. */
  deployment: 'old' | 'under way' | 'new' = 'old';
  readonly #world: DirectorWorld;

  constructor(world: DirectorWorld) {
    this.#world = world;
  }

  /** What happens before the next wish. */
  async act(wishes: Wishes): Promise<void> {
    const { scheduler, happenings, policies, store } = this.#world;
    if (this.#is('message that nobody understands')) this.#poisonALane(wishes);
    if (this.#is('policy change')) {
      policies.change();
      happenings.note('policy changes');
    }
    if (this.#is('agents come and go')) this.#sayAvailability();
    if (this.#is('business not served')) this.#stopServing();
    if (this.#is('defect')) this.#break();
    if (this.deployment === 'old' && this.#is('deployment')) this.#deploy();
    if (this.#is('message too large') && scheduler.random.chance(LIMIT_RAISED))
      store.charsMax = Number.POSITIVE_INFINITY;
    if (this.#is('time passes')) await this.#letTimePass(wishes);
  }

  /** Nothing is wrong or under way any more. */
  settle(): void {
    const { scheduler, policies } = this.#world;
    this.defect = undefined;
    policies.isServed = true;
    if (this.deployment === 'under way') this.deployment = 'new';
    for (const trouble of this.troubles) trouble.until = Math.min(trouble.until, scheduler.now);
  }

  #is(feature: Feature): boolean {
    const { scheduler, regime } = this.#world;
    return scheduler.random.chance(regime.features[feature]);
  }

  async #letTimePass(wishes: Wishes): Promise<void> {
    const { scheduler, store } = this.#world;
    const { now, random } = scheduler;
    const dueAts = store.threads().map((thread) => ({ thread, dueAt: dueAtOf(thread) ?? now }));
    const closings = dueAts.filter(({ thread }) => thread.closeAt !== null);
    const later = (random.chance(0.5) && closings.length > 0 ? closings : dueAts).filter(({ dueAt }) => dueAt > now);
    if (later.length === 0 || !random.chance(TO_A_TIMER)) {
      await scheduler.advance(random.pick(JUMPS_MS));
      return;
    }
    const { thread, dueAt } = random.pick(later);
    // Or not at all, so that it is seen to fire.
    const isDisturbed = random.chance(0.5);
    const earlyMs = isDisturbed ? random.below(2 * scheduler.skewMsMax + SECOND) : -MINUTE;
    await scheduler.advance(dueAt - now - earlyMs);
    if (isDisturbed) wishes.writeIn(thread);
  }

  #stopServing(): void {
    const { policies, happenings } = this.#world;
    policies.isServed = false;
    happenings.note('times not served');
    this.#trouble('business not served', 5 * MINUTE, () => {
      policies.isServed = true;
    });
  }

  #break(): void {
    const defect = this.#world.scheduler.random.pick(DEFECTS);
    this.defect = defect;
    this.#trouble(defect, 30 * MINUTE, () => {
      if (this.defect === defect) this.defect = undefined;
    });
  }

  #deploy(): void {
    this.deployment = 'under way';
    this.#trouble('deployment', 20 * MINUTE, () => {
      this.deployment = 'new';
    });
  }

  #trouble(what: Feature | Defect, msMax: number, end: () => void): void {
    const { now, random } = this.#world.scheduler;
    const ms = random.below(msMax);
    this.troubles.push({ what, from: now, until: now + ms });
    this.#world.scheduler.plan(ms, `the end of ${what}`, end);
  }

  #sayAvailability(): void {
    const { scheduler, commands } = this.#world;
    const { random, now } = scheduler;
    const id = `said-${scheduler.steps}-${now}`;
    const body = {
      type: 'availability',
      agent: random.pick(['ana', 'ben']),
      availability: random.pick(AVAILABILITIES),
    };
    const message = { lane: POOL, id, body: { schema: 1, id, acceptedAt: now, body } };
    commands.send(POOL, [{ id, body: message }]);
  }

  /** On any thread, a new one too, comes what nobody understands. */
  #poisonALane(wishes: Wishes): void {
    const { scheduler, ids, commands } = this.#world;
    const { random, now } = scheduler;
    const customer = random.pick(CUSTOMERS);
    const threads = wishes.threadsOf(customer);
    const isFirst = threads.length === 0 || random.chance(0.25);
    const lane = isFirst ? wishes.begin(customer) : random.pick(threads);
    const id = ids.command(lane, `customer:${customer}`, now, entropyOf(random));
    const written = { customer: aCustomer({ id: customer }), content: aText('poison'), messageId: '' };
    const message = isFirst ? aStart(written) : aCustomerMessage(written);
    const command = {
      ...{ schema: 1, id, business: 'acme', thread: lane, acceptedAt: now, policy: 'none', control: 'agent' },
      author: customerAuthor(customer),
      body: message,
    };
    const [body, acceptedAt] = random.pick<[unknown, number | null]>([
      [{ id, from: 'another product' }, null],
      // Its author and the instant of its acceptance can be read; what was written cannot.
      [{ ...command, body: { ...message, content: { parts: [] } } }, now],
      [{ ...command, body: { ...message, type: 'of another product' } }, now],
      [{ ...command, business: 'other' }, now],
      [{ ...command, acceptedAt: Number.MAX_SAFE_INTEGER }, null],
    ]);
    this.poison.set(id, { lane, body, sentAt: now, acceptedAt });
    commands.send(lane, [{ id, body: { lane, id, body } }]);
  }
}
