/**
 * The whole product in one process: the same API, deciders and delivery as on AWS, on the embedded adapters. What
 * AWS connects by queues and schedules is connected here, in the order of a message's way.
 */
import type { WakingClock } from '../adapters/embedded/clocks.ts';
import { CommandScans } from '../adapters/embedded/command-scans.ts';
import type { StorageLost } from '../adapters/embedded/database.ts';
import { EmbeddedEffects } from '../adapters/embedded/effects.ts';
import { FifoQueue } from '../adapters/embedded/fifo-queue.ts';
import { SqliteLanes } from '../adapters/embedded/lanes.ts';
import { SMTP_CONNECTIONS, SmtpMailOut, type SmtpOptions } from '../adapters/embedded/smtp-out.ts';
import { Unkind } from '../adapters/embedded/unkind.ts';
import { EmbeddedWaitQueue } from '../adapters/embedded/wait-queue.ts';
import { MemoryRateLimiter } from '../adapters/node/memory-rate-limiter.ts';
import { createApi } from '../api/app.ts';
import { remoteIssuerKeys } from '../api/auth/agent-token.ts';
import { Authenticator } from '../api/auth/authenticate.ts';
import openApiDocument from '../api/openapi.json' with { type: 'json' };
import type { ApiDeps } from '../api/route.ts';
import { routes } from '../api/routes/index.ts';
import { rawMailKey } from '../core/blob-keys.ts';
import { deliverInOrder } from '../core/delivery/deliver-in-order.ts';
import type { MailJob } from '../core/delivery/send.ts';
import { sha256Hex } from '../core/digest.ts';
import { claimedBusinessOf } from '../core/ids.ts';
import { idsBySecrets } from '../core/ids-by-secrets.ts';
import type { IncomingMail } from '../core/inbound/incoming-mail.ts';
import { receiveMail } from '../core/inbound/receive-mail.ts';
import type { ReceiveDeps } from '../core/inbound/receiving.ts';
import { runLane } from '../core/lane/run-lane.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Effects, LaneMessage, Lanes, Log, Sends, ThreadStore } from '../core/ports.ts';
import { OverdueTimers } from '../core/timer/overdue.ts';
import { sweep, waitIsOver } from '../core/timer/timers.ts';
import { Housekeeping } from './housekeeping.ts';
import { LocalIssuer } from './issuer.ts';
import { openStores, type Stores } from './stores.ts';
import { Tallies } from './tallies.ts';

export interface ProductSettings {
  /** The folder in which everything is kept. */
  data: string;
  policies: Policy[];
  clock: WakingClock;
  log: Log;
  /** Where mail goes out; undefined keeps it in the built-in mailbox. */
  smtp?: SmtpOptions | undefined;
  /** The command that scans files. */
  scan?: string | undefined;
  /** Where the server is reached, once it listens. */
  baseUrl: () => string;
  /** What to do when the data cannot be written any more: to end, and be started again. */
  onLost: (failure: StorageLost) => void;
  /** A seed: for tests that want to meet what AWS will do. */
  unkind?: number | undefined;
}

/** Lanes whose commands are decided side by side; each waits for the disk with the others. */
const COMMAND_LANES_MAX = 256;
/** Commands of one lane that are folded into one transaction. */
const COMMANDS_PER_BATCH = 10;
const MAIL_LANES_MAX = 64;
/** Most work is done within a turn or two; what takes longer is looked for less eagerly. */
const IMMEDIATE_LOOKS = 100;
const IDLE_LOOK_MS = 2;
const DUE_PAGE = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Product {
  readonly stores: Stores;
  readonly clock: WakingClock;
  readonly issuer: LocalIssuer;
  readonly tallies = new Tallies();
  readonly apiDeps: ApiDeps;
  readonly receiveDeps: ReceiveDeps;
  readonly api: ReturnType<typeof createApi>;
  readonly #commands: FifoQueue<LaneMessage>;
  readonly #mails: FifoQueue<MailJob>;
  readonly #waits: EmbeddedWaitQueue;
  readonly #smtp: SmtpMailOut | undefined;
  readonly #scans: CommandScans | undefined;
  readonly #housekeeping: Housekeeping;

  constructor(settings: ProductSettings) {
    const { clock, log, scan: command } = settings;
    const stores = openStores(settings);
    const { db, blobs, policies, secrets, events } = stores;
    const kind: Ports = { threads: stores.threads, committed: stores.committed, sends: stores.sends };
    const unkind = settings.unkind === undefined ? undefined : new Unkind(settings.unkind);
    const { threads, committed, sends } = unkind === undefined ? kind : unkindly(kind, unkind);
    const idsOf = idsBySecrets(secrets);

    // A command's way: its lane, its decision, its effects.
    const commands = new FifoQueue<LaneMessage>(db, clock, log, {
      name: 'commands',
      batchMax: COMMANDS_PER_BATCH,
      lanesMax: COMMAND_LANES_MAX,
      handle: (lane, messages) => runLane(lane, messages, laneDeps),
    });
    const kindLanes = new SqliteLanes(db, commands);
    const lanes: Lanes = unkind?.lanes(kindLanes) ?? kindLanes;
    const waits = new EmbeddedWaitQueue(clock, (timer) => waitIsOver(timer, { lanes, policies, clock }));
    const smtp = settings.smtp && new SmtpMailOut(settings.smtp, db, clock, (key) => blobs.path(key));
    const mails = new FifoQueue<MailJob>(db, clock, log, {
      name: 'mails',
      batchMax: 1,
      lanesMax: smtp === undefined ? MAIL_LANES_MAX : SMTP_CONNECTIONS,
      handle: (_lane, jobs) => deliverInOrder(jobs, deliverDeps),
    });
    const kindEffects = new EmbeddedEffects({ mails, commands, events, waits });
    const effects: Effects = unkind?.effects(kindEffects) ?? kindEffects;
    const { metrics } = this.tallies;
    const { pools } = stores;
    const laneDeps = { threads, pools, effects, waits, blobs, policies, clock, log, metrics, idsOf, pause };
    const mailOut = smtp ?? stores.mailbox;
    const around = { blobs, secrets, mailIndex: stores.mailIndex, sends, lanes, policies, clock, log };
    const { baseUrl } = settings;
    const deliverDeps = { ...around, threads, mailOut, metrics, baseUrl };

    this.stores = stores;
    this.clock = clock;
    this.issuer = new LocalIssuer(secrets);
    const { customers, random } = stores;
    const known = { ...around, threads: committed, customers, random, rates: new MemoryRateLimiter(), idsOf };
    const pathOf = (key: string) => blobs.path(key);
    this.#scans = command === undefined ? undefined : new CommandScans({ command, pathOf, log });
    this.apiDeps = {
      ...known,
      scans: this.#scans,
      ...{ pools: stores.committedPools, idempotency: stores.idempotency },
      ...{ authenticator: this.#authenticator(), pause },
    };
    this.receiveDeps = known;
    this.api = createApi(this.apiDeps, routes, () => openApiDocument);
    this.#commands = commands;
    this.#mails = mails;
    this.#waits = waits;
    this.#smtp = smtp;
    const overdue = new OverdueTimers();
    this.#housekeeping = new Housekeeping(clock, log, [
      { everyMs: 60_000, work: () => sweep({ threads, policies, waits, overdue, clock, log, metrics }) },
      { everyMs: 3_600_000, work: () => blobs.removeUnreferenced() },
    ]);
  }

  /** Takes a mail that came in: kept, and on its lane, durably, once this resolves. */
  async receiveMail(bytes: Uint8Array, mail: Omit<IncomingMail, 'bytes' | 'rawKey'>): Promise<'taken' | 'nobody'> {
    const rawKey = rawMailKey(sha256Hex(bytes));
    await this.stores.blobs.put(rawKey, bytes, 'message/rfc822', 'mail.eml');
    const received = await receiveMail({ ...mail, rawKey, bytes }, this.receiveDeps);
    await this.stores.db.durable();
    return received;
  }

  /** Takes up what was left undone, and begins to keep time. */
  start(): void {
    this.stores.sends.endLeases();
    this.#commands.start();
    this.#mails.start();
    this.#housekeeping.start();
  }

  /**
   * Resolves once no command, due timer or delivery is in flight, and all that was done is on the disk.
   * @returns whether that was so within `withinMs` of real time
   */
  async untilIdle(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    for (let looks = 0; !(await this.#isIdle()); looks += 1) {
      if (performance.now() > deadline) return false;
      await (looks < IMMEDIATE_LOOKS ? new Promise((resolve) => setImmediate(resolve)) : pause(IDLE_LOOK_MS));
    }
    return true;
  }

  async stop(): Promise<void> {
    this.#scans?.close();
    await this.#smtp?.close();
    this.stores.close();
  }

  async #isIdle(): Promise<boolean> {
    await this.stores.db.durable();
    if (!this.#commands.isIdle || !this.#mails.isIdle || this.#housekeeping.isBusy || this.#waits.isBusy) return false;
    return !(await this.#hasDueTimer());
  }

  /** Whether a timer is due of a business that is served; the others wait until theirs is. */
  async #hasDueTimer(): Promise<boolean> {
    const { threads, policies } = this.stores;
    for (let after: string | null = null; ; ) {
      const { items, next } = await threads.due(this.clock.now(), { limit: DUE_PAGE, after });
      if (items.some(({ thread }) => policies.current(claimedBusinessOf(thread)) !== undefined)) return true;
      if (next === null) return false;
      after = next;
    }
  }

  #authenticator(): Authenticator {
    const { policies, secrets } = this.stores;
    return new Authenticator({
      policies,
      secrets,
      issuerKeys: this.issuer.keys(remoteIssuerKeys()),
      localIssuer: this.issuer.issuer,
      realNow: () => Date.now(),
    });
  }
}

interface Ports {
  threads: ThreadStore;
  committed: ThreadStore;
  sends: Sends;
}

function unkindly({ threads, committed, sends }: Ports, unkind: Unkind): Ports {
  return { threads: unkind.threads(threads), committed: unkind.lists(committed), sends: unkind.sends(sends) };
}
