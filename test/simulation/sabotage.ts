/** Ways to break the protocol, each of which the simulation must notice. */
import { performanceOf } from '../../core/effect/perform.ts';
import type { Effects, LaneMessage, Sends, ThreadStore } from '../../core/ports.ts';
import { entriesOf } from '../../core/thread/entry.ts';
import { defaultPolicy } from '../builders.ts';
import { MapBlobs } from '../support/lane.ts';

export const SABOTAGES = [
  'effects before commit',
  // The version is the second line of defence behind a lane's one writer: it can only be seen where that one fails.
  'two writers on a lane',
  'two writers on a lane, no version check',
  'no outcome check',
  'acknowledgement before effects',
  'send ids not deterministic',
  'command ids not deterministic',
  'no claim before sending',
  'timer ids without generation',
  'keys are not remembered',
  'stored effects not performed again',
] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** Performs what a commit is about to cause, and only then commits. */
export function effectsBeforeCommit(threads: ThreadStore, effects: Effects, now: () => number): ThreadStore {
  const early = async (commit: Parameters<ThreadStore['commit']>[0]) => {
    for (const decision of commit.change?.logItem.decisions ?? []) {
      const { change } = commit;
      if (change === null) continue;
      const source = {
        thread: change.thread,
        policy: defaultPolicy,
        entries: entriesOf(change.logItem),
        logSeq: change.logItem.lastSeq,
        blobs: new MapBlobs(),
        now: now(),
      };
      await effects.perform(await performanceOf(decision.effects, source));
    }
    return threads.commit(commit);
  };
  return { ...bound(threads), commit: early };
}

/** Tells that nothing was decided before, wherever that would bring stored effects back. */
export function withoutOutcomes(threads: ThreadStore): ThreadStore {
  return { ...bound(threads), outcome: async () => undefined };
}

/** Gives every mail and every command on another lane another id each time. */
export function withRandomIds(effects: Effects, what: 'mails' | 'commands', unique: () => string): Effects {
  const changed = (message: LaneMessage): LaneMessage => {
    const id = `${message.id.slice(0, 100)}-${unique()}`;
    return { ...message, id, body: { ...(message.body as object), id } };
  };
  return {
    perform: (whole) =>
      effects.perform(
        what === 'mails'
          ? { ...whole, mails: whole.mails.map((job) => ({ ...job, sendId: `${job.sendId}-${unique()}` })) }
          : { ...whole, commands: whole.commands.map(changed) },
      ),
  };
}

export function withoutClaims(sends: Sends): Sends {
  return {
    claim: async (_id, now) => ({ attempt: 1, tries: 0, since: now }),
    record: (id) => sends.record(id),
    settle: (id, attempt, settlement) => sends.settle(id, attempt, settlement),
  };
}

/** Takes the generation out of a timer's command id: all timers of a thread have the same one. */
export function withoutGeneration(message: LaneMessage): LaneMessage {
  const { id } = message.body as { id: string };
  return { ...message, body: { ...(message.body as object), id: id.slice(0, id.lastIndexOf('_')) } };
}

function bound(threads: ThreadStore): ThreadStore {
  return {
    load: (id) => threads.load(id),
    commit: (commit) => threads.commit(commit),
    outcome: (id, command) => threads.outcome(id, command),
    logItem: (id, lastSeq) => threads.logItem(id, lastSeq),
    log: (id, after, limit) => threads.log(id, after, limit),
    list: (list, page) => threads.list(list, page),
    due: (until, page) => threads.due(until, page),
  };
}
