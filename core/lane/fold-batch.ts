/**
 * Folding: decides a batch of one lane's commands, each on the thread that the one before left behind, into a single
 * transaction. Pure. A command that cannot be decided is replaced by its set-aside, so that it stops nobody.
 */
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Command } from '../thread/command.ts';
import type { Commit, Outcome } from '../thread/commit.ts';
import { decide } from '../thread/decide.ts';
import type { Decision, World } from '../thread/draft.ts';
import { type DecidedEntries, LOG_SCHEMA, storeDecision } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';

/** One lane message, ready to be decided: its command and the policy it was accepted under. */
export interface Ready {
  command: Command;
  policy: CompiledPolicy;
}

export interface Folded {
  /** The thread before the batch. */
  before: Thread | undefined;
  /** Null where no command of the batch wants anything written. */
  commit: Commit | null;
  /** The thread after the batch; undefined where there still is none. */
  thread: Thread | undefined;
  /** What each command did, for performing its effects after the commit. */
  decided: { ready: Ready; decision: Decision }[];
}

/**
 * @param setAsideFor the command that stands in for one whose decision threw; undefined for a timer, which holds
 * nothing that anybody wrote and comes again by itself
 */
export function foldBatch(
  threadId: string,
  before: Thread | undefined,
  batch: Ready[],
  world: Omit<World, 'policy'>,
  setAsideFor: (command: Command, defect: unknown) => Command | undefined,
): Folded {
  let thread = before;
  const decided: Folded['decided'] = [];
  for (const ready of batch) {
    const decision = decideOrSetAside(thread, ready, world, setAsideFor);
    if (decision.outcome === 'done' && decision.entries.length > 0) thread = decision.thread;
    decided.push({ ready, decision });
  }
  return { before, commit: commitOf(threadId, before, thread, decided), thread, decided };
}

function decideOrSetAside(
  thread: Thread | undefined,
  { command, policy }: Ready,
  world: Omit<World, 'policy'>,
  setAsideFor: (command: Command, defect: unknown) => Command | undefined,
): Decision {
  try {
    return decide(thread, command, { ...world, policy });
  } catch (defect) {
    const standIn = setAsideFor(command, defect);
    return standIn === undefined ? { outcome: 'stale' } : decide(thread, standIn, { ...world, policy });
  }
}

function commitOf(
  threadId: string,
  before: Thread | undefined,
  after: Thread | undefined,
  decided: Folded['decided'],
): Commit | null {
  const expectedSeq = before?.seq ?? 0;
  const isChanged = after !== undefined && after.seq !== expectedSeq;
  const outcomes = decided.flatMap(({ ready, decision }) => {
    const outcome = outcomeOf(ready.command, decision, isChanged ? after.seq : null);
    return outcome === undefined ? [] : [{ command: ready.command.id, outcome }];
  });
  if (outcomes.length === 0 && !isChanged) return null;
  const decisions = decided.flatMap(({ ready, decision }) => logged(ready, decision)).map(storeDecision);
  const change = isChanged
    ? { thread: after, logItem: { schema: LOG_SCHEMA, lastSeq: after.seq, decisions } as const }
    : null;
  return { threadId, expectedSeq, change, outcomes };
}

/** Decisions with entries go into the log; effects of the others stand with their outcome. */
function logged({ command, policy }: Ready, decision: Decision): DecidedEntries[] {
  if (decision.outcome !== 'done' || decision.entries.length === 0) return [];
  const { id, acceptedAt: at, author } = command;
  const { entries, effects } = decision;
  return [{ command: id, policy: policy.hash, at, author, entries, effects }];
}

/** Undefined for timers: their generation already makes them fire once, and nobody asks what became of one. */
function outcomeOf(command: Command, decision: Decision, logSeq: number | null): Outcome | undefined {
  if (decision.outcome === 'early' || decision.outcome === 'stale') return undefined;
  if (command.body.type === 'fire-timers') return undefined;
  const { thread } = command;
  const effects = decision.effects.length > 0 ? { effects: decision.effects } : {};
  if (decision.outcome === 'rejected') {
    return { status: 'rejected', thread, reason: decision.reason, logSeq: null, ...effects };
  }
  const setAside = decision.entries.find((entry) => entry.type === 'set-aside');
  if (setAside !== undefined) return { status: 'set-aside', thread, reason: setAside.reason, logSeq };
  const written = decision.entries.find((entry) => entry.type === 'message' || entry.type === 'note');
  const own = {
    ...(written === undefined ? {} : { messageId: written.messageId }),
    ...(decision.entries.length > 0 ? { logSeq } : { logSeq: null, ...effects }),
  };
  const next = decision.forwardedTo;
  if (next === undefined) return { status: 'done', thread, ...own };
  return { status: 'forwarded', thread, forwardedTo: { thread: next.thread, command: next.id }, ...own };
}
