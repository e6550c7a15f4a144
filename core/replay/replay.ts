/**
 * Replay: what a changed policy would have made of what people did. Their commands are decided again, at their
 * instants, by the deciders of the product, and held against what the log says came of them under the old policy.
 */
import { type Ids, timerCommandIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import { dueAtOf } from '../thread/armed-timers.ts';
import type { Content } from '../thread/content.ts';
import { decide } from '../thread/decide.ts';
import type { World } from '../thread/draft.ts';
import { type Entry, entriesOf, type LogItem, SYSTEM } from '../thread/entry.ts';
import { fold } from '../thread/evolve.ts';
import type { Thread } from '../thread/thread.ts';
import { commandsOf } from './commands-of.ts';

/** A thread fires at most so often between two commands: more would be a policy that never rests. */
const FIRINGS_MAX = 1_000;

/** What became of a thread. */
export interface Told {
  thread: Thread;
  entries: Entry[];
}

export interface Replaying {
  policy: CompiledPolicy;
  ids: Ids;
  textOf: (content: Content) => string;
  /** Until when time passes after the last command: when the log was read. */
  until: number;
}

/** Decides again what people did; undefined where they did nothing. */
export function retell(threadId: string, items: LogItem[], replaying: Replaying): Told | undefined {
  const teller = new Teller(threadId, replaying);
  for (const { id, acceptedAt, author, body } of commandsOf(items)) {
    teller.passTo(acceptedAt);
    teller.tell({ id, acceptedAt, author, body });
  }
  teller.passTo(replaying.until);
  return teller.told;
}

class Teller {
  readonly #threadId: string;
  readonly #replaying: Replaying;
  readonly #entries: Entry[] = [];
  #thread: Thread | undefined;

  constructor(threadId: string, replaying: Replaying) {
    this.#threadId = threadId;
    this.#replaying = replaying;
  }

  get told(): Told | undefined {
    return this.#thread && { thread: this.#thread, entries: this.#entries };
  }

  tell({ id, acceptedAt, author, body }: ReturnType<typeof commandsOf>[number]): boolean {
    const { policy, ids, textOf } = this.#replaying;
    const world: World = { policy, ids, textOf, now: acceptedAt };
    const known = { schema: 1, business: policy.business, thread: this.#threadId, policy: policy.hash } as const;
    const decision = decide(this.#thread, { ...known, id, acceptedAt, author, control: 'agent', body }, world);
    if (decision.outcome !== 'done') return false;
    this.#thread = decision.thread;
    this.#entries.push(...decision.entries);
    return true;
  }

  /** Fires what is due until then, each at its instant. */
  passTo(now: number): void {
    for (let fired = 0; fired < FIRINGS_MAX && this.#thread !== undefined; fired += 1) {
      const dueAt = dueAtOf(this.#thread);
      if (dueAt === null || dueAt > now) return;
      const { generation } = this.#thread;
      const body = { type: 'fire-timers', generation } as const;
      const id = timerCommandIdOf(this.#threadId, generation);
      if (!this.tell({ id, acceptedAt: dueAt, author: SYSTEM, body })) return;
    }
  }
}

/** What is compared of a thread. */
interface Facts {
  team: string | null;
  priority: string;
  assignee: string | null;
  /** The targets that its clocks were counted by. */
  targets: string[];
  breaches: number;
  /** From each promise’s message to what was promised. */
  promisedMs: number[];
}

export interface Difference {
  thread: string;
  /** What is different: `team: support → billing`. */
  changes: string[];
}

export interface ReplayReport {
  threads: number;
  differences: Difference[];
  breaches: { before: number; after: number };
  promisedMedianMs: { before: number | null; after: number | null };
  promisedP90Ms: { before: number | null; after: number | null };
}

export class Replay {
  readonly #differences: Difference[] = [];
  readonly #promised: { before: number[]; after: number[] } = { before: [], after: [] };
  readonly #breaches = { before: 0, after: 0 };
  #threads = 0;

  add(threadId: string, items: LogItem[], replaying: Replaying): void {
    const entries = items.flatMap(entriesOf);
    const thread = fold(threadId, entries);
    const after = retell(threadId, items, replaying);
    if (thread === undefined || after === undefined) return;
    this.#threads += 1;
    const [was, is] = [factsOf({ thread, entries }), factsOf(after)];
    this.#breaches.before += was.breaches;
    this.#breaches.after += is.breaches;
    this.#promised.before.push(...was.promisedMs);
    this.#promised.after.push(...is.promisedMs);
    const changes = changesBetween(was, is);
    if (changes.length > 0) this.#differences.push({ thread: threadId, changes });
  }

  get report(): ReplayReport {
    const of = (part: number) => ({
      before: quantile(this.#promised.before, part),
      after: quantile(this.#promised.after, part),
    });
    const [promisedMedianMs, promisedP90Ms] = [of(0.5), of(0.9)];
    const [threads, differences, breaches] = [this.#threads, this.#differences, this.#breaches];
    return { threads, differences, breaches, promisedMedianMs, promisedP90Ms };
  }
}

function factsOf({ thread, entries }: Told): Facts {
  const { team, priority, assignee } = thread;
  const targets = new Set<string>();
  let breaches = 0;
  const promisedMs: number[] = [];
  for (const entry of entries) {
    if (entry.type === 'sla' && 'target' in entry) targets.add(entry.target);
    if (entry.type === 'sla' && entry.event === 'breached') breaches += 1;
    if (entry.type === 'promise') promisedMs.push(entry.expectedReplyAt - entry.at);
  }
  return { team, priority, assignee, targets: [...targets].sort(), breaches, promisedMs };
}

function changesBetween(before: Facts, after: Facts): string[] {
  const fields = ['team', 'priority', 'assignee', 'targets', 'breaches'] as const;
  return fields.flatMap((field) => {
    const [was, is] = [before[field], after[field]].map((value) => [value].flat().join(', ') || 'none');
    return was === is ? [] : [`${field}: ${was} → ${is}`];
  });
}

/** @returns null of nothing */
function quantile(values: number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? null;
}
