/** A scanner as a program of its own, which finds what a file says is in it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const [gate, log, file] = process.argv.slice(2);
appendFileSync(log, file + '\\n');
while (!existsSync(gate)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
const text = readFileSync(file, 'latin1');
process.exit(text.includes('infected') ? 1 : text.includes('unsure') ? 2 : 0);
`;

/**
 * @param gate a file without which it does not go on
 * @returns the command, to which the file is added; and where it notes each file that it was given
 */
export function aScanner(folder: string, gate = folder): { command: string; log: string } {
  const [program, log] = [join(folder, 'scanner.mjs'), join(folder, 'scanned.txt')];
  writeFileSync(program, PROGRAM);
  writeFileSync(log, '');
  return { command: `${process.execPath} ${program} ${gate} ${log}`, log };
}
