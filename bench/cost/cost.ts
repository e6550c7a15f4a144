/**
 * `npm run cost`: what each story costs on AWS. The real functions run against an emulated account; everything they
 * call is counted on the wire, at batches of 1, 2 and 10 messages, and priced. Nothing here is measured in time but the
 * functions' processor; what they wait for a service is assumed.
 */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { freshSecrets, sharedKey, withCustomerKey } from '../../core/policy/key-rotation.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { aPolicy } from '../../test/builders.ts';
import { ownerEnvironment } from '../../test/e2e/commands.ts';
import { Emulator, freePort, installEmulator } from '../../test/e2e/emulator.ts';
import { OidcIssuer } from '../../test/support/oidc-issuer.ts';
import { printTable, type Row } from '../table.ts';
import { openAccount } from './account.ts';
import { Functions } from './functions.ts';
import { idleBill } from './idle.ts';
import { Meter, type Usage } from './meter.ts';
import { NOTICE_POLICIES, NoticeStories, noticeRows, type Taken } from './notice-stories.ts';
import { type Counted, PRICED_AT, PRICES } from './prices.ts';
import { type Cast, HISTORY_MESSAGES, Stories } from './stories.ts';
import { Wire } from './wire-client.ts';

const BATCHES = [1, 2, 10] as const;
/** The batch that the bill line by line is of: what a queue with something to do gives its worker. */
const USUAL_BATCH = 2;
/** More threads than are begun. */
const GIVEN_MAX = 1_000;
const MILLION = 1_000_000;
const AUDIENCE = 'meanwhile';

/** Tokens outlive what passes in stories. */
const EXPIRES = '1d';

/** The business that gives its threads to its agents, and those of each policy of notices. */
const GIVING = 'acme-giving';
const NOTICE_BUSINESSES = Object.keys(NOTICE_POLICIES).map(
  (policy, index) => [policy, `acme-notices-${index}`] as const,
);

type Bill = Map<string, Usage>;

function policiesOf(issuer: string): Policy[] {
  const known = {
    agentIssuers: [{ issuer, audience: AUDIENCE, algorithms: ['ES256' as const] }],
    publishableKeys: [],
  };
  const { agents, teams } = aPolicy().source;
  const { support } = teams;
  if (support === undefined) throw new TypeError('There is a team.');
  const giving = { support: { ...support, calendar: 'always', assign: 'balanced' as const, capacity: GIVEN_MAX } };
  return [
    aPolicy(known),
    aPolicy({ ...known, id: GIVING, agents, teams: giving }),
    ...NOTICE_BUSINESSES.map(([policy, id]) => aPolicy({ ...known, id, notices: NOTICE_POLICIES[policy] })),
  ].map(({ source }) => source);
}

/** Dollars for a million times this. */
function dollars(usage: Usage): number {
  return MILLION * Object.entries(usage).reduce((sum, [what, amount]) => sum + amount * PRICES[what as Counted], 0);
}

/** What one of a story's threads uses. */
async function measure(
  story: () => Promise<number>,
  used: () => Promise<Usage>,
): Promise<{ usage: Usage; times: number }> {
  await used();
  const times = await story();
  const usage = Object.entries(await used()).map(([what, amount]) => [what, amount / times]);
  return { usage: Object.fromEntries(usage), times };
}

/** Tells every story, and gives what one of each uses. @param given where threads are given to agents */
async function tell(stories: Stories, given: Stories, used: () => Promise<Usage>): Promise<Bill> {
  const bill: Bill = new Map();
  const measured = async (name: string, story: () => Promise<number>): Promise<void> => {
    bill.set(name, (await measure(story, used)).usage);
  };
  await measured('create', () => stories.create());
  await measured('create, given to an agent', () => given.create());
  await measured('reply', () => stories.reply());
  await stories.rest();
  await measured('continue', () => stories.write());
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

/** Of each of a story's threads, by every policy of notices. */
async function tellOfNotices(functions: Functions, measuring: Measuring): Promise<Row[]> {
  const taken: Record<'burst' | 'exchange', Taken[]> = { burst: [], exchange: [] };
  for (const [policy, business] of NOTICE_BUSINESSES) {
    const stories = new NoticeStories(functions, await measuring.castOf(business), USUAL_BATCH);
    await stories.begin();
    for (const story of ['burst', 'exchange'] as const) {
      if (story === 'exchange') await stories.take();
      const before = measuring.notices();
      const { usage, times } = await measure(() => stories[story](), measuring.used);
      taken[story].push({
        policy,
        notices: (measuring.notices() - before) / times,
        dollars: dollars(usage) / MILLION,
      });
    }
  }
  return [
    ...noticeRows('ten messages in a minute', taken.burst),
    ...noticeRows('five messages to an agent who is there and answers', taken.exchange),
  ];
}

/** What stories are told with. */
interface Measuring {
  castOf: (business: string) => Promise<Cast>;
  used: () => Promise<Usage>;
  /** How many notices were sent so far. */
  notices: () => number;
}

function measuringOf(
  issuer: OidcIssuer,
  key: { kid: string; secret: string },
  { meter, wire, hear }: Heard,
): Measuring {
  let notices = 0;
  const castOf = async (business: string): Promise<Cast> => ({
    customer: (id) =>
      new SignJWT({ email: `${id}@example.com`, name: 'Cleo' })
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .setIssuer(business)
        .setAudience(AUDIENCE)
        .setSubject(id)
        .setExpirationTime(EXPIRES)
        .sign(Buffer.from(key.secret)),
    agent: await issuer.token({ email: 'ana@acme.example', email_verified: true, business }, { expires: EXPIRES }),
    hear: async () => {
      await wire.all();
      const mails = meter.takeMails();
      notices += mails.filter(({ tags }) => tags['kind'] === 'notice').length;
      await hear(mails.filter(({ tags }) => tags['kind'] === 'reply'));
    },
  });
  const used = async (): Promise<Usage> => {
    await wire.all();
    return meter.take();
  };
  return { castOf, used, notices: () => notices };
}

interface Heard {
  meter: Meter;
  wire: Wire;
  hear: Functions['hear'];
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
  const environment = await openAccount(policiesOf(issuer.url), withCustomerKey(freshSecrets(randomBytes), key));
  const to = { endpoint: emulator.endpoint, wire: wire.url, heard: () => wire.all() };
  const functions = await Functions.start(meter, environment, to);
  const measuring = measuringOf(issuer, key, { meter, wire, hear: (mails) => functions.hear(mails) });
  const { used, castOf } = measuring;
  const [cast, giving] = [await castOf('acme'), await castOf(GIVING)];
  const tellAll = (batch: number) =>
    tell(new Stories(functions, cast, batch), new Stories(functions, giving, batch), used);
  await tellAll(10); // what is read and kept once is not part of any story
  const bills = new Map<number, Bill>();
  for (const batch of BATCHES) bills.set(batch, await tellAll(batch));

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
  process.stdout.write(`\nNotices, at batches of ${USUAL_BATCH}:\n\n`);
  printTable(await tellOfNotices(functions, measuring));
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
