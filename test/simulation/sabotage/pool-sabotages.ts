/** Ways to break what pools rest on. */
import type { LaneDeps } from '../../../core/lane/run-lane.ts';
import type { PoolStore } from '../../../core/ports.ts';
import type { Pool } from '../../../core/team/pool.ts';
import { type Availability, isPool } from '../../../core/team/pool-command.ts';
import { instead } from '../../support/instead.ts';
import { performing } from './broken-ports.ts';
import type { Sabotage } from './sabotage.ts';

/** Agents come and go, and functions crash at the moment that counts. */
const BUSY = { isKind: false, features: { 'agents come and go': 0.3 }, rates: { 'crash after': 0.08 } };

function onPools(calls: (pools: PoolStore) => Partial<PoolStore>) {
  return (deps: LaneDeps): LaneDeps => ({ ...deps, pools: instead(deps.pools, calls(deps.pools)) });
}

function loading(change: (pool: Pool) => Pool) {
  return onPools((pools) => ({
    load: async (id) => {
      const pool = await pools.load(id);
      return pool && change(pool);
    },
  }));
}

export const POOL_SABOTAGES = {
  'pools are not told of threads': () => ({
    lane: performing((whole) => ({ ...whole, commands: whole.commands.filter(({ lane }) => !isPool(lane)) })),
    worlds: BUSY,
  }),
  'pools forget what they sent': () => ({
    lane: loading((pool) => ({ ...pool, last: { messages: [], sends: [] } })),
    worlds: BUSY,
  }),
  'pools forget their threads': () => ({ lane: onPools(() => ({ rows: async () => [] })), worlds: BUSY }),
  'pools believe everybody to be there': () => ({ lane: onPools(believing), worlds: BUSY }),
  'pools serve whoever came last': () => ({
    lane: onPools((pools) => ({ queue: async (queue, page) => backwards(await pools.queue(queue, page)) })),
    worlds: BUSY,
  }),
  'pools do not mind another writer': () => ({
    lane: onPools((pools) => ({
      commit: async (commit) => pools.commit({ ...commit, expectedSeq: (await pools.load(commit.pool.id))?.seq ?? 0 }),
    })),
    queue: { isShared: true },
    worlds: BUSY,
  }),
} satisfies Record<string, () => Sabotage>;

/** Everybody is online when a pool decides; what is kept is what they said. */
function believing(pools: PoolStore): Partial<PoolStore> {
  const said = (pool: Pool | undefined, availability: (id: string) => Availability): Pool['agents'] =>
    Object.fromEntries(
      Object.entries(pool?.agents ?? {}).map(([id, agent]) => [id, { ...agent, availability: availability(id) }]),
    );
  return {
    load: async (id) => {
      const pool = await pools.load(id);
      return pool && { ...pool, agents: said(pool, () => 'online') };
    },
    commit: async (commit) => {
      const { pool } = commit;
      const stored = (await pools.load(pool.id))?.agents;
      const kept = (id: string) => {
        const told = pool.agents[id]?.availability ?? 'online';
        return told === 'online' ? (stored?.[id]?.availability ?? told) : told;
      };
      return pools.commit({ ...commit, pool: { ...pool, agents: said(pool, kept) } });
    },
  };
}

/** Only the last of a page. */
function backwards(page: Awaited<ReturnType<PoolStore['queue']>>): typeof page {
  return { ...page, items: page.items.slice(-1) };
}
