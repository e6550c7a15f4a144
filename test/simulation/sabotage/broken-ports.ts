/** Ports that do something else than they should. */
import { performanceOf } from '../../../core/effect/perform.ts';
import type { LaneDeps } from '../../../core/lane/run-lane.ts';
import type { Effects, Performance, ThreadStore } from '../../../core/ports.ts';
import type { Commit, CommitResult } from '../../../core/thread/commit.ts';
import { type Entry, entriesOf, LOG_SCHEMA, type LogItem, storeDecision } from '../../../core/thread/entry.ts';
import { evolve } from '../../../core/thread/evolve.ts';
import { blankThread } from '../../../core/thread/thread.ts';
import { instead } from '../../support/instead.ts';

type LaneSabotage = (deps: LaneDeps) => LaneDeps;

export function onThreads(calls: (threads: ThreadStore) => Partial<ThreadStore>): LaneSabotage {
  return (deps) => ({ ...deps, threads: instead(deps.threads, calls(deps.threads)) });
}

/** Commits something else. */
export function committing(change: (commit: Commit) => Commit): LaneSabotage {
  return onThreads((threads) => ({ commit: (commit) => threads.commit(change(commit)) }));
}

/** Takes the store's answer for another one. */
export function answering(change: (answer: CommitResult, commit: Commit) => CommitResult): LaneSabotage {
  return onThreads((threads) => ({ commit: async (commit) => change(await threads.commit(commit), commit) }));
}

/** Performs something else. */
export function performing(change: (whole: Performance) => Performance): LaneSabotage {
  return (deps) => ({ ...deps, effects: { perform: (whole) => deps.effects.perform(change(whole)) } });
}

/** Writes other entries, and the head that follows from them. */
export function writing(change: (entry: Entry) => Entry): LaneSabotage {
  return onThreads((threads) => ({
    commit: async (commit) => {
      if (commit.change === null) return threads.commit(commit);
      const item = itemOf(commit.change.logItem, change);
      const before = await threads.load(commit.threadId);
      const entries = entriesOf(item);
      const blank = blankThread(commit.threadId, entries[0]?.at ?? 0);
      return threads.commit({ ...commit, change: { thread: entries.reduce(evolve, before ?? blank), logItem: item } });
    },
  }));
}

/** The same decisions, with other entries. */
export function itemOf({ lastSeq, decisions }: LogItem, change: (entry: Entry) => Entry): LogItem {
  return {
    schema: LOG_SCHEMA,
    lastSeq,
    decisions: decisions.map((decision) => {
      const entries = entriesOf({ schema: LOG_SCHEMA, lastSeq, decisions: [decision] });
      return storeDecision({ ...decision, entries: entries.map(change) });
    }),
  };
}

/** Performs what a commit is about to cause, and only then commits. */
export function effectsBeforeCommit(deps: LaneDeps): LaneDeps {
  const commit = async (one: Commit): Promise<CommitResult> => {
    if (one.change !== null) await performEarly(one.change, deps);
    return deps.threads.commit(one);
  };
  return { ...deps, threads: instead<ThreadStore>(deps.threads, { commit }), effects: { perform: async () => {} } };
}

async function performEarly({ thread, logItem }: NonNullable<Commit['change']>, deps: LaneDeps): Promise<void> {
  const { effects, policies, blobs, clock } = deps;
  for (const decision of logItem.decisions) {
    const policy = (await policies.version(thread.business, decision.policy)) ?? policies.current(thread.business);
    if (policy === undefined) continue;
    const entries = entriesOf(logItem);
    const source = { thread, policy, entries, logSeq: logItem.lastSeq, blobs, now: clock.now() };
    await effects.perform(await performanceOf(decision.effects, source));
  }
}

/** Performs each mail as it is given, but otherwise where it is performed again. */
export function performingAgain(change: (mail: Performance['mails'][number]) => Performance['mails'][number]) {
  const known = new Set<string>();
  return (deps: LaneDeps): LaneDeps => {
    const perform: Effects['perform'] = (whole) => {
      const mails = whole.mails.map((mail) => (known.has(mail.sendId) ? change(mail) : mail));
      for (const { sendId } of whole.mails) known.add(sendId);
      return deps.effects.perform({ ...whole, mails });
    };
    return { ...deps, effects: { perform } };
  };
}
