/**
 * Run after `npm ci`: puts Node 24 where npm's scripts find it. npm 10 drops the link of a binary whose name the packages
 * for other platforms share (npm 11 keeps it); this makes it good, and does nothing where the link stands.
 * Plain JavaScript, because it runs on whatever Node there is.
 */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '..', 'node_modules');
const isWindows = process.platform === 'win32';
const binary = isWindows ? 'bin/node.exe' : 'bin/node';
const link = join(modules, '.bin', isWindows ? 'node.cmd' : 'node');
const platform = `${isWindows ? 'win' : process.platform}-${process.arch}`;
const owner = [`node-${platform}`, `node-bin-${platform}`].find((name) => existsSync(join(modules, name, binary)));

if (owner === undefined) {
  process.stderr.write(
    `No package brings Node 24 for ${platform}: put a Node ≥ 24 first in PATH to run the scripts.\n`,
  );
} else if (!existsSync(link)) {
  if (isWindows) writeFileSync(link, `@"%~dp0\\..\\${owner}\\${binary.replace('/', '\\')}" %*\r\n`);
  else symlinkSync(join('..', owner, binary), link);
}
