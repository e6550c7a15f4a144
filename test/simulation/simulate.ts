/**
 * Runs simulated worlds, one per seed.
 *
 *   npm run simulate -- --seeds 1000 [--from 1] [--wishes 40] [--sabotage 'no version check']
 *
 * A seed that fails fails the same way every time: give it as --from with --seeds 1.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UNTIL_CLOSED_MS } from './clients.ts';
import { defectsAtRest, Watch } from './invariants.ts';
import { SABOTAGES, type Sabotage } from './sabotage.ts';
import { FAULTS, type Fault } from './scheduler.ts';
import { World } from './world.ts';

export interface Lived {
  defects: string[];
  steps: number;
  faults: Record<Fault, number>;
  wishes: number;
  entries: number;
  mails: number;
  trace: string;
}

const WISHES = 40;

/** One world from its beginning to its end. */
export async function live(seed: number, sabotage?: Sabotage, wishes = WISHES): Promise<Lived> {
  const world = new World(seed, sabotage);
  const watch = new Watch(world);
  await world.live(wishes);
  await world.rest(UNTIL_CLOSED_MS);
  await world.end();
  const { scheduler, provider, clients } = world;
  return {
    defects: defectsAtRest(world, watch),
    steps: scheduler.steps,
    faults: scheduler.faults,
    wishes: clients.wished.length,
    entries: watch.entries().reduce((sum, [, entries]) => sum + entries.length, 0),
    mails: provider.sent.length,
    trace: scheduler.trace,
  };
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
    process.stdout.write(`--sabotage is one of: ${SABOTAGES.join(', ')}\n`);
    process.exit(2);
  }
  const total = { seeds: 0, failed: 0, steps: 0, wishes: 0, entries: 0, mails: 0 };
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  const from = Number(values.from);
  for (let seed = from; seed < from + Number(values.seeds); seed += 1) {
    const lived = await live(seed, sabotage, Number(values.wishes));
    total.seeds += 1;
    for (const key of ['steps', 'wishes', 'entries', 'mails'] as const) total[key] += lived[key];
    for (const fault of FAULTS) faults[fault] += lived.faults[fault];
    if (lived.defects.length === 0) continue;
    total.failed += 1;
    process.stdout.write(`seed ${seed}:\n  ${lived.defects.slice(0, 5).join('\n  ')}\n`);
  }
  process.stdout.write(`${JSON.stringify({ ...total, faults })}\n`);
  process.exit(total.failed === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
