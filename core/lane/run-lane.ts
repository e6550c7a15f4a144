/**
 * Routing: takes a lane's messages in order, decides each command once, commits, performs, and only then lets the
 * queue forget them. Dying anywhere in between is harmless: the queue redelivers, the commit answers `duplicate`, and
 * the stored effects are performed again under the same ids.
 */

import { Conflict, TransientFailure } from '../failures.ts';
import { claimedBusinessOf, type Ids } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type {
  Blobs,
  Clock,
  Effects,
  LaneMessage,
  Log,
  Metrics,
  Policies,
  PoolStore,
  ThreadStore,
  WaitQueue,
} from '../ports.ts';
import { isPool } from '../team/pool-command.ts';
import { runPool } from '../team/run-pool.ts';
import { COMMAND_SCHEMA, type Command, commandSchema } from '../thread/command.ts';
import type { Commit } from '../thread/commit.ts';
import type { Reason } from '../thread/entry.ts';
import { type Folded, foldBatch, type Ready } from './fold-batch.ts';
import { measure } from './measure.ts';
import { performDecided, performFiredAgain, performStored } from './perform-effects.ts';
import { isTimerMessage as isTimer, setAsideCommand, withSmallPayload } from './set-aside.ts';
import { wordsOfBatch } from './words-of-batch.ts';

export interface LaneDeps {
  threads: ThreadStore;
  pools: PoolStore;
  effects: Effects;
  waits: WaitQueue;
  blobs: Blobs;
  policies: Policies;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  idsOf: (business: string) => Promise<Ids>;
  /** Waits before another try in place. */
  pause: (ms: number) => Promise<void>;
}

const TRIES_MAX = 5;
const FIRST_PAUSE_MS = 20;
/** Commands are folded into one transaction up to so many characters: a store holds only so much in one. */
const FOLD_CHARS_MAX = 100_000;

/** There is no policy for a lane's business: nothing can be decided until it is deployed again. */
class UnknownBusiness extends TransientFailure {
  override readonly name = 'UnknownBusiness';
}

/** A later version of the product wrote this, as happens while one is being deployed: that one will read it. */
class LaterVersion extends TransientFailure {
  override readonly name = 'LaterVersion';
}

/**
 * Runs a batch of one lane's messages.
 * @returns how many, from the first, are done. The others must come again, in order; `failure` says why.
 */
export async function runLane(
  lane: string,
  messages: LaneMessage[],
  deps: LaneDeps,
): Promise<{ done: number; failure?: unknown }> {
  let done = 0;
  try {
    if (isPool(lane)) done = await withRetries(() => runPool(lane, messages, deps), deps);
    while (done < messages.length) {
      const some = foldable(messages.slice(done));
      done += await withRetries(() => runSome(lane, some, deps), deps);
    }
    return { done };
  } catch (failure) {
    return { done, failure };
  }
}

/** As many messages, from the first, as may go into one transaction; none behind one that has to wait. */
function foldable(messages: LaneMessage[]): LaneMessage[] {
  if (messages.length === 1) return messages;
  let chars = 0;
  const end = messages.findIndex(({ body }, index) => {
    chars += (JSON.stringify(body) ?? '').length;
    return index > 0 && (chars > FOLD_CHARS_MAX || isLater(body));
  });
  return end < 0 ? messages : messages.slice(0, end);
}

/** Runs messages in one transaction or, where that cannot be, the first alone. @returns how many */
async function runSome(lane: string, messages: LaneMessage[], deps: LaneDeps): Promise<number> {
  const [only] = messages;
  if (only === undefined) return 0;
  try {
    return await runTogether(lane, messages, deps);
  } catch (failure) {
    if (failure instanceof TransientFailure) throw failure;
    // One of them is to blame, and must not drag the others along.
    if (messages.length > 1) return runSome(lane, [only], deps);
    await setAside(only, { code: 'defect', detail: nameOf(failure) }, deps);
    return 1;
  }
}

async function runTogether(lane: string, messages: LaneMessage[], deps: LaneDeps): Promise<number> {
  const batch = await readyBatch(messages, deps);
  const folded = await fold(lane, batch, deps);
  await performFiredAgain(folded, deps);
  const result = await tryCommit(folded.commit, deps);
  if (result === 'committed') {
    measureAll(folded, deps);
    await performDecided(folded, deps);
    return messages.length;
  }
  const [message] = messages;
  if (message === undefined || messages.length > 1) return runSome(lane, messages.slice(0, 1), deps);
  if (result === 'too-large') await setAside(message, { code: 'too-large', detail: 'The store cannot hold it.' }, deps);
  else for (const ready of batch) await performStored(ready, deps);
  return 1;
}

async function fold(lane: string, batch: Ready[], deps: LaneDeps): Promise<Folded> {
  const [before, ids, textOf] = await Promise.all([
    deps.threads.load(lane),
    deps.idsOf(claimedBusinessOf(lane)),
    wordsOfBatch(batch, deps.blobs),
  ]);
  const now = deps.clock.now();
  return foldBatch(lane, before, batch, { ids, now, textOf }, (command, defect) => {
    deps.log('error', 'command.undecidable', { command: command.id, defect: nameOf(defect) });
    if (command.body.type === 'fire-timers') return undefined;
    const message = { lane, id: command.id, body: command };
    return setAsideCommand(message, { code: 'defect', detail: nameOf(defect) }, command.policy, now);
  });
}

async function tryCommit(commit: Commit | null, deps: LaneDeps): Promise<'committed' | 'duplicate' | 'too-large'> {
  if (commit === null) return 'committed';
  const { result } = await deps.threads.commit(commit);
  if (result === 'conflict') throw new Conflict('Another writer was faster.');
  return result;
}

/** Sets a message aside that cannot be decided or stored. When even that fails, the dead-letter queue has it. */
async function setAside(message: LaneMessage, reason: Reason, deps: LaneDeps): Promise<void> {
  const policy = currentPolicy(message.lane, deps);
  deps.log('error', 'command.set-aside', { message: message.id, reason: reason.code, defect: reason.detail });
  if (isTimer(message)) return; // the sweep brings it again
  const standIn = setAsideCommand(message, reason, policy.hash, deps.clock.now());
  const ready = { command: await withSmallPayload(standIn, deps.blobs), policy };
  const folded = await fold(message.lane, [ready], deps);
  const result = await tryCommit(folded.commit, deps);
  if (result === 'too-large') throw new Unkeepable(`The message ${message.id} cannot even be set aside.`);
  if (result === 'duplicate') {
    await performStored(ready, deps);
    return;
  }
  measureAll(folded, deps);
  await performDecided(folded, deps);
}

function measureAll({ before, decided }: Folded, { clock, metrics }: LaneDeps): void {
  let thread = before;
  for (const { ready, decision } of decided) {
    measure(ready.command, thread, decision, clock.now(), metrics);
    if (decision.outcome === 'done') thread = decision.thread;
  }
}

/** What a set-aside makes of a message is small: that the store refuses it all the same is a defect. */
class Unkeepable extends Error {
  override readonly name = 'Unkeepable';
}

/** The commands of a batch, each once, what cannot be read replaced by its set-aside. */
async function readyBatch(messages: LaneMessage[], deps: LaneDeps): Promise<Ready[]> {
  const batch = new Map<string, Ready>();
  for (const message of messages) {
    const ready = await readyOne(message, deps);
    if (ready !== undefined && !batch.has(ready.command.id)) batch.set(ready.command.id, ready);
  }
  return [...batch.values()];
}

/** Undefined for a timer that cannot be read: the sweep brings it again. */
async function readyOne(message: LaneMessage, deps: LaneDeps): Promise<Ready | undefined> {
  const { lane, body } = message;
  const current = currentPolicy(lane, deps);
  const parsed = commandSchema.safeParse(body);
  if (!parsed.success && isLater(body)) throw new LaterVersion(`The message ${message.id} is of a later version.`);
  const problem = parsed.success ? misdirection(parsed.data, lane) : 'The message is no command of this version.';
  if (!parsed.success || problem !== undefined) {
    deps.log('error', 'command.unreadable', { lane, message: message.id });
    if (isTimer(message)) return undefined;
    const reason = { code: 'unreadable', detail: problem ?? '' };
    const standIn = setAsideCommand(message, reason, current.hash, deps.clock.now());
    return { command: await withSmallPayload(standIn, deps.blobs), policy: current };
  }
  const command = parsed.data;
  const policy = (await deps.policies.version(command.business, command.policy)) ?? current;
  await deps.policies.keep(policy);
  return { command, policy };
}

/** @throws {UnknownBusiness} */
function currentPolicy(lane: string, deps: LaneDeps): CompiledPolicy {
  const current = deps.policies.current(claimedBusinessOf(lane));
  if (current === undefined) throw new UnknownBusiness(`There is no policy for the business of lane ${lane}.`);
  return current;
}

function isLater(body: unknown): boolean {
  const schema = typeof body === 'object' && body !== null && 'schema' in body ? body.schema : undefined;
  return typeof schema === 'number' && schema > COMMAND_SCHEMA;
}

/** The lane is the thread: a command that names another, or another business, was put there by mistake. */
function misdirection(command: Command, lane: string): string | undefined {
  if (command.thread === lane && command.business === claimedBusinessOf(lane)) return undefined;
  return 'The command belongs to another lane.';
}

async function withRetries<T>(work: () => Promise<T>, deps: LaneDeps): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof TransientFailure) || tries === TRIES_MAX) throw failure;
      await deps.pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}

/** Errors are known by their class: their message might quote what a customer wrote. */
function nameOf(defect: unknown): string {
  return defect instanceof Error ? defect.name : typeof defect;
}
