/** `npm start`: reads options and config, opens the product, serves it, and says where it is. */
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ManualClock, SystemClock } from '../adapters/embedded/clocks.ts';
import { isBusiness } from '../core/policy/define-business.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Log } from '../core/ports.ts';
import { InvalidOptions, type Options, readOptions, USAGE } from './options.ts';
import { Product } from './product.ts';
import { createServer } from './server.ts';

/** The config file serves nobody. */
class NoBusiness extends Error {
  override readonly name = 'NoBusiness';
}

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
  const { smtpUrl } = options;
  const product = new Product({ data, policies, clock, log, smtpUrl, baseUrl: () => options.publicUrl ?? base });
  const server = createServer(product);
  server.once('error', (failure) => fail(failure));
  server.listen(options.port, options.host, async () => {
    const { port } = server.address() as AddressInfo;
    base = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
    product.start();
    process.stdout.write(await welcome(base, product, options));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      server.close();
      await product.stop();
      process.exit(0);
    });
  }
}

/** Every export of the config file that `defineBusiness` made. @throws {NoBusiness} where there is none */
async function loadPolicies(file: string): Promise<Policy[]> {
  const exported: Record<string, unknown> = await import(pathToFileURL(resolve(file)).href);
  const policies = Object.values(exported).filter(isBusiness);
  if (policies.length === 0) throw new NoBusiness(`${file} exports no business: export what defineBusiness gives.`);
  return policies;
}

/** What is printed when it serves; other programs wait for its first line. */
async function welcome(base: string, product: Product, { smtpUrl }: Options): Promise<string> {
  const [business = ''] = product.stores.policies.businesses();
  const policy = product.stores.policies.current(business);
  const token = policy && (await product.issuer.customerToken(policy, 'c1', { email: 'c1@example.com' }));
  return `ready ${base}

  API        ${base}/v1        document ${base}/docs
  ${smtpUrl === undefined ? `Mailbox    ${base}/local/mailbox` : 'Mail       goes out by SMTP'}

Write as customer c1 of ${business}:

curl -i ${base}/v1/threads -H 'content-type: application/json' -H 'authorization: Bearer ${token}' \\
  -d '{"subject":"Where is my order?","text":"It was to come on Monday. Can you look?"}'

`;
}

function fail(failure: unknown): void {
  const isForPeople = failure instanceof Error && failure.constructor !== Error && !('code' in failure);
  const message = failure instanceof Error ? failure.message : String(failure);
  process.stderr.write(`${message}\n${failure instanceof InvalidOptions ? `\n${USAGE}\n` : ''}`);
  if (!isForPeople && failure instanceof Error) process.stderr.write(`${failure.stack ?? ''}\n`);
  process.exit(1);
}

main().catch(fail);
