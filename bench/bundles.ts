/**
 * `npm run bundles`: how large each function is, and how long it takes to be imported, which is what a cold start is
 * made of beside what Lambda does itself. Relative to a bundle of a bare SQS client, in turns, so that a busy machine
 * slows both alike.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VARIABLES } from '../lambdas/runtime/environment.ts';
import { bundle, FUNCTIONS } from '../test/support/bundle.ts';
import { printTable } from './table.ts';

const ROUNDS = 15;
const BARE = 'a bare SQS client';
const SOURCE = "import { SQSClient } from '@aws-sdk/client-sqs'; export const client = new SQSClient();";

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-bundles-'));
const names = Object.values(VARIABLES).map((name) => [name, 'x']);
const env = { PATH: process.env['PATH'], AWS_REGION: 'eu-central-1', ...Object.fromEntries(names) };

/** How long a fresh process takes to import a bundle. */
function importMs(file: string): number {
  const script =
    `const startedAt = performance.now(); await import(${JSON.stringify(file)});` +
    'process.stdout.write(String(performance.now() - startedAt)); process.exit()';
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

try {
  const made = [BARE, ...FUNCTIONS].map(async (name) => {
    const { code, bytes } = await bundle(name === BARE ? { source: SOURCE } : name);
    const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`);
    writeFileSync(file, code);
    return { name, bytes, file, tookMs: [] as number[] };
  });
  const bundles = await Promise.all(made);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of bundles) one.tookMs.push(importMs(one.file));
  }
  const bareMs = median(bundles[0]?.tookMs ?? []);
  const rows = bundles.map(({ name, bytes, tookMs }) => ({
    function: name,
    KB: Math.round(bytes / 1_000),
    'import ms': Math.round(median(tookMs)),
    'of a bare client': (median(tookMs) / bareMs).toFixed(2),
  }));
  process.stdout.write(`Node ${process.version}, median of ${ROUNDS}\n\n`);
  printTable(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
