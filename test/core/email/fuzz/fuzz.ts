/**
 * Sends broken mails down the whole path, one per seed, and prints what was found wrong and what they cost.
 *
 *   npm run fuzz -- --mails 100000 [--from 1]
 *   npm run fuzz -- --growth        what the worst shapes of a mail cost, and what twice as much of them costs
 *
 * A seed that fails fails the same way every time: give it as --from with --mails 1. A mail that does not end is told
 * by a second thread.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { growth } from './growth.ts';
import { mutatedMail } from './mutated-mail.ts';
import { ThroughProduct } from './through-product.ts';
import { wholePath } from './whole-path.ts';

/** Of processor time, for one mail on its whole path: what is more is a defect. */
const CPU_MS_MAX = 1_000;
const HANG_MS = 60_000;
const DEFECTS_SHOWN = 20;

interface Totals {
  mails: number;
  defects: number;
  /** By what wrote them, by what was cut of them, and by what the product made of them. */
  labels: Record<string, number>;
  cutAt: Record<string, number>;
  events: Record<string, number>;
  /** Of what is pure of the path: the rest is the product's. */
  cpuMs: { median: number; p99: number; max: number; maxSeed: number };
}

/** `at` is told the seed before its mail is read. */
export async function fuzz(
  from: number,
  count: number,
  at: (seed: number) => void,
  tell: (defect: string) => void,
): Promise<Totals> {
  const totals: Totals = {
    ...{ mails: count, defects: 0, labels: {}, cutAt: {}, events: {} },
    cpuMs: { median: 0, p99: 0, max: 0, maxSeed: 0 },
  };
  const costs: number[] = [];
  const product = new ThroughProduct();
  for (let seed = from; seed < from + count; seed += 1) {
    at(seed);
    const bytes = mutatedMail(seed);
    const start = process.cpuUsage();
    const { label, cutAt, defects } = await orCrash(() => wholePath(bytes));
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1_000;
    const came = await orCrash(() => product.take(bytes));
    costs.push(cpuMs);
    if (cpuMs > totals.cpuMs.max) Object.assign(totals.cpuMs, { max: cpuMs, maxSeed: seed });
    const all = [...defects, ...came.defects, ...(cpuMs > CPU_MS_MAX ? [`${cpuMs} ms`] : [])];
    totals.defects += all.length;
    counted(totals.labels, label);
    counted(totals.events, came.event);
    for (const bound of cutAt) counted(totals.cutAt, bound);
    for (const defect of all) tell(`seed ${seed}: ${defect}`);
  }
  for (const defect of await product.settle()) {
    totals.defects += 1;
    tell(`at the end: ${defect}`);
  }
  await product.stop();
  costs.sort((a, b) => a - b);
  totals.cpuMs.median = costs[Math.floor(costs.length / 2)] ?? 0;
  totals.cpuMs.p99 = costs[Math.floor(costs.length * 0.99)] ?? 0;
  return totals;
}

function counted(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

async function orCrash<T>(work: () => T | Promise<T>) {
  try {
    return await work();
  } catch (failure) {
    const defects = [`crash: ${failure instanceof Error ? failure.stack : failure}`];
    return { label: 'crash', event: 'crash', cutAt: [], defects };
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      mails: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      growth: { type: 'boolean', default: false },
    },
  });
  if (values.growth) {
    growth((line) => process.stdout.write(`${line}\n`));
    return;
  }
  const current = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { from: Number(values.from), mails: Number(values.mails), current };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData });
  let seen = 0;
  const watch = setInterval(() => {
    if (current[0] === seen) {
      process.stdout.write(`seed ${seen}: does not end\n`);
      process.exit(1);
    }
    seen = current[0] ?? 0;
  }, HANG_MS);
  worker.on('exit', (code) => {
    clearInterval(watch);
    process.exitCode = code;
  });
}

async function work({ from, mails, current }: { from: number; mails: number; current: Int32Array }): Promise<void> {
  let shown = 0;
  const tell = (defect: string): void => {
    shown += 1;
    if (shown <= DEFECTS_SHOWN) process.stdout.write(`${defect.slice(0, 1_000)}\n`);
  };
  const at = (seed: number): void => {
    current[0] = seed;
  };
  const totals = await fuzz(from, mails, at, tell);
  process.stdout.write(`${JSON.stringify(totals, null, 2)}\n`);
  process.exitCode = totals.defects === 0 ? 0 : 1;
}

if (!isMainThread) await work(workerData);
else if (process.argv[1] === fileURLToPath(import.meta.url)) main();
