/** The commands of `bin/`, as a person runs them, on the data of one machine. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openData } from '../../adapters/embedded/data-folder.ts';
import { TestProduct } from '../support/product.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-bin-'));
const data = join(folder, 'data');
const CONFIG = 'examples/policies.config.ts';

function run(command: string, ...words: string[]) {
  const file = new URL(`../../bin/${command}.ts`, import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', file, ...words], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Breaks the data, or puts something there, as nothing of the product would. */
async function change(sql: string, ...values: (string | number)[]): Promise<void> {
  const { db, close } = openData(data);
  db.write(() => db.prepare(sql).run(...values));
  await db.durable();
  close();
}

beforeAll(async () => {
  const product = new TestProduct({ data });
  await product.thread();
  await product.idle();
  await product.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every command', () => {
  it.each(['secrets', 'redrive', 'verify', 'replay'])('%s tells how it is used', (command) => {
    const { status, stdout } = run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`npm run ${command} -- `);
    expect(stdout).toContain('--stack NAME');
  });

  it.each([
    ['secrets', ['show', '--business', 'acme'], '--stack or --data is needed'],
    ['secrets', ['show', '--data', data], '--business is needed'],
    ['secrets', ['sing', '--business', 'acme', '--data', data], 'There is no command "sing"'],
    ['redrive', ['redrive', '--data', data], '--queue is needed'],
    ['redrive', ['list', '--queue', 'nonsense', '--data', data], 'There is no queue "nonsense"'],
    ['redrive', ['discard', '--queue', 'mails', '--data', data], '--to is needed'],
    ['verify', ['sing', '--data', data], 'There is no command "sing"'],
    ['verify', ['--data', data, '--nonsense'], 'nonsense'],
    ['replay', ['--data', data], '--policy is needed'],
    ['replay', ['--policy', CONFIG], '--stack or --data is needed'],
    ['replay', ['--policy', CONFIG, '--data', data, '--fail-if', 'waits>5'], '"waits>5" is no threshold'],
  ])('%s refuses %j, and says how it is used', (command, words, problem) => {
    const { status, stderr } = run(command, ...words);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(`npm run ${command} -- `);
  });

  it('makes no data where there is none', () => {
    const { status, stderr } = run('verify', '--data', join(folder, 'nothing'));
    expect(status).toBe(1);
    expect(stderr).toContain('There is no data in');
  });
});

describe('npm run secrets', () => {
  const secrets = (...words: string[]) => run('secrets', ...words, '--business', 'acme', '--data', data);
  const keys = () => JSON.parse(secrets('show').stdout) as { customerKeys: { kid: string; alg: string }[] };

  it('makes none where there are some', () => {
    const before = keys();
    expect(secrets('make').stdout).toContain('nothing was changed');
    expect(keys()).toEqual(before);
  });

  it('rotates a key, prints it once, and shows it never again', () => {
    const { kid, secret } = JSON.parse(secrets('rotate', 'customer').stdout) as { kid: string; secret: string };
    expect(keys().customerKeys[0]).toEqual({ kid, alg: 'HS256' });
    expect(secrets('show').stdout).not.toContain(secret);
  });

  it('takes a public key, and revokes any', () => {
    const jwk = join(folder, 'key.json');
    writeFileSync(jwk, JSON.stringify(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })));
    const { kid } = JSON.parse(secrets('rotate', 'customer', '--public-key', jwk).stdout) as { kid: string };
    expect(keys().customerKeys[0]).toEqual({ kid, alg: 'EdDSA' });
    expect(secrets('revoke', kid).status).toBe(0);
    expect(keys().customerKeys.map((key) => key.kid)).not.toContain(kid);
    expect(secrets('revoke', kid)).toMatchObject({ status: 1, stderr: `There is no key ${kid}.\n` });
  });
});

describe('npm run verify', () => {
  it('finds nothing wrong, then what was broken, and repairs it', async () => {
    expect(run('verify', '--data', data)).toMatchObject({ status: 0, stdout: '1 threads, 0 findings, 0 repaired.\n' });
    await change("UPDATE thread SET team = 'nobody'");
    const found = run('verify', 'check', '--data', data);
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(/^thr_acme_\w+ is found by what it is not: team$/m);
    expect(run('verify', 'repair', '--data', data)).toMatchObject({ status: 0 });
    expect(run('verify', '--data', data).status).toBe(0);
  });
});

describe('npm run replay', () => {
  it('tells what another policy would make of the threads there are, from the data or from an export', () => {
    const replay = (...words: string[]) => run('replay', '--policy', CONFIG, ...words);
    const told = replay('--data', data);
    expect(told.stdout).toMatch(/^thr_acme_\w+ {2}.*targets: none → everybody/m);
    expect(told.stdout).toContain('1 threads, 1 of them would have come to something else.');
    const exported = join(folder, 'log.jsonl');
    writeFileSync(exported, run('replay', 'export', '--data', data).stdout);
    expect(replay('--log', exported).stdout).toBe(told.stdout);
    expect(replay('--log', exported, '--fail-if', 'changes>0')).toMatchObject({ status: 1 });
    expect(replay('--log', exported, '--fail-if', 'changes>1')).toMatchObject({ status: 0 });
  });
});

describe('npm run redrive', () => {
  it('lists what failed for good, keeps what it takes away, and brings back the rest', async () => {
    const bury = 'INSERT INTO dead_letter (queue, position, lane, body, at, reason) VALUES (?, ?, ?, ?, ?, ?)';
    await change(bury, 'commands', 900, 'thr_acme_x', '"a"', 0, 'Unkeepable');
    await change(bury, 'commands', 901, 'thr_acme_x', '"b"', 0, 'Unkeepable');
    expect(JSON.parse(run('redrive', '--data', data).stdout)).toMatchObject({ commands: 2, mails: 0 });
    const queue = ['--queue', 'commands', '--data', data];
    expect(run('redrive', 'list', ...queue).stdout).toContain('900  1970-01-01T00:00:00.000Z  thr_acme_x  Unkeepable');
    const kept = join(folder, 'kept.jsonl');
    expect(run('redrive', 'discard', '--id', '900', '--to', kept, ...queue).stdout).toContain('1 discarded, 1 left');
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ id: '900', body: '"a"', reason: 'Unkeepable' });
    expect(run('redrive', 'redrive', ...queue).stdout).toContain('1 redriven, 0 discarded, 0 left.');
    expect(JSON.parse(run('redrive', '--data', data).stdout)).toMatchObject({ commands: 0 });
  });
});
