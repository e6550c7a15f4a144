/** A thread store in memory for simulated worlds: it passes the contract, and can be sabotaged. */
import { InvalidCursor } from '../../../core/failures.ts';
import type { ThreadStore } from '../../../core/ports.ts';
import { dueAtOf } from '../../../core/thread/armed-timers.ts';
import type {
  Commit,
  CommitResult,
  DueThread,
  Outcome,
  Page,
  PageRequest,
  ThreadList,
} from '../../../core/thread/commit.ts';
import type { LogItem } from '../../../core/thread/entry.ts';
import { inboxClassOf, inboxSinceOf, type Thread } from '../../../core/thread/thread.ts';
import { MemoryPoolStore } from './memory-pools.ts';

/** What the store no longer checks. */
export interface StoreSabotage {
  ignoresVersion?: boolean;
  ignoresOutcomes?: boolean;
}

export class MemoryThreadStore implements ThreadStore {
  readonly pools = new MemoryPoolStore();
  readonly heads = new Map<string, string>();
  readonly logs = new Map<string, string[]>();
  /** By thread and command, with a space between. */
  readonly outcomes = new Map<string, string>();
  /** A commit whose log item has more characters than this is too large. */
  charsMax = Number.POSITIVE_INFINITY;
  /** Told of every commit that was taken. */
  onCommit: (commit: Commit) => void = () => {};
  readonly #sabotage: StoreSabotage;
  /** Heads as they are now, for who only looks. */
  readonly #now = new Map<string, Thread>();

  constructor(sabotage: StoreSabotage = {}) {
    this.#sabotage = sabotage;
  }

  async load(threadId: string): Promise<Thread | undefined> {
    return parsed(this.heads.get(threadId));
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const { threadId, expectedSeq, change, outcomes } = commit;
    const { ignoresOutcomes = false, ignoresVersion = false } = this.#sabotage;
    const duplicates = outcomes
      .map(({ command }) => command)
      .filter((command) => this.outcomes.has(`${threadId} ${command}`));
    if (duplicates.length > 0 && !ignoresOutcomes) return { result: 'duplicate', commands: duplicates };
    const seq = this.#now.get(threadId)?.seq ?? 0;
    if (seq !== expectedSeq && !ignoresVersion) return { result: 'conflict' };
    const item = change === null ? '' : JSON.stringify(change.logItem);
    if (item.length > this.charsMax) return { result: 'too-large' };
    for (const { command, outcome } of outcomes) this.outcomes.set(`${threadId} ${command}`, JSON.stringify(outcome));
    if (change !== null) {
      const head = JSON.stringify(change.thread);
      this.heads.set(threadId, head);
      this.#now.set(threadId, JSON.parse(head) as Thread);
      this.logs.set(threadId, [...(this.logs.get(threadId) ?? []), item]);
    }
    this.onCommit(commit);
    return { result: 'committed' };
  }

  async outcome(threadId: string, commandId: string): Promise<Outcome | undefined> {
    return parsed(this.outcomes.get(`${threadId} ${commandId}`));
  }

  async logItem(threadId: string, lastSeq: number): Promise<LogItem | undefined> {
    return this.#items(threadId).find((item) => item.lastSeq === lastSeq);
  }

  async log(threadId: string, after: number, limit: number): Promise<LogItem[]> {
    return this.#items(threadId)
      .filter((item) => item.lastSeq > after)
      .slice(0, limit);
  }

  async list(list: ThreadList, { limit, after }: PageRequest): Promise<Page<Thread>> {
    const isByStart = list.by === 'customer' || list.by === 'business';
    const sortOf = (thread: Thread): string =>
      isByStart ? thread.id : `${String(inboxSinceOf(thread)).padStart(16, '0')} ${thread.id}`;
    const isDescending = isByStart || (list.by === 'inbox' && list.first === 'newest');
    const from = after === null ? null : cursorOf(after);
    const found = this.threads()
      .filter((thread) => isListed(list, thread))
      .map((thread) => ({ thread, sort: sortOf(thread) }))
      .sort((a, b) => (a.sort < b.sort === isDescending ? 1 : -1))
      .filter(({ sort }) => from === null || (isDescending ? sort < from : sort > from));
    const shown = found.slice(0, limit);
    const next = found.length > limit ? JSON.stringify([shown.at(-1)?.sort]) : null;
    return { items: shown.map(({ thread }) => thread), next };
  }

  async due(until: number, { limit, after }: PageRequest): Promise<Page<DueThread>> {
    const from = after === null ? null : cursorOf(after);
    const threads = this.threads().flatMap((thread) => {
      const dueAt = dueAtOf(thread);
      return dueAt === null ? [] : [{ thread: thread.id, dueAt, generation: thread.generation }];
    });
    const found = [...threads, ...this.pools.due()]
      .filter(({ dueAt }) => dueAt <= until)
      .map((due) => ({ due, sort: `${String(due.dueAt).padStart(16, '0')} ${due.thread}` }))
      .sort((a, b) => (a.sort < b.sort ? -1 : 1))
      .filter(({ sort }) => from === null || sort > from);
    const shown = found.slice(0, limit);
    const next = found.length > limit ? JSON.stringify([shown.at(-1)?.sort]) : null;
    return { items: shown.map(({ due }) => due), next };
  }

  head(threadId: string): Thread | undefined {
    return this.#now.get(threadId);
  }

  threads(): Thread[] {
    return [...this.#now.values()];
  }

  #items(threadId: string): LogItem[] {
    return (this.logs.get(threadId) ?? []).flatMap((item) => parsed<LogItem>(item) ?? []);
  }
}

function isListed(list: ThreadList, thread: Thread): boolean {
  if (list.business !== thread.business) return false;
  if (list.by === 'customer') return list.customer === thread.customer.id;
  if (list.teams !== null && !list.teams.some((team) => team === thread.team)) return false;
  const place = inboxClassOf(thread);
  if (list.by === 'assignee') return list.assignee === thread.assignee && !['s', 'c'].includes(place);
  return list.by === 'business' || list.classes.includes(place);
}

function cursorOf(after: string): string {
  try {
    const [sort, ...more] = JSON.parse(after) as unknown[];
    if (typeof sort === 'string' && more.length === 0) return sort;
  } catch {}
  throw new InvalidCursor('The cursor is not one of this list.');
}

function parsed<T>(json: string | undefined): T | undefined {
  return json === undefined ? undefined : (JSON.parse(json) as T);
}
