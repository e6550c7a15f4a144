/** What `npm ci` needs on any machine: a lock file for every platform, and Node 24 where npm's scripts find it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'meanwhile-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

describe('the lock file', () => {
  it('holds the packages of every platform, not only of the one it was written on', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const packages: Record<string, LockedPackage> = lock.packages;
    const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
    const wanted = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the link to Node 24', () => {
  const owner = `node-${process.platform}-${process.arch}`;
  const binary = join(folder, 'node_modules', owner, 'bin', 'node');
  const link = join(folder, 'node_modules', '.bin', 'node');
  const run = () => execFileSync(process.execPath, [join(folder, 'local', 'link-node.js')]);

  it('is made where npm has dropped it, and left alone where it stands', () => {
    mkdirSync(join(binary, '..'), { recursive: true });
    mkdirSync(join(link, '..'));
    cpSync(join(ROOT, 'local', 'link-node.js'), join(folder, 'local', 'link-node.js'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(binary, '#!/bin/sh\necho this one\n', { mode: 0o755 });
    run();
    expect(execFileSync(link, { encoding: 'utf8' })).toBe('this one\n');
    run();
    expect(execFileSync(link, { encoding: 'utf8' })).toBe('this one\n');
  });
});
