/** Performs the effects of decisions: right after their commit, or again when a command comes a second time. */
import { type EffectSource, nothingPerformed, performanceOf } from '../effect/perform.ts';
import type { Blobs, Clock, Effects, Performance, Policies, ThreadStore, WaitQueue } from '../ports.ts';
import { entriesOf, type LogItem, type StoredDecision } from '../thread/entry.ts';
import { evolve } from '../thread/evolve.ts';
import { blankThread, type Thread } from '../thread/thread.ts';
import type { Folded, Ready } from './fold-batch.ts';

interface PerformDeps {
  threads: ThreadStore;
  effects: Effects;
  waits: WaitQueue;
  blobs: Blobs;
  policies: Policies;
  clock: Clock;
}

/** A wait is at most so long: what is due later is found by a sweep before then. */
const WAIT_MS_MAX = 900_000;
const LOG_PAGE = 100;
/** Entries at the end of a log among which a timer's are looked for: more than any writer adds who should not be. */
const LOOKED_BACK = 60;

/** Performs what a batch decided. Early timers go back to the wait queue. */
export async function performDecided({ decided, before, commit }: Folded, deps: PerformDeps): Promise<void> {
  const whole = nothingPerformed();
  const logSeq = commit?.change?.logItem.lastSeq ?? 0;
  let thread = before;
  for (const { ready, decision } of decided) {
    if (decision.outcome === 'early') await waitOn(ready, decision.dueAt, deps);
    else if (decision.outcome !== 'stale') {
      if (decision.outcome === 'done') thread = decision.thread;
      const entries = decision.outcome === 'done' ? decision.entries : [];
      const source = sourceOf(ready, thread, { entries, logSeq }, deps);
      append(whole, await performanceOf(decision.effects, source));
    }
  }
  await hand(whole, deps);
}

/** Performs the stored effects of a command that was decided before; nothing where it was not. */
export async function performStored(ready: Ready, deps: PerformDeps): Promise<void> {
  const { command } = ready;
  const outcome = await deps.threads.outcome(command.thread, command.id);
  if (outcome === undefined) return;
  if (outcome.logSeq !== null) await performLogged(ready, outcome.logSeq, deps);
  if (outcome.effects === undefined) return;
  const thread = await deps.threads.load(command.thread);
  const source = sourceOf(ready, thread, { entries: [], logSeq: 0 }, deps);
  await hand(await performanceOf(outcome.effects, source), deps);
}

/**
 * A timer has no outcome of its own. When it comes a second time because its effects may not have been performed,
 * nothing has happened on its lane in between: so what it did, if it did anything, is at the end of the thread's log.
 * That must be looked at before anything else of its batch is written. What was decided together with it goes first
 * again.
 */
export async function performFiredAgain({ decided, before }: Folded, deps: PerformDeps): Promise<void> {
  if (before === undefined) return;
  // It may have come ten times in one batch.
  const stale = decided.flatMap(({ ready, decision }) => (decision.outcome === 'stale' ? [ready] : []));
  const timers = new Map(stale.map((ready) => [ready.command.id, ready]));
  const whole = nothingPerformed();
  if (timers.size === 0) return;
  const items = await deps.threads.log(before.id, Math.max(0, before.seq - LOOKED_BACK), LOOKED_BACK);
  for (const ready of timers.values()) {
    const isIts = ({ command }: StoredDecision) => command === ready.command.id;
    const item = items.find(({ decisions }) => decisions.some(isIts));
    for (const decision of item?.decisions.slice(0, item.decisions.findIndex(isIts) + 1) ?? []) {
      if (item !== undefined) append(whole, await logged(ready, item, decision, deps));
    }
  }
  await hand(whole, deps);
}

async function performLogged(ready: Ready, logSeq: number, deps: PerformDeps): Promise<void> {
  const item = await deps.threads.logItem(ready.command.thread, logSeq);
  const decision = item?.decisions.find(({ command }) => command === ready.command.id);
  if (item !== undefined && decision !== undefined) await hand(await logged(ready, item, decision, deps), deps);
}

/** What a decision performs, by the policy that is logged with it: a timer comes each time under that of the day. */
async function logged(
  { command, policy: ofToday }: Ready,
  item: LogItem,
  decision: StoredDecision,
  deps: PerformDeps,
): Promise<Performance> {
  if (decision.effects.length === 0) return nothingPerformed();
  const thread = await threadAfter(command.thread, item, decision, deps.threads);
  const entries = entriesOf({ ...item, decisions: [decision] });
  const policy = (await deps.policies.version(command.business, decision.policy)) ?? ofToday;
  const source = sourceOf({ command, policy }, thread, { entries, logSeq: item.lastSeq }, deps);
  return performanceOf(decision.effects, source);
}

/** The thread as a decision left it: mostly the head itself, else folded from the log up to there. */
async function threadAfter(
  threadId: string,
  item: LogItem,
  decision: StoredDecision,
  threads: ThreadStore,
): Promise<Thread | undefined> {
  const lastSeq = decision.entries.at(-1)?.seq ?? item.lastSeq;
  const head = await threads.load(threadId);
  if (head?.seq === lastSeq) return head;
  let thread: Thread | undefined;
  for (let after = 0; after < lastSeq; ) {
    const items = await threads.log(threadId, after, LOG_PAGE);
    for (const entry of items.flatMap(entriesOf)) {
      if (entry.seq <= lastSeq) thread = evolve(thread ?? blankThread(threadId, entry.at), entry);
    }
    after = items.at(-1)?.lastSeq ?? lastSeq;
  }
  return thread;
}

/** A command that was refused because there is no thread may still have to tell another lane. */
function sourceOf(
  { command, policy }: Ready,
  thread: Thread | undefined,
  made: Pick<EffectSource, 'entries' | 'logSeq'>,
  { blobs, clock }: PerformDeps,
): EffectSource {
  const known = thread ?? blankThread(command.thread, command.acceptedAt);
  return { thread: known, policy, ...made, blobs, now: clock.now() };
}

async function waitOn({ command }: Ready, dueAt: number, deps: PerformDeps): Promise<void> {
  const { body, thread } = command;
  if (body.type !== 'fire-timers') return;
  // Another second gives the lane's message another id, so that it is not taken for the one that came early.
  const delayMs = Math.min(Math.max(1000, dueAt - deps.clock.now()), WAIT_MS_MAX);
  await deps.waits.put([{ timer: { thread, dueAt, generation: body.generation }, delayMs }]);
}

async function hand(performance: Performance, deps: PerformDeps): Promise<void> {
  if (Object.values(performance).every((list) => list.length === 0)) return;
  await deps.effects.perform(performance);
}

function append(whole: Performance, part: Performance): void {
  whole.mails.push(...part.mails);
  whole.commands.push(...part.commands);
  whole.events.push(...part.events);
  whole.timers.push(...part.timers);
}
