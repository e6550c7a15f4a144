/** How a simulated world is sabotaged: at the ports of its functions, in its store or in its queue. */
import type { DeliverDeps } from '../../../core/delivery/deliver.ts';
import type { IntakeDeps } from '../../../core/intake/accept.ts';
import type { LaneDeps } from '../../../core/lane/run-lane.ts';
import type { SweepDeps, WaitOverDeps } from '../../../core/timer/timers.ts';
import type { StoreSabotage } from '../world/memory-store.ts';
import type { Wanted } from '../world/regime.ts';

/** What each function of the product is given, and may be given otherwise. */
export interface SabotagedDeps {
  lane: (deps: LaneDeps) => LaneDeps;
  delivery: (deps: DeliverDeps) => DeliverDeps;
  intake: (deps: IntakeDeps) => IntakeDeps;
  waitOver: (deps: WaitOverDeps) => WaitOverDeps;
  sweep: (deps: SweepDeps) => SweepDeps;
}

export interface Sabotaged {
  deps: SabotagedDeps;
  store: StoreSabotage;
  queue: { isForgetful?: boolean; isShared?: boolean };
  worlds: Wanted;
}

/** A change of some of a world's parts. */
export interface Sabotage extends Partial<SabotagedDeps> {
  store?: StoreSabotage;
  queue?: Sabotaged['queue'];
  /** The worlds in which it shows. */
  worlds?: Wanted;
}

export function sabotaged({ store = {}, queue = {}, worlds = {}, ...deps }: Sabotage = {}): Sabotaged {
  const same = <T>(given: T): T => given;
  const none = { lane: same, delivery: same, intake: same, waitOver: same, sweep: same };
  return { deps: { ...none, ...deps }, store, queue, worlds };
}
