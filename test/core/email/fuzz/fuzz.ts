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
import { wholePath } from './whole-path.ts';

/** Of processor time, for one mail on its whole path: what is more is a defect. */
const CPU_MS_MAX = 1_000;
const HANG_MS = 60_000;
const DEFECTS_SHOWN = 20;

interface Totals {
  mails: number;
  defects: number;
  labels: Record<string, number>;
  cutAt: Record<string, number>;
  cpuMs: { median: number; p99: number; max: number; maxSeed: number };
}

/** `at` is told the seed before its mail is read. */
export function fuzz(from: number, count: number, at: (seed: number) => void, tell: (defect: string) => void): Totals {
  const totals: Totals = {
    mails: 0,
    defects: 0,
    labels: {},
    cutAt: {},
    cpuMs: { median: 0, p99: 0, max: 0, maxSeed: 0 },
  };
  const costs: number[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    at(seed);
    const bytes = mutatedMail(seed);
    const start = process.cpuUsage();
    const { label, cutAt, defects } = outcomeOf(bytes);
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1_000;
    costs.push(cpuMs);
    if (cpuMs > totals.cpuMs.max) Object.assign(totals.cpuMs, { max: cpuMs, maxSeed: seed });
    if (cpuMs > CPU_MS_MAX) defects.push(`${cpuMs} ms`);
    totals.mails += 1;
    totals.defects += defects.length;
    totals.labels[label] = (totals.labels[label] ?? 0) + 1;
    for (const bound of cutAt) totals.cutAt[bound] = (totals.cutAt[bound] ?? 0) + 1;
    for (const defect of defects) tell(`seed ${seed}: ${defect}`);
  }
  costs.sort((a, b) => a - b);
  totals.cpuMs.median = costs[Math.floor(costs.length / 2)] ?? 0;
  totals.cpuMs.p99 = costs[Math.floor(costs.length * 0.99)] ?? 0;
  return totals;
}

function outcomeOf(bytes: Uint8Array): ReturnType<typeof wholePath> {
  try {
    return wholePath(bytes);
  } catch (failure) {
    return { label: 'crash', cutAt: [], defects: [`crash: ${failure instanceof Error ? failure.stack : failure}`] };
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

function work({ from, mails, current }: { from: number; mails: number; current: Int32Array }): void {
  let shown = 0;
  const tell = (defect: string): void => {
    shown += 1;
    if (shown <= DEFECTS_SHOWN) process.stdout.write(`${defect.slice(0, 1_000)}\n`);
  };
  const at = (seed: number): void => {
    current[0] = seed;
  };
  const totals = fuzz(from, mails, at, tell);
  process.stdout.write(`${JSON.stringify(totals, null, 2)}\n`);
  process.exitCode = totals.defects === 0 ? 0 : 1;
}

if (!isMainThread) work(workerData);
else if (process.argv[1] === fileURLToPath(import.meta.url)) main();
