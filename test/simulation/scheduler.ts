/**
 * Virtual time, and every call of a port as a step that the seed decides on: when it happens, whether it happens, and
 * whether its caller lives to see the answer.
 */
import { sha256Hex } from '../../core/digest.ts';
import { TransientFailure } from '../../core/failures.ts';
import type { Random } from '../support/random.ts';

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
export const FAULTS = ['throttled', 'answer lost', 'crash before', 'crash after', 'stalled'] as const;
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

interface Planned {
  at: number;
  name: string;
  act: () => void;
}

const STALL_MS_MAX = 600_000;
const ZOMBIE_WAKES = 0.7;
const IDLE_STEP_CHANCE = 0.05;
const IDLE_MS_MAX = 2_000;

export class Scheduler {
  now: number;
  steps = 0;
  readonly random: Random;
  readonly faults: Record<Fault, number> = {
    throttled: 0,
    'answer lost': 0,
    'crash before': 0,
    'crash after': 0,
    stalled: 0,
  };
  /** Whether nothing goes wrong any more, so that the world can come to rest. */
  isKind = false;
  /** How likely each fault is at a call. */
  readonly rates: Record<Fault, number>;
  /** How far a clock may be off, either way. */
  readonly skewMsMax: number;
  /** Looked at after every step. */
  afterStep: () => void = () => {};
  #calls: Call[] = [];
  #planned: Planned[] = [];
  #trace = '';

  constructor(random: Random, now: number, rates: Record<Fault, number>, skewMsMax: number) {
    this.random = random;
    this.now = now;
    this.rates = rates;
    this.skewMsMax = skewMsMax;
  }

  /** A hash of all that happened, in order: two runs of one seed have the same. */
  get trace(): string {
    return this.#trace;
  }

  /** @param skewMsMax less than the world's, for what is only promised while clocks differ by less than a lease */
  invocation(name: string, lifeMs: number, skewMsMax = this.skewMsMax): Invocation {
    const skewMs = Math.round((this.random.next() * 2 - 1) * Math.min(skewMsMax, this.skewMsMax));
    return { name, isDead: false, skewMs, endsAt: this.now + lifeMs };
  }

  /** Makes a call of a port wait for its turn. */
  call<T>(invocation: Invocation, name: string, run: () => Promise<T>, about?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = resolve as (value: unknown) => void;
      this.#calls.push({ invocation, name, about, run, resolve: settle, reject, notBefore: this.now });
    });
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

  /** Does one thing that can be done now, or lets time pass to the next. @returns false where nothing is left */
  async step(): Promise<boolean> {
    this.steps += 1;
    this.#endOverdue();
    if (this.random.chance(IDLE_STEP_CHANCE)) this.now += this.random.below(IDLE_MS_MAX);
    const calls = this.#calls.filter(({ notBefore }) => notBefore <= this.now);
    const due = this.#planned.findIndex(({ at }) => at > this.now);
    const planned = due < 0 ? this.#planned.length : due;
    const choices = calls.length + planned;
    if (choices === 0) return this.#passTime();
    const choice = this.random.below(choices);
    const call = calls[choice];
    if (call === undefined) this.#act(choice - calls.length);
    else await this.#happen(call);
    // Everything that followed from it runs until it waits for its next turn.
    await new Promise((resolve) => setImmediate(resolve));
    this.afterStep();
    return true;
  }

  #passTime(): boolean {
    const next = Math.min(this.#planned[0]?.at ?? Infinity, ...this.#calls.map(({ notBefore }) => notBefore));
    if (next === Infinity) return false;
    this.now = Math.max(this.now, next);
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
      call.notBefore = this.now + this.random.below(STALL_MS_MAX);
      return;
    }
    this.#calls.splice(this.#calls.indexOf(call), 1);
    if (fault === 'throttled') {
      call.reject(new TransientFailure('Throttled.'));
      return;
    }
    if (fault === 'crash before') {
      this.#end(call.invocation);
      return;
    }
    try {
      const value = await call.run();
      this.#wakeZombies(call);
      if (fault === 'crash after') this.#end(call.invocation);
      else if (fault === 'answer lost') call.reject(new TransientFailure('The answer was lost.'));
      else call.resolve(value);
    } catch (failure) {
      if (fault === 'crash after') this.#end(call.invocation);
      else call.reject(failure);
    }
  }

  /** The worst moment for a writer that was given up to go on is right after another has written. */
  #wakeZombies({ about }: Call): void {
    if (about === undefined) return;
    for (const other of this.#calls) {
      if (other.about === about && this.random.chance(ZOMBIE_WAKES)) other.notBefore = this.now;
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
    for (const { invocation, run } of this.#calls.filter((call) => call.invocation.endsAt <= this.now)) {
      if (!invocation.isDead && this.random.chance(0.5)) void run().catch(() => {});
      this.#end(invocation);
    }
  }

  #end(invocation: Invocation): void {
    invocation.isDead = true;
    this.#calls = this.#calls.filter((call) => call.invocation !== invocation);
  }

  #note(what: string): void {
    this.#trace = sha256Hex(`${this.#trace}\n${this.now} ${what}`);
  }
}
