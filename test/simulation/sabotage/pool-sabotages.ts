/** Ways to break what pools rest on. */
import type { LaneDeps } from '../../../core/lane/run-lane.ts';
import type { PoolStore } from '../../../core/ports.ts';
import type { Pool } from '../../../core/team/pool.ts';
import { isPool } from '../../../core/team/pool-command.ts';
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
  'pools believe everybody to be there': () => ({ lane: loading(withEverybody), worlds: BUSY }),
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

function withEverybody(pool: Pool): Pool {
  const agents = Object.entries(pool.agents).map(([id, agent]) => [id, { ...agent, availability: 'online' as const }]);
  return { ...pool, agents: Object.fromEntries(agents) };
}

/** Only the last of a page. */
function backwards(page: Awaited<ReturnType<PoolStore['queue']>>): typeof page {
  return { ...page, items: page.items.slice(-1) };
}
