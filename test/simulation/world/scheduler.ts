/**
 * Virtual time, and every call of a port as a step that the seed decides on: when it happens, whether it happens, and
 * whether its caller lives to see the answer.
 */
import { TransientFailure } from '../../../core/failures.ts';
import type { Random } from '../../support/random.ts';

/** One run of a function: what it has begun dies with it. */
export interface Invocation {
  name: string;
  isDead: boolean;
  /** How far its clock is off. */
  skewMs: number;
  /** When the platform ends it, however far it is. */
  endsAt: number;
}

/** What can happen to a call. */
export const FAULTS = [
  'throttled',
  'answer lost',
  'crash before',
  'crash after',
  'crash, effect late',
  'stalled',
] as const;
export type Fault = (typeof FAULTS)[number];

interface Call {
  invocation: Invocation;
  name: string;
  /** What it is about: of two calls about the same, a stalled one likes to come just after the other. */
  about: string | undefined;
  run: () => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (failure: unknown) => void;
  notBefore: number;
}

/** What a dead function had sent, still on its way. */
type Late = Pick<Call, 'name' | 'about' | 'run'>;

interface Planned {
  at: number;
  name: string;
  act: () => void;
}

const STALLS_MS_MAX = [10_000, 60_000, 600_000];
/** A packet that outlives its sender for longer than this is not seen in practice. */
const LATE_MS_MAX = 400_000;
const [ZOMBIE_WAKES, LATE_WAKES] = [0.7, 0.4];
/** How likely time passes before a step where things go wrong and nothing else is under way. */
const IDLE_STEP_CHANCE = 0.06;
const IDLE_MS_MAX = 2_000;
/** What each call takes at most where nothing goes wrong, beside the others: ten times what it takes on AWS. */
const KIND_CALL_MS_MAX = 100;
/** Ten times what a bad world takes. */
const STEPS_MAX = 150_000;
const [FNV_OFFSET, FNV_PRIME] = [0x811c9dc5, 0x01000193];

/** Something is tried again and again, and never done. */
export class Endless extends Error {
  override readonly name = 'Endless';
}

export class Scheduler {
  now: number;
  steps = 0;
  readonly random: Random;
  readonly faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  /** Whether nothing goes wrong any more, so that the world can come to rest. */
  isKind = false;
  /** How likely each fault is at a call. */
  readonly rates: Record<Fault, number>;
  /** How far a clock may be off, either way. */
  readonly skewMsMax: number;
  #calls: Call[] = [];
  #late: Late[] = [];
  #planned: Planned[] = [];
  #trace = FNV_OFFSET;

  constructor(random: Random, now: number, rates: Record<Fault, number>, skewMsMax: number) {
    this.random = random;
    this.now = now;
    this.rates = rates;
    this.skewMsMax = skewMsMax;
  }

  /** A hash of all that happened, in order: two runs of one seed have the same. */
  get trace(): string {
    return (this.#trace >>> 0).toString(16);
  }

  /** @param skewMsMax less than the world's, for what is only promised while clocks differ by less than a lease */
  invocation(name: string, lifeMs: number, skewMsMax = this.skewMsMax): Invocation {
    const skewMs = Math.round((this.random.next() * 2 - 1) * Math.min(skewMsMax, this.skewMsMax));
    return { name, isDead: false, skewMs, endsAt: this.now + lifeMs };
  }

  /** Makes a call of a port wait for its turn, and for so long at least. */
  call<T>(invocation: Invocation, name: string, run: () => Promise<T>, about?: string, slowMs = 0): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      if (invocation.isDead) return;
      const notBefore = this.now + slowMs + (this.isKind ? this.random.below(KIND_CALL_MS_MAX) : 0);
      this.#calls.push({ invocation, name, about, run, resolve, reject, notBefore });
    }) as Promise<T>;
  }

  /** A function's pause; it may be dead when it is over. */
  pause(invocation: Invocation, ms: number): Promise<void> {
    return new Promise((resolve) => this.plan(ms, `${invocation.name} goes on`, () => invocation.isDead || resolve()));
  }

  plan(delayMs: number, name: string, act: () => void): void {
    const at = this.now + Math.max(0, delayMs);
    const index = this.#planned.findLastIndex((other) => other.at <= at) + 1;
    this.#planned.splice(index, 0, { at, name, act });
  }

  /** Whether a message of the platform itself is lost now; never once the world is to come to rest. */
  isLost(probability: number): boolean {
    return !this.isKind && this.random.chance(probability);
  }

  /** Goes on for so long. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    while (this.now < until) {
      if (await this.step(until)) continue;
      this.now = until;
    }
  }

  /** Does one thing that can be done now, or lets time pass to the next. @returns false where nothing is left */
  async step(until = Infinity): Promise<boolean> {
    if (this.steps >= STEPS_MAX) throw new Endless('The world does not come to rest.');
    this.steps += 1;
    this.#endOverdue();
    const isIdle = !this.isKind && this.random.chance(IDLE_STEP_CHANCE / Math.max(1, this.#calls.length));
    if (isIdle) this.now += this.random.below(IDLE_MS_MAX);
    const calls = this.#calls.filter(({ notBefore }) => notBefore <= this.now);
    const due = this.#planned.findIndex(({ at }) => at > this.now);
    const planned = due < 0 ? this.#planned.length : due;
    const choices = calls.length + planned;
    if (choices === 0) return this.#passTime(until);
    const choice = this.random.below(choices);
    const call = calls[choice];
    if (call === undefined) this.#act(choice - calls.length);
    else await this.#happen(call);
    // Everything that followed from it runs until it waits for its next turn.
    await new Promise((resolve) => setImmediate(resolve));
    return true;
  }

  #passTime(until: number): boolean {
    const next = Math.min(this.#planned[0]?.at ?? Infinity, ...this.#calls.map(({ notBefore }) => notBefore));
    if (next === Infinity) return false;
    this.now = Math.max(this.now, Math.min(next, until));
    return true;
  }

  #act(index: number): void {
    const [planned] = this.#planned.splice(index, 1);
    this.#note(planned?.name ?? '');
    planned?.act();
  }

  async #happen(call: Call): Promise<void> {
    const fault = this.#faultFor();
    this.#note(`${call.invocation.name} ${call.name} ${fault ?? ''}`);
    if (fault === 'stalled') {
      call.notBefore = this.now + this.random.below(this.random.pick(STALLS_MS_MAX));
      return;
    }
    this.#calls.splice(this.#calls.indexOf(call), 1);
    if (fault === 'crash, effect late') this.#happenLate(call);
    if (fault === 'crash before' || fault === 'crash, effect late') this.#end(call.invocation);
    else if (fault === 'throttled') call.reject(new TransientFailure('Throttled.'));
    else await this.#take(call, fault);
  }

  /** The call takes effect; whether its caller lives to see the answer is another matter. */
  async #take(call: Call, fault: Fault | undefined): Promise<void> {
    try {
      const value = await call.run();
      if (fault === 'crash after') this.#end(call.invocation);
      else if (fault === 'answer lost') call.reject(new TransientFailure('The answer was lost.'));
      else call.resolve(value);
    } catch (failure) {
      if (fault === 'crash after') this.#end(call.invocation);
      else call.reject(failure);
    }
  }

  /** What a dead function sent is still on its way, and arrives some time. */
  #happenLate({ invocation, name, about, run }: Call): void {
    const late = { name: `${invocation.name} ${name}, late`, about, run };
    this.#late.push(late);
    this.plan(this.random.below(this.random.pick([5_000, LATE_MS_MAX])), late.name, () => this.#arrive(late));
  }

  #arrive(late: Late): void {
    if (!this.#late.includes(late)) return;
    this.#late = this.#late.filter((other) => other !== late);
    void late.run().catch(() => {});
  }

  /**
   * Somebody has just written: the worst moment for what was given up to go on, or to arrive.
   * @param about what was written to
   */
  wakeZombies(about: string): void {
    for (const other of this.#calls) {
      if (other.about === about && this.random.chance(ZOMBIE_WAKES)) other.notBefore = this.now;
    }
    for (const late of this.#late) {
      if (late.about === about && this.random.chance(LATE_WAKES)) this.plan(0, late.name, () => this.#arrive(late));
    }
  }

  #faultFor(): Fault | undefined {
    if (this.isKind) return undefined;
    for (const fault of FAULTS) {
      if (!this.random.chance(this.rates[fault])) continue;
      this.faults[fault] += 1;
      return fault;
    }
    return undefined;
  }

  /** The platform ends what has run for too long; a call that is under way may take effect all the same. */
  #endOverdue(): void {
    for (const call of this.#calls.filter(({ invocation }) => invocation.endsAt <= this.now)) {
      if (!call.invocation.isDead && this.random.chance(0.5)) this.#happenLate(call);
      this.#end(call.invocation);
    }
  }

  #end(invocation: Invocation): void {
    invocation.isDead = true;
    this.#calls = this.#calls.filter((call) => call.invocation !== invocation);
  }

  #note(what: string): void {
    let hash = this.#trace ^ Math.floor(this.now % 0x7fffffff);
    for (let i = 0; i < what.length; i += 1) hash = Math.imul(hash ^ what.charCodeAt(i), FNV_PRIME);
    this.#trace = hash;
  }
}
