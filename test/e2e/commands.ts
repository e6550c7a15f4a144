/** Commands that the deployment test runs as its owner would: in an environment with nothing of a real account. */
import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Ignored by git, kept between runs: what was installed, and what the last run left to be looked at. */
export const SCRATCH = join(ROOT, 'tmp', 'e2e');
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const TOLD_CHARS = 4_000;
const MINUTE_MS = 60_000;

/** A command ended with an error, or not at all. */
class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The environment without anything of AWS, CDK or npm that somebody has set up for themselves. */
export function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK|NPM|NODE_OPTIONS|VITEST|TEST$)/i.test(name));
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...(Object.fromEntries(kept) as Record<string, string>), PATH: path };
}

/** The environment of whoever owns the account that is emulated at `endpoint`. */
export function ownerEnvironment(endpoint: string): Record<string, string> {
  return {
    ...bareEnvironment(),
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' },
  };
}

/**
 * Runs a command to its end, together with all that it starts.
 * @returns its standard output
 * @throws {CommandFailed} with the end of what it said
 */
export async function run(
  program: string,
  args: string[],
  env: Record<string, string>,
  timeoutMs = 5 * MINUTE_MS,
): Promise<string> {
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [stdout, said] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), timeoutMs);
  const code = await new Promise<number | null>((ended, fail) => child.on('close', ended).on('error', fail));
  clearTimeout(timer);
  if (code === 0) return stdout;
  const what = `${program} ${args.join(' ')} ${code === null ? 'was ended' : `ended with ${code}`}`;
  throw new CommandFailed(`${what}:\n${said.slice(-TOLD_CHARS)}`);
}
