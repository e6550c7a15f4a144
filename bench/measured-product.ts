/** The product as `npm start` runs it, in a process whose time and memory the system counts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import packageJson from '../package.json' with { type: 'json' };
import { HttpClient } from './http-client.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** What Linux counts processor time in: USER_HZ, 100 on every platform that Node runs on. */
const TICK_MS = 10;

export class MeasuredProduct {
  readonly base: string;
  readonly #child: ChildProcess;
  readonly #data: string;

  private constructor(child: ChildProcess, data: string, base: string) {
    this.#child = child;
    this.#data = data;
    this.base = base;
  }

  static async start(args: string[] = []): Promise<MeasuredProduct> {
    const data = mkdtempSync(join(tmpdir(), 'meanwhile-bench-'));
    const [, ...command] = packageJson.scripts.start.split(' ');
    const child = spawn(process.execPath, [...command, '--port', '0', '--data', data, ...args], { cwd: ROOT });
    const base = await new Promise<string>((done) => {
      child.stdout?.on('data', (chunk) => {
        const ready = /^ready (\S+)/m.exec(String(chunk))?.[1];
        if (ready !== undefined) done(ready);
      });
    });
    return new MeasuredProduct(child, data, base);
  }

  /** Tokens of as many customers as `writes` need without meeting the rate limit. */
  async tokens(writes: number): Promise<string[]> {
    const client = new HttpClient(this.base);
    const run = Math.floor(performance.now());
    const tokens: string[] = [];
    for (let n = 0; n < Math.ceil(writes / 25); n += 1) {
      tokens.push(await this.token(client, `customer=b${run}x${n}`));
    }
    client.close();
    return tokens;
  }

  async token(client: HttpClient, query: string): Promise<string> {
    const { body } = await client.request('GET', `/local/tokens?business=acme&${query}`, 'none');
    return (JSON.parse(body) as { token: string }).token;
  }

  async idle(): Promise<void> {
    await fetch(`${this.base}/local/idle`);
  }

  /** Processor time so far, user and system, of all its threads. */
  get cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  get residentMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }

  /** Acknowledgements in the built-in mailbox, counted behind the product's back. */
  get acknowledgements(): number {
    const db = new DatabaseSync(join(this.#data, 'meanwhile.db'), { readOnly: true });
    const row = db.prepare("SELECT count(*) AS n FROM mail WHERE send LIKE '%acknowledgement'").get();
    db.close();
    return Number(row?.['n']);
  }

  async stop(): Promise<void> {
    await new Promise((done) => {
      this.#child.once('exit', done);
      this.#child.kill('SIGTERM');
    });
    rmSync(this.#data, { recursive: true, force: true });
  }
}
