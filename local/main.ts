/** `npm start`: reads options and config, opens the product, serves it, and says where it is. */
import { mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { ManualClock, SystemClock } from '../adapters/embedded/clocks.ts';
import type { StorageLost } from '../adapters/embedded/database.ts';
import type { SmtpOptions } from '../adapters/embedded/smtp-out.ts';
import { loadPolicies } from '../adapters/node/config-file.ts';
import type { Log } from '../core/ports.ts';
import { InvalidOptions, type Options, readOptions, USAGE } from './options.ts';
import { Product } from './product.ts';
import { createServer } from './server.ts';
import { SmtpIn } from './smtp-in.ts';

/** What the system says where an option names something that cannot be used. */
const SYSTEM_ERRORS: Record<string, string> = {
  EADDRINUSE: 'Something listens there already: name another port by --port.',
  EADDRNOTAVAIL: 'This machine does not have that address: name another by --host.',
  EACCES: 'That is not allowed here.',
  ENOTDIR: 'The data folder cannot be made there: name another by --data.',
};

const log: Log = (level, event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
};

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const policies = await loadPolicies(options.config);
  const clock = options.clock === 'manual' ? new ManualClock(options.at ?? Date.now()) : new SystemClock();
  const data = resolve(options.data);
  mkdirSync(data, { recursive: true });
  let base = '';
  const { scan } = options;
  const baseUrl = () => options.publicUrl ?? base;
  const product = new Product({ data, policies, clock, log, smtp: smtpOptions(options), scan, baseUrl, onLost });
  const server = createServer(product);
  let smtp: SmtpIn | undefined;
  server.once('error', (failure) => fail(failure));
  server.listen(options.port, options.host, async () => {
    const { port } = server.address() as AddressInfo;
    base = `http://${nameFor(options.host)}:${port}`;
    product.start();
    smtp = await openSmtp(product, options).catch(fail);
    process.stdout.write(await welcome(base, product, options, smtp?.port));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      server.close();
      await smtp?.close();
      await product.stop();
      process.exit(0);
    });
  }
}

/** @throws where the file of authorities cannot be read */
function smtpOptions({ smtpUrl: url, smtpTls, smtpCa }: Options): SmtpOptions | undefined {
  if (url === undefined) return undefined;
  return {
    url,
    ...(smtpTls === undefined ? {} : { requireTls: smtpTls === 'required' }),
    ...(smtpCa === undefined ? {} : { ca: readFileSync(smtpCa, 'utf8') }),
  };
}

function openSmtp(product: Product, { host, smtpPort, mailAuthority }: Options): Promise<SmtpIn | undefined> {
  if (smtpPort === undefined) return Promise.resolve(undefined);
  return SmtpIn.open(product, { host, port: smtpPort, authority: mailAuthority ?? null, log });
}

/** What is in memory is ahead of the file now: the next start goes on from there, and nothing answered is lost. */
function onLost(failure: StorageLost): void {
  const cause = failure.cause instanceof Error ? failure.cause.message : String(failure.cause);
  log('error', 'storage.lost', { cause });
  process.stderr.write(`${failure.message} (${cause}) Make room for it, and start again: nothing answered is lost.\n`);
  process.exit(1);
}

/** A name by which this machine reaches an address that it listens at; all of its addresses are reached by loopback. */
function nameFor(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** What is printed when it serves; other programs wait for its first line. */
async function welcome(base: string, product: Product, options: Options, smtpPort?: number): Promise<string> {
  const { smtpUrl, host } = options;
  const [business = ''] = product.stores.policies.businesses();
  const policy = product.stores.policies.current(business);
  const comesIn = smtpPort === undefined ? '' : `\n  Mail in    smtp://${nameFor(host)}:${smtpPort}`;
  const token = policy && (await product.issuer.customerToken(policy, 'c1', { email: 'c1@example.com' }));
  return `ready ${base}

  API        ${base}/v1        document ${base}/docs
  Threads    ${base}/local/threads
  ${smtpUrl === undefined ? `Mailbox    ${base}/local/mailbox` : 'Mail       goes out by SMTP'}${comesIn}

Write as customer c1 of ${business}:

curl -i ${base}/v1/threads -H 'content-type: application/json' -H 'authorization: Bearer ${token}' \\
  -d '{"subject":"Where is my order?","text":"It was to come on Monday. Can you look?"}'

`;
}

function fail(failure: unknown): never {
  const { message, stack = '', code = '' } = failure as Error & { code?: string };
  const hint = failure instanceof InvalidOptions ? USAGE : SYSTEM_ERRORS[code];
  const isForPeople = hint !== undefined || (failure instanceof Error && failure.constructor !== Error && code === '');
  process.stderr.write(`${[message, hint].filter((part) => part !== undefined).join('\n\n')}\n`);
  if (!isForPeople) process.stderr.write(`${stack}\n`);
  process.exit(1);
}

main().catch(fail);
