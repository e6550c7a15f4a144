/** The emulated account: ministack in a Python environment of its own, started for a run and ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { bareEnvironment, ownerEnvironment, run, SCRATCH } from './commands.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const VENV = join(SCRATCH, 'venv');
export const PYTHON_TOOLS = join(VENV, 'bin');
/** What Lambda's own Node has beside it: the custom resource that empties buckets is not bundled. */
const RUNTIME_MODULES = join(SCRATCH, 'lambda-runtime');
const RUNTIME_PACKAGE = '@aws-sdk/client-s3@3.1175.0';

export const NOTES = {
  /** What was accepted without being done. */
  accepted: join(SCRATCH, 'accepted.txt'),
  /** What IAM denied. */
  denied: join(SCRATCH, 'denied.txt'),
};
export const EMULATOR_LOG = join(SCRATCH, 'ministack.log');

const HEALTHY_PAUSE_MS = 100;
const END_GRACE_MS = 5_000;

/** Installs what is not there yet, in pinned versions. */
export async function installEmulator(): Promise<void> {
  const installed = join(VENV, 'installed.txt');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
    await run('python3', ['-m', 'venv', '--clear', VENV], bareEnvironment());
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
    await run(join(PYTHON_TOOLS, 'python'), pip, bareEnvironment());
    cpSync(REQUIREMENTS, installed);
  }
  if (existsSync(join(RUNTIME_MODULES, 'node_modules', '@aws-sdk', 'client-s3'))) return;
  mkdirSync(RUNTIME_MODULES, { recursive: true });
  writeFileSync(join(RUNTIME_MODULES, 'package.json'), '{}');
  const install = ['install', '--prefix', RUNTIME_MODULES, '--no-save', '--no-audit', '--no-fund', RUNTIME_PACKAGE];
  await run('npm', install, bareEnvironment());
}

export class Emulator {
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #work: string;

  private constructor(endpoint: string, child: ChildProcess, work: string) {
    this.endpoint = endpoint;
    this.#child = child;
    this.#work = work;
  }

  /** @param mailEndpoint where functions find SES */
  static async start(port: number, mailEndpoint: string): Promise<Emulator> {
    for (const file of Object.values(NOTES)) writeFileSync(file, '');
    // Outside the repository, so that a function finds no module but those that were bundled with it.
    const work = mkdtempSync(join(tmpdir(), 'meanwhile-e2e-'));
    symlinkSync(join(RUNTIME_MODULES, 'node_modules'), join(work, 'node_modules'));
    const endpoint = `http://127.0.0.1:${port}`;
    const log = openSync(EMULATOR_LOG, 'w');
    const child = spawn(join(PYTHON_TOOLS, 'python'), [join(import.meta.dirname, 'emulator.py')], {
      detached: true,
      stdio: ['pipe', log, log],
      env: {
        ...ownerEnvironment(endpoint),
        ...{ AUTH: 'true', BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', GATEWAY_PORT: String(port) },
        ...{ IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0', TMPDIR: work, AWS_ENDPOINT_URL_SESV2: mailEndpoint },
        ...{ MEANWHILE_ACCEPTED: NOTES.accepted, MEANWHILE_DENIED: NOTES.denied, PYTHONDONTWRITEBYTECODE: '1' },
      },
    });
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`ministack ended: ${readFileSync(EMULATOR_LOG, 'utf8')}`);
      await fetch(`${endpoint}/_ministack/health`);
    }, HEALTHY_PAUSE_MS);
    return new Emulator(endpoint, child, work);
  }

  /** Ends it with all its workers. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), END_GRACE_MS);
    if (this.#child.exitCode === null) await ended;
    clearTimeout(late);
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch {} // nobody is left of its group
    rmSync(this.#work, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
