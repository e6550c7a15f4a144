/** The real product as a process of its own, to be talked to over HTTP and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 20_000;

export class ProductProcess {
  readonly base: string;
  /** All that it printed on standard output up to and with its welcome. */
  readonly welcome: string;
  readonly child: ChildProcess;
  readonly #exited: Promise<number | null>;

  private constructor(child: ChildProcess, welcome: string, exited: Promise<number | null>) {
    this.child = child;
    this.welcome = welcome;
    this.base = /^ready (\S+)/m.exec(welcome)?.[1] ?? '';
    this.#exited = exited;
  }

  /** Starts it on any free port, and waits until it says that it serves. */
  static async start(
    data: string,
    args: string[] = [],
    command: string[] = [process.execPath],
  ): Promise<ProductProcess> {
    const { child, exited } = spawnProduct(['--port', '0', '--data', data, ...args], command);
    let printed = '';
    let complaints = '';
    child.stderr?.on('data', (chunk) => {
      complaints += chunk;
    });
    await new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`Not ready: ${printed}${complaints}`)), READY_WITHIN_MS);
      child.stdout?.on('data', (chunk) => {
        printed += chunk;
        if (!printed.includes('curl ') || !printed.endsWith('\n\n')) return;
        clearTimeout(timer);
        done();
      });
      exited.then((code) => fail(new Error(`It ended with ${code}: ${printed}${complaints}`)));
    });
    return new ProductProcess(child, printed, exited);
  }

  /** Runs it to its end. @returns what it printed, and its exit code */
  static async run(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { child, exited } = spawnProduct(args, [process.execPath]);
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    return { code: await exited, stdout, stderr };
  }

  /** Ends it at once, as a power cut would, or as asked by another signal. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    this.child.kill(signal);
    return this.#exited;
  }

  async token(query: string): Promise<string> {
    const heard = await fetch(`${this.base}/local/tokens?business=acme&${query}`);
    return ((await heard.json()) as { token: string }).token;
  }

  call(
    method: string,
    path: string,
    token: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async idle(): Promise<boolean> {
    return (await fetch(`${this.base}/local/idle`)).status === 200;
  }
}

function spawnProduct(args: string[], command: string[]): { child: ChildProcess; exited: Promise<number | null> } {
  const [program = '', ...before] = command;
  const [, ...start] = packageJson.scripts.start.split(' ');
  const child = spawn(program, [...before, ...start, ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return { child, exited };
}
