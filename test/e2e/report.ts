/** The end of a run: which story proved what, in how many seconds; and what was not proved here. */
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { SCRATCH } from './commands.ts';
import { EMULATOR_LOG, NOTES } from './emulator.ts';
import { NOT_PROVED } from './not-proved.ts';

/** Steps of the setup, which runs apart from the reporter. */
const STEPS = join(SCRATCH, 'steps.txt');
const STORY_CHARS = 18;
const SECONDS_CHARS = 9;

interface Row {
  story: string;
  seconds: number;
  proved: string;
  isProved: boolean;
}

/** Does a step of the setup, and keeps how long it took for the report. */
export async function timed<T>(story: string, proved: string, step: () => Promise<T>): Promise<T> {
  const from = Date.now();
  const done = await step();
  const row: Row = { story, seconds: (Date.now() - from) / 1000, proved, isProved: true };
  appendFileSync(STEPS, `${JSON.stringify(row)}\n`);
  return done;
}

export default class Report implements Reporter {
  readonly #from = Date.now();

  onInit(): void {
    rmSync(STEPS, { force: true });
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = [...linesOf(STEPS).map((line): Row => JSON.parse(line)), ...modules.flatMap(rowsOf)];
    const accepted = [...new Set(linesOf(NOTES.accepted))];
    print(`\n${'story'.padEnd(STORY_CHARS)}${'seconds'.padStart(SECONDS_CHARS)}  what was proved`);
    for (const [index, row] of rows.entries()) printRow(row, row.story === rows[index - 1]?.story);
    printRow({ story: 'all in all', seconds: (Date.now() - this.#from) / 1000, proved: '', isProved: true });
    print('\nnot proved here:');
    for (const line of [...NOT_PROVED, ...accepted.map((what) => `accepted, and nothing more: ${what}`)]) {
      print(`  - ${line}`);
    }
    if (rows.some(({ isProved }) => !isProved)) print(`\nThe emulator’s log: ${EMULATOR_LOG}`);
  }
}

/** A row a test; of a file with several suites, a row a suite. */
function rowsOf(module: TestModule): Row[] {
  const story = basename(module.moduleId, '.e2e.ts');
  const suites = [...module.children].filter((child): child is TestSuite => child.type === 'suite');
  if (suites.length <= 1) return [...module.children.allTests()].map((test) => rowOf(story, test.name, [test]));
  return suites.map((suite) => {
    const tests = [...suite.children.allTests()];
    return rowOf(story, `${suite.name}: ${tests.length} promises`, tests);
  });
}

function rowOf(story: string, proved: string, tests: TestCase[]): Row {
  const ms = tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0);
  return { story, seconds: ms / 1000, proved, isProved: tests.every((test) => test.ok()) };
}

function printRow({ story, seconds, proved, isProved }: Row, isSameStory = false): void {
  const name = (isSameStory ? '' : story).padEnd(STORY_CHARS);
  print(`${name}${seconds.toFixed(1).padStart(SECONDS_CHARS)}  ${isProved ? '' : 'NOT: '}${proved}`.trimEnd());
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
