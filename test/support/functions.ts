/** Functions as they are deployed: bundled, and run in a process that has nothing but its environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.ts';

const codes = new Map<string, Promise<string>>();

/** A function's bundle, made once. */
export function codeOf(name: string): Promise<string> {
  const code = codes.get(name) ?? bundle(name).then((made) => made.code);
  codes.set(name, code);
  return code;
}

/** What Lambda's runtime does, as far as it matters here: loads the handler, and gives it one event after the other. */
const RUNTIME = `
  const tell = (told) => process.stdout.write('answer ' + JSON.stringify(told) + '\\n');
  const { handler } = await import(process.argv[1]);
  process.on('message', async (event) => {
    await handler(event).then((result) => tell({ result }), (failure) => tell({ failure: String(failure) }));
  });
  tell({ result: 'ready' });
`;

interface Told {
  result?: unknown;
  failure?: string;
}

/** A function that runs, and waits for events. */
export class FunctionProcess {
  /** What it has printed, line by line. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #answer = Promise.withResolvers<Told>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close').then(() => this.#answer.resolve({ failure: this.lines.join('\n') }));
    // Answers come the same way as the lines before them, so that none of these is missed.
    this.#read(child.stdout, (line) => {
      if (line.startsWith('answer ')) this.#answer.resolve(JSON.parse(line.slice('answer '.length)));
      else this.lines.push(line);
    });
    this.#read(child.stderr, (line) => void this.lines.push(line));
  }

  /** @param folder where its bundle is put */
  static async start(name: string, folder: string, env: Record<string, string>): Promise<FunctionProcess> {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, await codeOf(name));
    const args = ['--input-type=module', '--eval', RUNTIME, pathToFileURL(file).href];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const started = new FunctionProcess(child);
    await started.#heard();
    return started;
  }

  /** @returns what the handler answers. @throws what it throws */
  invoke(event: object): Promise<unknown> {
    this.#answer = Promise.withResolvers();
    this.#child.send(event);
    return this.#heard();
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #heard(): Promise<unknown> {
    const { result, failure } = await this.#answer.promise;
    if (failure !== undefined) throw new Error(failure);
    return result;
  }

  #read(input: Readable | null, take: (line: string) => void): void {
    if (input !== null) createInterface({ input }).on('line', take);
  }
}
