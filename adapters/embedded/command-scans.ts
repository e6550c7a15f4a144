/**
 * Files scanned by a command of the machine, when they are asked for: `clamdscan --no-summary FILE`, or anything that
 * ends with 0 for a clean file and with 1 where it found something. What it says is kept beside the file. Anything else
 * is no verdict: the file is scanned again when it is asked for the next time.
 */
import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { FileScans, ScanVerdict } from '../../core/file-scans.ts';
import type { Log } from '../../core/ports.ts';

/** Scanners read whole archives; two at once leave room for the product. */
const SCANS_MAX = 2;
const SCAN_MS_MAX = 300_000;
/** Most files are scanned within it; who asks for others comes again. */
const PATIENCE_MS = 5_000;

export interface CommandScansSettings {
  /** Program and arguments, with spaces between; the file is the last argument. No shell reads it. */
  command: string;
  /** The file of a blob. */
  pathOf: (key: string) => string;
  log: Log;
  /** How long an answer waits for a scan. @default 5 s */
  patienceMs?: number;
}

interface KeptVerdict {
  verdict: 'clean' | 'infected';
  /** When the file that was scanned was written. */
  of: number;
}

export class CommandScans implements FileScans {
  readonly #settings: CommandScansSettings;
  /** Under way, and over without a verdict that anybody has heard. */
  readonly #scans = new Map<string, Promise<ScanVerdict>>();
  readonly #closing = new AbortController();
  #underWay = 0;

  constructor(settings: CommandScansSettings) {
    this.#settings = settings;
  }

  async verdict(key: string): Promise<ScanVerdict> {
    const { pathOf, patienceMs = PATIENCE_MS } = this.#settings;
    const path = pathOf(key);
    const kept = await keptVerdict(path);
    if (kept !== undefined) return kept;
    const scan = this.#scans.get(key) ?? this.#begin(key, path);
    if (scan === undefined) return 'waiting';
    const verdict = await within(patienceMs, scan);
    if (verdict !== 'waiting') this.#scans.delete(key);
    return verdict;
  }

  /** Ends the scans that are under way. */
  close(): void {
    this.#closing.abort();
  }

  #begin(key: string, path: string): Promise<ScanVerdict> | undefined {
    if (this.#underWay >= SCANS_MAX) return undefined;
    this.#underWay += 1;
    const scan = this.#scan(key, path)
      .catch((failure: Error): ScanVerdict => this.#noVerdict(failure.name))
      .finally(() => {
        this.#underWay -= 1;
      });
    this.#scans.set(key, scan);
    return scan;
  }

  async #scan(key: string, path: string): Promise<ScanVerdict> {
    const { mtimeMs: of } = await stat(path);
    const code = await this.#run(path);
    if (code !== 0 && code !== 1) return this.#noVerdict(String(code));
    const kept: KeptVerdict = { verdict: code === 0 ? 'clean' : 'infected', of };
    await writeFile(scanPath(path), JSON.stringify(kept));
    this.#scans.delete(key); // from now on the file says it
    return kept.verdict;
  }

  #noVerdict(why: string): ScanVerdict {
    if (!this.#closing.signal.aborted) this.#settings.log('error', 'scan.failed', { why });
    return 'unsure';
  }

  /** @returns what it ended with: its exit code, the signal, or why it could not be started */
  #run(path: string): Promise<number | string | null> {
    const [program = '', ...args] = this.#settings.command.split(/\s+/);
    const { signal } = this.#closing;
    return new Promise((done) => {
      const child = spawn(program, [...args, path], { stdio: 'ignore', timeout: SCAN_MS_MAX, signal });
      child.once('error', (failure: Error & { code?: string }) => done(failure.code ?? failure.name));
      child.once('exit', (code, killedBy) => done(code ?? killedBy));
    });
  }
}

function scanPath(path: string): string {
  return `${path}.scan`;
}

/** Of the file as it is now. */
async function keptVerdict(path: string): Promise<ScanVerdict | undefined> {
  try {
    const { verdict, of } = JSON.parse(await readFile(scanPath(path), 'utf8')) as KeptVerdict;
    return (await stat(path)).mtimeMs === of ? verdict : undefined;
  } catch {
    return undefined; // none, or one that was cut off: it is scanned again
  }
}

async function within(patienceMs: number, scan: Promise<ScanVerdict>): Promise<ScanVerdict> {
  const over = Promise.withResolvers<ScanVerdict>();
  const timer = setTimeout(() => over.resolve('waiting'), patienceMs);
  try {
    return await Promise.race([scan, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
