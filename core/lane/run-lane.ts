/**
 * Routing: takes a lane's messages in order, decides each command once, commits, performs, and only then lets the
 * queue forget them. Dying anywhere in between is harmless: the queue redelivers, the commit answers `duplicate`, and
 * the stored effects are performed again under the same ids.
 */

import { TransientFailure } from '../failures.ts';
import { claimedBusinessOf, type Ids } from '../ids.ts';
import type { Blobs, Clock, Effects, LaneMessage, Log, Policies, ThreadStore, WaitQueue } from '../ports.ts';
import { type Command, commandSchema } from '../thread/command.ts';
import type { Commit } from '../thread/commit.ts';
import type { Reason } from '../thread/entry.ts';
import { type Folded, foldBatch, type Ready } from './fold-batch.ts';
import { performDecided, performStored } from './perform-effects.ts';
import { setAsideCommand, withSmallPayload } from './set-aside.ts';

export interface LaneDeps {
  threads: ThreadStore;
  effects: Effects;
  waits: WaitQueue;
  blobs: Blobs;
  policies: Policies;
  clock: Clock;
  log: Log;
  idsOf: (business: string) => Promise<Ids>;
  /** Waits before another try in place. */
  pause: (ms: number) => Promise<void>;
}

const TRIES_MAX = 5;
const FIRST_PAUSE_MS = 20;

/** The thread is not as it was read: another writer was faster. Reading again helps. */
class Conflict extends TransientFailure {
  override readonly name = 'Conflict';
}

/** There is no policy for a lane's business: nothing can be decided until it is deployed again. */
class UnknownBusiness extends Error {
  override readonly name = 'UnknownBusiness';
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
    while (done < messages.length) done += await withRetries(() => runSome(lane, messages.slice(done), deps), deps);
    return { done };
  } catch (failure) {
    return { done, failure };
  }
}

/** Runs as many messages as fit one transaction, at least one. @returns how many */
async function runSome(lane: string, messages: LaneMessage[], deps: LaneDeps): Promise<number> {
  const batch = await readyBatch(messages, deps);
  const folded = await fold(lane, batch, deps);
  const result = await tryCommit(folded.commit, deps);
  if (result === 'committed') {
    await performDecided(folded, deps);
    return messages.length;
  }
  if (batch.length > 1) return runSome(lane, messages.slice(0, 1), deps);
  const [only] = batch;
  if (only === undefined) return messages.length;
  if (result === 'duplicate') await performStored(only, deps);
  else await setAside(lane, only, { code: 'not-storable', detail: nameOf(result.defect) }, deps);
  return 1;
}

async function fold(lane: string, batch: Ready[], deps: LaneDeps): Promise<Folded> {
  const [before, ids] = await Promise.all([deps.threads.load(lane), deps.idsOf(claimedBusinessOf(lane))]);
  const now = deps.clock.now();
  return foldBatch(lane, before, batch, { ids, now }, (command, defect) => {
    deps.log('error', 'command.undecidable', { command: command.id, defect: nameOf(defect) });
    const message = { lane, id: command.id, body: command };
    return setAsideCommand(message, { code: 'defect', detail: nameOf(defect) }, command.policy, now);
  });
}

async function tryCommit(
  commit: Commit | null,
  deps: LaneDeps,
): Promise<'committed' | 'duplicate' | { defect: unknown }> {
  if (commit === null) return 'committed';
  try {
    const { result } = await deps.threads.commit(commit);
    if (result === 'conflict') throw new Conflict('Another writer was faster.');
    return result;
  } catch (failure) {
    if (failure instanceof TransientFailure) throw failure;
    return { defect: failure };
  }
}

/** Sets a command aside that decides well, but cannot be stored. When even that fails, the dead-letter queue has it. */
async function setAside(lane: string, { command, policy }: Ready, reason: Reason, deps: LaneDeps): Promise<void> {
  deps.log('error', 'command.set-aside', { command: command.id, reason: reason.code, defect: reason.detail });
  const message = { lane, id: command.id, body: command };
  const standIn = setAsideCommand(message, reason, policy.hash, deps.clock.now());
  const folded = await fold(lane, [{ command: await withSmallPayload(standIn, deps.blobs), policy }], deps);
  const result = await tryCommit(folded.commit, deps);
  if (typeof result === 'object') throw result.defect;
  await performDecided(folded, deps);
}

/** The commands of a batch, each once, what cannot be read replaced by its set-aside. */
async function readyBatch(messages: LaneMessage[], deps: LaneDeps): Promise<Ready[]> {
  const batch = new Map<string, Ready>();
  for (const message of messages) {
    const ready = await readyOne(message, deps);
    if (!batch.has(ready.command.id)) batch.set(ready.command.id, ready);
  }
  return [...batch.values()];
}

async function readyOne(message: LaneMessage, deps: LaneDeps): Promise<Ready> {
  const { lane, body } = message;
  const current = deps.policies.current(claimedBusinessOf(lane));
  if (current === undefined) throw new UnknownBusiness(`There is no policy for the business of lane ${lane}.`);
  const parsed = commandSchema.safeParse(body);
  const problem = parsed.success ? misdirection(parsed.data, lane) : 'The message is no command of this version.';
  if (!parsed.success || problem !== undefined) {
    deps.log('error', 'command.unreadable', { lane, message: message.id });
    const reason = { code: 'unreadable', detail: problem ?? '' };
    const standIn = setAsideCommand(message, reason, current.hash, deps.clock.now());
    return { command: await withSmallPayload(standIn, deps.blobs), policy: current };
  }
  const command = parsed.data;
  const policy = (await deps.policies.version(command.business, command.policy)) ?? current;
  await deps.policies.keep(policy);
  return { command, policy };
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
