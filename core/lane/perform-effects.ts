/** Performs the effects of decisions: right after their commit, or again when a command comes a second time. */
import type { Effect } from '../effect/effect.ts';
import { type EffectSource, performanceOf } from '../effect/perform.ts';
import type { Blobs, Clock, Effects, Performance, ThreadStore, WaitQueue } from '../ports.ts';
import { entriesOf } from '../thread/entry.ts';
import { blankThread, type Thread } from '../thread/thread.ts';
import type { Folded, Ready } from './fold-batch.ts';

interface PerformDeps {
  threads: ThreadStore;
  effects: Effects;
  waits: WaitQueue;
  blobs: Blobs;
  clock: Clock;
}

/** Performs what a batch decided. Early timers go back to the wait queue; stale ones may be a second delivery. */
export async function performDecided({ decided, thread }: Folded, deps: PerformDeps): Promise<void> {
  const whole: Performance = { mails: [], commands: [], events: [], timers: [] };
  for (const { ready, decision } of decided) {
    if (decision.outcome === 'early') await waitOn(ready, decision.dueAt, deps);
    else if (decision.outcome === 'stale') await performStored(ready, deps);
    else if (decision.effects.length > 0) {
      const after = decision.outcome === 'done' ? decision.thread : (thread ?? noThread(ready));
      const entries = decision.outcome === 'done' ? decision.entries : [];
      const source = { thread: after, policy: ready.policy, entries, blobs: deps.blobs, now: deps.clock.now() };
      append(whole, await performanceOf(decision.effects, source));
    }
  }
  await hand(whole, deps);
}

/** Performs the stored effects of a command that was decided before; nothing where it was not. */
export async function performStored(ready: Ready, deps: PerformDeps): Promise<void> {
  const { command, policy } = ready;
  const outcome = await deps.threads.outcome(command.id);
  if (outcome === undefined) return;
  const thread = (await deps.threads.load(command.thread)) ?? noThread(ready);
  const item = outcome.logSeq === null ? undefined : await deps.threads.logItem(command.thread, outcome.logSeq);
  const decision = item?.decisions.find((candidate) => candidate.command === command.id);
  const effects: Effect[] = [...(outcome.effects ?? []), ...(decision?.effects ?? [])];
  if (effects.length === 0) return;
  const entries = item === undefined ? [] : entriesOf(item);
  const source: EffectSource = { thread, policy, entries, blobs: deps.blobs, now: deps.clock.now() };
  await hand(await performanceOf(effects, source), deps);
}

async function waitOn({ command }: Ready, dueAt: number, deps: PerformDeps): Promise<void> {
  const { body, thread } = command;
  if (body.type !== 'fire-timers') return;
  // Another second gives the lane's message another id, so that it is not taken for the one that came early.
  const delayMs = Math.max(1000, dueAt - deps.clock.now());
  await deps.waits.put({ thread, dueAt, generation: body.generation }, delayMs);
}

/** A command that was refused because there is no thread may still have to tell another lane. */
function noThread({ command }: Ready): Thread {
  return blankThread(command.thread, command.acceptedAt);
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
