/** Pools in memory for simulated worlds: it passes the contract. */
import type { PoolCommit, PoolStore } from '../../../core/ports.ts';
import { busyOf, type Pool, placeInQueue, queueOf, type Row } from '../../../core/team/pool.ts';
import type { DueThread, Page, PageRequest } from '../../../core/thread/commit.ts';

export class MemoryPoolStore implements PoolStore {
  readonly #pools = new Map<string, Pool>();
  readonly #rows = new Map<string, Map<string, Row>>();
  /** Told of every commit that was taken. */
  onCommit: (commit: PoolCommit) => void = () => {};

  async load(pool: string): Promise<Pool | undefined> {
    return structuredClone(this.#pools.get(pool));
  }

  async rows(pool: string, threads: string[]): Promise<Row[]> {
    return structuredClone(threads.flatMap((thread) => this.#of(pool).get(thread) ?? []));
  }

  async queue(
    { pool, epoch, team }: { pool: string; epoch: number; team: string },
    { limit, after }: PageRequest,
  ): Promise<Page<Row>> {
    const found = this.all(pool)
      .filter((row) => row.epoch === epoch && queueOf(row) === team && placeInQueue(row) > (after ?? ''))
      .sort((a, b) => (placeInQueue(a) < placeInQueue(b) ? -1 : 1))
      .slice(0, limit);
    const last = found.at(-1);
    return { items: structuredClone(found), next: last && found.length === limit ? placeInQueue(last) : null };
  }

  async held(pool: string, agent: string): Promise<Row[]> {
    return structuredClone(this.all(pool).filter((row) => busyOf(row)?.agent === agent));
  }

  async commit(commit: PoolCommit): Promise<'committed' | 'conflict'> {
    const { pool, expectedSeq, rows } = commit;
    if ((this.#pools.get(pool.id)?.seq ?? 0) !== expectedSeq) return 'conflict';
    this.#pools.set(pool.id, structuredClone(pool));
    for (const { row } of rows) this.#of(pool.id).set(row.thread, structuredClone(row));
    this.onCommit(commit);
    return 'committed';
  }

  due(): DueThread[] {
    return [...this.#pools.values()].flatMap(({ id, dueAt, generation }) =>
      dueAt === null ? [] : [{ thread: id, dueAt, generation }],
    );
  }

  head(pool: string): Pool | undefined {
    return this.#pools.get(pool);
  }

  all(pool: string): Row[] {
    return [...this.#of(pool).values()];
  }

  #of(pool: string): Map<string, Row> {
    const rows = this.#rows.get(pool) ?? new Map<string, Row>();
    this.#rows.set(pool, rows);
    return rows;
  }
}

/** Pools behind calls that may go wrong. */
export function gatedPools(pools: PoolStore, call: <T>(name: string, run: () => Promise<T>) => Promise<T>): PoolStore {
  return {
    load: (id) => call('load pool', () => pools.load(id)),
    rows: (id, threads) => call('rows', () => pools.rows(id, threads)),
    queue: (queue, page) => call('queue', () => pools.queue(queue, page)),
    held: (id, agent) => call('held', () => pools.held(id, agent)),
    commit: (commit) => call('commit pool', () => pools.commit(commit)),
  };
}
