/**
 * Runs simulated worlds, one per seed, and prints what was found wrong and how often each interesting thing happened.
 *
 *   npm run simulate -- --seeds 1000 [--from 1] [--wishes 40] [--sabotage 'no outcome check']
 *
 * A seed that fails fails the same way every time: give it as --from with --seeds 1.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Observer } from './oracle/observer.ts';
import { PoolObserver } from './oracle/pools.ts';
import { defectsOfEvents, defectsOfMails } from './oracle/rest-of-mails.ts';
import { defectsOfContents, defectsOfThreads } from './oracle/rest-of-threads.ts';
import { defectsOfLanes, defectsOfWishes } from './oracle/rest-of-wishes.ts';
import type { Sabotage } from './sabotage/sabotage.ts';
import { SABOTAGES, sabotageOf } from './sabotage/sabotages.ts';
import { HAPPENINGS, type Happening } from './world/happenings.ts';
import { Endless, FAULTS, type Fault } from './world/scheduler.ts';
import { World } from './world/world.ts';

export interface Lived {
  defects: string[];
  steps: number;
  wishes: number;
  entries: number;
  mails: number;
  faults: Record<Fault, number>;
  happenings: Record<Happening, number>;
  trace: string;
}

const WISHES = 40;
const DEFECTS_SHOWN = 5;

/** One world from its beginning to its end. */
export async function live(seed: number, sabotage: Sabotage = {}, wishes = WISHES): Promise<Lived> {
  const world = new World(seed, sabotage);
  const observer = new Observer(world);
  const pools = new PoolObserver(world);
  const endless = await world.live(wishes).then(
    () => [],
    (failure: unknown) => {
      if (failure instanceof Endless) return [failure.message];
      throw failure;
    },
  );
  const { scheduler, provider, clients, happenings } = world;
  const defects = [
    ...endless,
    ...observer.defects,
    ...world.defects,
    ...defectsOfWishes(world, observer),
    ...defectsOfLanes(world, observer),
    ...defectsOfMails(world, observer),
    ...defectsOfEvents(world, observer),
    ...defectsOfThreads(world, observer),
    ...pools.defects,
    ...pools.defectsAtRest(observer),
    ...(await defectsOfContents(world, observer)),
  ];
  return {
    defects,
    steps: scheduler.steps,
    wishes: clients.wished.length,
    entries: [...observer.threads.values()].reduce((sum, { entries }) => sum + entries.length, 0),
    mails: provider.sent.length,
    faults: scheduler.faults,
    happenings: happenings.counts,
    trace: scheduler.trace,
  };
}

/** What many worlds came to, together. */
export class Totals {
  seeds = 0;
  failed = 0;
  steps = 0;
  wishes = 0;
  entries = 0;
  mails = 0;
  readonly faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  readonly happenings = Object.fromEntries(HAPPENINGS.map((name) => [name, 0])) as Record<Happening, number>;

  add({ defects, faults, happenings, ...lived }: Lived): void {
    this.seeds += 1;
    if (defects.length > 0) this.failed += 1;
    for (const key of ['steps', 'wishes', 'entries', 'mails'] as const) this[key] += lived[key];
    for (const fault of FAULTS) this.faults[fault] += faults[fault];
    for (const name of HAPPENINGS) this.happenings[name] += happenings[name];
  }

  /** Faults and happenings of which there was none. */
  get missing(): string[] {
    const counts = Object.entries({ ...this.faults, ...this.happenings });
    return counts.filter(([, count]) => count === 0).map(([name]) => name);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      wishes: { type: 'string', default: String(WISHES) },
      sabotage: { type: 'string' },
    },
  });
  const sabotage = SABOTAGES.find((name) => name === values.sabotage);
  if (values.sabotage !== undefined && sabotage === undefined) {
    process.stdout.write(`--sabotage is one of:\n  ${SABOTAGES.join('\n  ')}\n`);
    process.exit(2);
  }
  const totals = new Totals();
  const from = Number(values.from);
  for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
    const lived = await live(seed, sabotage === undefined ? {} : sabotageOf(sabotage), Number(values.wishes));
    totals.add(lived);
    if (lived.defects.length === 0) continue;
    process.stdout.write(`seed ${seed}:\n  ${lived.defects.slice(0, DEFECTS_SHOWN).join('\n  ')}\n`);
  }
  process.stdout.write(`${JSON.stringify(totals, null, 2)}\n`);
  process.exit(totals.failed === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
