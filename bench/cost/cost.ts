/**
 * `npm run cost`: what each story costs on AWS. The real functions run against an emulated account; everything they
 * call is counted on the wire, at batches of 1, 2 and 10 messages, and priced. Nothing here is measured in time but the
 * functions' processor; what they wait for a service is assumed.
 */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { freshSecrets, sharedKey, withCustomerKey } from '../../core/policy/key-rotation.ts';
import { aPolicy } from '../../test/builders.ts';
import { ownerEnvironment } from '../../test/e2e/commands.ts';
import { Emulator, freePort, installEmulator } from '../../test/e2e/emulator.ts';
import { OidcIssuer } from '../../test/support/oidc-issuer.ts';
import { printTable, type Row } from '../table.ts';
import { openAccount } from './account.ts';
import { Functions } from './functions.ts';
import { idleBill } from './idle.ts';
import { Meter, type Usage } from './meter.ts';
import { type Counted, PRICED_AT, PRICES } from './prices.ts';
import { type Cast, HISTORY_MESSAGES, Stories } from './stories.ts';
import { Wire } from './wire-client.ts';

const BATCHES = [1, 2, 10] as const;
/** The batch that the bill line by line is of: what a queue with something to do gives its worker. */
const USUAL_BATCH = 2;
const MILLION = 1_000_000;
const AUDIENCE = 'meanwhile';

type Bill = Map<string, Usage>;

/** Dollars for a million times this. */
function dollars(usage: Usage): number {
  return MILLION * Object.entries(usage).reduce((sum, [what, amount]) => sum + amount * PRICES[what as Counted], 0);
}

/** Tells every story, and gives what one of each uses. */
async function tell(stories: Stories, used: () => Promise<Usage>): Promise<Bill> {
  const bill: Bill = new Map();
  const measured = async (name: string, story: () => Promise<number>): Promise<void> => {
    await used();
    const times = await story();
    const usage = Object.entries(await used()).map(([what, amount]) => [what, amount / times]);
    bill.set(name, Object.fromEntries(usage));
  };
  await measured('create', () => stories.create());
  await measured('reply', () => stories.reply());
  await measured('continue', () => stories.continue());
  await measured('solve', () => stories.solve());
  await measured('inbox of 25', () => stories.inbox());
  await stories.lengthen();
  await measured(`history of ${HISTORY_MESSAGES}`, () => stories.history());
  return bill;
}

function printLines(bill: Bill): void {
  const counted = Object.keys(PRICES).filter((what) => [...bill.values()].some((usage) => what in usage)) as Counted[];
  const amount = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(3).replace(/\.?0+$/, ''));
  const rows = counted.map((what): Row => {
    const cells = [...bill].flatMap(([story, usage]) => {
      const used = usage[what] ?? 0;
      return [[story, used === 0 ? '' : `${amount(used)} = $${(used * PRICES[what] * MILLION).toFixed(2)}`]];
    });
    return { 'one uses, a million cost': what, ...Object.fromEntries(cells) };
  });
  const sum = [...bill].map(([story, usage]) => [story, `$${dollars(usage).toFixed(2)}`]);
  printTable([...rows, { 'one uses, a million cost': 'together', ...Object.fromEntries(sum) }]);
}

async function castOf(issuer: OidcIssuer, key: { kid: string; secret: string }, hear: Cast['hear']): Promise<Cast> {
  const customer = (id: string) =>
    new SignJWT({ email: `${id}@example.com`, name: 'Cleo' })
      .setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .setIssuer('acme')
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setExpirationTime('1h')
      .sign(Buffer.from(key.secret));
  return { customer, hear, agent: await issuer.token({ email: 'ana@acme.example', email_verified: true }) };
}

process.stderr.write('Starting the emulated account …\n');
await installEmulator();
const port = await freePort();
const emulator = await Emulator.start(port, `http://127.0.0.1:${port}`);
const issuer = await OidcIssuer.open();
const meter = new Meter();
const wire = await Wire.open(emulator.endpoint, meter);
try {
  Object.assign(process.env, ownerEnvironment(emulator.endpoint));
  const key = sharedKey(randomBytes);
  const agentIssuers = [{ issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256' as const] }];
  const policy = aPolicy({ agentIssuers }).source;
  const environment = await openAccount(policy, withCustomerKey(freshSecrets(randomBytes), key));
  const functions = await Functions.start(meter, environment, { endpoint: emulator.endpoint, wire: wire.url });
  const cast = await castOf(issuer, key, async () => {
    await wire.all();
    await functions.hear(meter.takeMails().filter(({ tags }) => tags['kind'] === 'reply'));
  });
  const used = async (): Promise<Usage> => {
    await wire.all();
    return meter.take();
  };
  await tell(new Stories(functions, cast, 10), used); // what is read and kept once is not part of any story
  const bills = new Map<number, Bill>();
  for (const batch of BATCHES) bills.set(batch, await tell(new Stories(functions, cast, batch), used));

  const usual = bills.get(USUAL_BATCH) ?? new Map();
  process.stdout.write(`Prices of us-east-1, ${PRICED_AT}; in dollars, for a million of each.\n\n`);
  printTable(
    [...usual.keys()].map((story) => {
      const cells = [...bills].map(([batch, bill]) => [
        `batches of ${batch}`,
        dollars(bill.get(story) ?? {}).toFixed(2),
      ]);
      return { story, ...Object.fromEntries(cells) };
    }),
  );
  process.stdout.write(`\nLine by line, at batches of ${USUAL_BATCH}:\n\n`);
  printLines(usual);
  await used();
  await functions.sweep();
  process.stdout.write('\nA month in which nothing happens:\n\n');
  printTable(idleBill(await used()));
} finally {
  wire.close();
  await issuer.close();
  await emulator.stop();
}
process.exit(0);
