/** The embedded adapters keep every port's contract. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, afterEach } from 'vitest';
import { ManualClock, SystemClock } from '../../adapters/embedded/clocks.ts';
import { Database } from '../../adapters/embedded/database.ts';
import { EmbeddedEffects } from '../../adapters/embedded/effects.ts';
import { SqliteEvents } from '../../adapters/embedded/events.ts';
import { FifoQueue } from '../../adapters/embedded/fifo-queue.ts';
import { FileBlobs } from '../../adapters/embedded/file-blobs.ts';
import { SqliteIdempotencyStore } from '../../adapters/embedded/idempotency-store.ts';
import { SqliteLanes } from '../../adapters/embedded/lanes.ts';
import { SqliteMailIndex } from '../../adapters/embedded/mail-index.ts';
import { Mailbox } from '../../adapters/embedded/mailbox.ts';
import { SqlitePolicies } from '../../adapters/embedded/policies.ts';
import { SqlitePoolStore } from '../../adapters/embedded/pool-store.ts';
import { SqliteSecrets } from '../../adapters/embedded/secrets.ts';
import { SqliteSends } from '../../adapters/embedded/sends.ts';
import { SmtpMailOut } from '../../adapters/embedded/smtp-out.ts';
import { SqliteAudit } from '../../adapters/embedded/sqlite-audit.ts';
import { SqliteCustomers } from '../../adapters/embedded/sqlite-customers.ts';
import { SqliteDeadLetters } from '../../adapters/embedded/sqlite-dead-letters.ts';
import { SqliteThreadStore } from '../../adapters/embedded/thread-store.ts';
import { Unkind } from '../../adapters/embedded/unkind.ts';
import { EmbeddedWaitQueue } from '../../adapters/embedded/wait-queue.ts';
import { MemoryRateLimiter } from '../../adapters/node/memory-rate-limiter.ts';
import type { MailJob } from '../../core/delivery/send.ts';
import type { LaneMessage } from '../../core/ports.ts';
import { blobRoutes } from '../../local/blob-routes.ts';
import type { ServerApp } from '../../local/server.ts';
import { defaultPolicy, MONDAY } from '../builders.ts';
import { MemoryThreadStore } from '../simulation/world/memory-store.ts';
import { SmtpSink } from '../support/smtp-sink.ts';
import { customersContract } from './customers.ts';
import { effectsContract, eventsContract } from './effects.ts';
import { type LanesHarness, lanesContract } from './lanes.ts';
import { mailIndexContract } from './mail-index.ts';
import { poolStoreContract } from './pools.ts';
import { idempotencyStoreContract, sendsContract } from './records.ts';
import * as surroundings from './surroundings.ts';
import { threadStoreContract } from './thread-store.ts';
import { auditContract, deadLettersContract } from './upkeep.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-contracts-'));
let files = 0;
const open: Database[] = [];
const sinks: { close(): Promise<void> }[] = [];
const quiet = () => {};

function aFile(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

function aDatabase(path = aFile()): Database {
  const db = new Database(path, () => {});
  open.push(db);
  return db;
}

afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  for (const db of open.splice(0)) db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lanesOn(path: string): LanesHarness {
  const db = aDatabase(path);
  const consumer = Promise.withResolvers<Parameters<LanesHarness['consume']>[0]>();
  const queue = new FifoQueue<LaneMessage>(db, new SystemClock(), quiet, {
    name: 'commands',
    batchMax: 10,
    lanesMax: 100,
    handle: async (lane, messages) => (await consumer.promise)(lane, messages),
  });
  queue.start();
  return {
    lanes: new SqliteLanes(db, queue),
    consume: async (handler) => consumer.resolve(handler),
    restarted: async () => lanesOn(path),
    stop: async () => {},
  };
}

threadStoreContract('SqliteThreadStore', async () => new SqliteThreadStore(aDatabase(), 'writing'));
threadStoreContract('SqliteThreadStore in memory', async () => new SqliteThreadStore(aDatabase(':memory:'), 'reading'));
for (const view of ['writing', 'reading'] as const) {
  poolStoreContract(`SqlitePoolStore, ${view}`, async () => {
    const db = aDatabase(view === 'reading' ? ':memory:' : aFile());
    return { pools: new SqlitePoolStore(db, view), threads: new SqliteThreadStore(db, view) };
  });
}
poolStoreContract('MemoryPoolStore', async () => {
  const threads = new MemoryThreadStore();
  return { threads, pools: threads.pools };
});
customersContract('SqliteCustomers', async () => new SqliteCustomers(aDatabase()));
idempotencyStoreContract('SqliteIdempotencyStore', async () => new SqliteIdempotencyStore(aDatabase()));
mailIndexContract('SqliteMailIndex', async () => new SqliteMailIndex(aDatabase()));
sendsContract('SqliteSends', async () => new SqliteSends(aDatabase()));
lanesContract('SqliteLanes', async () => lanesOn(aFile()));
lanesContract('SqliteLanes, unkind', async () => {
  const harness = lanesOn(aFile());
  return { ...harness, lanes: new Unkind(4).lanes({ send: (messages) => harness.lanes.send(messages.slice(0, 99)) }) };
});

effectsContract('EmbeddedEffects', async () => {
  const db = aDatabase();
  const clock = new SystemClock();
  const [jobs, messages]: [MailJob[], LaneMessage[]] = [[], []];
  const settings = { batchMax: 10, lanesMax: 10 };
  const mails = new FifoQueue<MailJob>(db, clock, quiet, {
    ...settings,
    name: 'mails',
    handle: async (_lane, batch) => ({ done: jobs.push(...batch) && batch.length }),
  });
  const commands = new FifoQueue<LaneMessage>(db, clock, quiet, {
    ...settings,
    name: 'commands',
    handle: async (_lane, batch) => ({ done: messages.push(...batch) && batch.length }),
  });
  const events = new SqliteEvents(db);
  const waits = new EmbeddedWaitQueue(clock, async () => {});
  return {
    effects: new EmbeddedEffects({ mails, commands, events, waits }),
    mails: async () => jobs,
    commands: async () => messages,
    events: async () => events.list(0, 100),
  };
});

eventsContract('SqliteEvents', async () => {
  const events = new SqliteEvents(aDatabase());
  return { events, published: async () => events.list(0, 100) };
});

surroundings.waitQueueContract('EmbeddedWaitQueue', async () => {
  const clock = new ManualClock(MONDAY);
  const over: surroundings.Over[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    waits: new EmbeddedWaitQueue(clock, async (timer) => void over.push({ timer, at: clock.now() })),
    now: () => clock.now(),
    over: async () => over,
    pass: (ms) => clock.advanceTo(clock.now() + ms, settle),
    lateMsMax: 1_000,
  };
});

surroundings.mailOutContract('Mailbox', async () => {
  const mailbox = new Mailbox(aDatabase(), new SystemClock());
  return {
    mailOut: mailbox,
    received: async () =>
      mailbox.list({ limit: 10 }).map(({ mail }) => ({
        ...mail,
        to: [mail.to.address],
        headers: Object.fromEntries(Object.entries(mail.headers).map(([name, value]) => [name.toLowerCase(), value])),
      })),
  };
});

surroundings.mailOutContract('SmtpMailOut', async () => {
  const sink = await SmtpSink.open();
  const mailOut = new SmtpMailOut({ url: sink.url }, aDatabase(), new SystemClock(), (key) => key);
  sinks.push(mailOut, sink);
  return { mailOut, received: () => sink.parsed() };
});

surroundings.blobsContract('FileBlobs', async () => {
  const blobs = new FileBlobs(
    join(folder, `blobs-${aFile().length}-${files}`),
    new ManualClock(MONDAY),
    'secret',
    () => 'http://x',
  );
  const app: ServerApp = new Hono();
  blobRoutes(app, blobs);
  return {
    blobs,
    now: MONDAY,
    upload: async (url, headers, bytes) => {
      const length = { 'content-length': String(bytes.length) };
      return (await app.request(url, { method: 'PUT', headers: { ...headers, ...length }, body: Buffer.from(bytes) }))
        .status;
    },
    download: async (url) => new Uint8Array(await (await app.request(url)).arrayBuffer()),
  };
});

auditContract('SqliteAudit', async () => {
  const db = aDatabase();
  const run = async (sql: string, ...values: (string | number)[]) => {
    db.write(() => db.prepare(sql).run(...values));
    await db.durable();
  };
  return {
    threads: new SqliteThreadStore(db, 'writing'),
    audit: new SqliteAudit(db),
    damage: {
      loseHead: (id) => run('DELETE FROM thread WHERE id = ?', id),
      changeSubject: (id, subject) =>
        run("UPDATE thread SET head = json_set(head, '$.subject', ?) WHERE id = ?", subject, id),
      changeTeam: (id) => run("UPDATE thread SET team = 'nobody' WHERE id = ?", id),
      loseLogItem: (id, lastSeq) => run('DELETE FROM log WHERE thread = ? AND last_seq = ?', id, lastSeq),
    },
  };
});

deadLettersContract('SqliteDeadLetters', async () => {
  const db = aDatabase();
  let position = 0;
  const bury = db.prepare(
    'INSERT INTO dead_letter (queue, position, lane, body, at, reason) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    letters: new SqliteDeadLetters(db),
    bury: async (queue, lane, body) => {
      position += 1;
      db.write(() => bury.run(queue, position, lane, body, MONDAY, 'Unkeepable'));
    },
    queued: async (queue) => {
      const rows = db.prepare('SELECT body FROM queue WHERE queue = ? ORDER BY position').all(queue);
      return rows.map(({ body }) => String(body));
    },
  };
});

surroundings.secretsContract(
  'SqliteSecrets',
  async () => new SqliteSecrets(aDatabase(), { bytes: (count) => randomBytes(count) }, ['acme']),
);
surroundings.policiesContract('SqlitePolicies', async () => new SqlitePolicies(aDatabase(), [defaultPolicy.source]));
surroundings.rateLimiterContract('MemoryRateLimiter', async () => new MemoryRateLimiter());
surroundings.clockContract('SystemClock', () => new SystemClock());
surroundings.clockContract('ManualClock', () => new ManualClock(MONDAY));
