import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../adapters/embedded/clocks.ts';
import { CommandScans } from '../../../adapters/embedded/command-scans.ts';
import { FileBlobs } from '../../../adapters/embedded/file-blobs.ts';
import { MONDAY } from '../../builders.ts';
import { fileScansContract } from '../../contracts/file-scans.ts';
import { eventually } from '../../support/eventually.ts';
import { aScanner } from '../../support/scanner.ts';

let folder: string;
let logged: string[];
let open: CommandScans[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meanwhile-scans-'));
  [logged, open] = [[], []];
});
afterEach(() => {
  for (const scans of open) scans.close();
  rmSync(folder, { recursive: true, force: true });
});

function scansBy(command: string, patienceMs?: number): CommandScans {
  const scans = new CommandScans({
    ...{ command, pathOf: (key) => join(folder, key) },
    log: (_level, event, fields) => void logged.push(`${event} ${fields?.['why']}`),
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  open.push(scans);
  return scans;
}
const put = (key: string, text: string) => writeFileSync(join(folder, key), text);

describe('a command that scans files', () => {
  it('is waited for, and what it said is kept beside the file', async () => {
    const { command, log } = aScanner(folder);
    put('a', 'infected');
    expect(await scansBy(command).verdict('a')).toBe('infected');
    expect(await scansBy('false').verdict('a')).toBe('infected');
    expect(readFileSync(log, 'utf8')).toBe(`${join(folder, 'a')}\n`);
  });

  it('is run once however many ask, and not more than two at a time', async () => {
    const gate = join(folder, 'gate');
    const { command, log } = aScanner(folder, gate);
    const scans = scansBy(command, 0);
    const keys = ['a', 'b', 'c'];
    for (const key of keys) put(key, 'nothing');
    const ask = () => Promise.all([...keys, ...keys].map((key) => scans.verdict(key)));
    expect(new Set(await ask())).toEqual(new Set(['waiting']));
    const scanned = () => readFileSync(log, 'utf8').trim().split('\n').sort();
    await eventually(async () => expect(scanned()).toHaveLength(2));
    await ask();
    expect(new Set(scanned()).size).toBe(2); // whichever two
    writeFileSync(gate, '');
    await eventually(async () => expect(new Set(await ask())).toEqual(new Set(['clean'])));
    expect(scanned()).toEqual(keys.map((key) => join(folder, key)));
  });

  it.each([
    ['ends otherwise', 'node -e process.exit(2)', '2'],
    ['is killed', 'node -e process.kill(process.pid,"SIGKILL")', 'SIGKILL'],
    ['is not there', join(tmpdir(), 'no-such-scanner'), 'ENOENT'],
  ])('that %s says nothing, which is noted, and it is asked again', async (_, command, why) => {
    put('a', 'nothing');
    const scans = scansBy(command.replace(/^node/, process.execPath));
    expect(await scans.verdict('a')).toBe('unsure');
    expect(await scans.verdict('a')).toBe('unsure');
    expect(logged).toEqual([`scan.failed ${why}`, `scan.failed ${why}`]);
  });

  it('is read by no shell', async () => {
    put('a', 'nothing');
    expect(await scansBy(`${process.execPath} -e process.exitCode=process.argv.length-4 ; $HOME`).verdict('a')).toBe(
      'clean',
    );
  });
});

fileScansContract('CommandScans', async () => {
  const blobs = new FileBlobs(folder, new ManualClock(MONDAY), 'secret', () => 'http://x');
  const settings = { command: aScanner(folder).command, log: () => {}, patienceMs: 0 };
  const scans = new CommandScans({ ...settings, pathOf: (key) => blobs.path(key) });
  open.push(scans);
  return {
    scans,
    put: (key, finding) => blobs.put(key, Buffer.from(finding), 'text/plain'),
    scan: async () => {}, // it begins where a verdict is asked for
  };
});
