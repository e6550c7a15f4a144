/**
 * Kills the real product under load, again and again, on one data folder: then everything that was answered 202 must
 * have been carried out once, and every mail must have gone out once (over SMTP: at least once).
 *
 *   npm run kills -- --kills 200 [--seed 1] [--smtp]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ProductProcess } from '../support/process.ts';
import { Random } from '../support/random.ts';
import { SmtpSink } from '../support/smtp-sink.ts';
import { checkWrites, type Write } from './check-writes.ts';
import { defectsOf, readStoredState } from './stored-state.ts';

interface Settings {
  kills: number;
  seed: number;
  /** Mail goes to a server instead of the built-in mailbox. */
  smtp?: boolean;
}

export interface Report {
  kills: number;
  answered: number;
  unanswered: number;
  replayed: number;
  mails: number;
  defects: string[];
}

const WORKERS = 12;
const CUSTOMERS = 120;
const LIFE_MS_MAX = 150;

export async function runKills({ kills, seed, smtp = false }: Settings): Promise<Report> {
  const data = mkdtempSync(join(tmpdir(), 'meanwhile-kills-'));
  const sink = smtp ? await SmtpSink.open() : undefined;
  const config = ['--config', join(import.meta.dirname, 'kills.config.ts')];
  const args = sink === undefined ? config : [...config, '--smtp-url', sink.url];
  const load = new Load(new Random(seed));
  let replayed = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const product = await ProductProcess.start(data, args);
    await load.prepare(product);
    replayed += await load.replay(product);
    const life = new Promise((resolve) => setTimeout(resolve, load.random.below(LIFE_MS_MAX)));
    const workers = Array.from({ length: WORKERS }, () => load.work(product));
    await life;
    await product.kill();
    load.isStopped = true;
    await Promise.all(workers);
    load.isStopped = false;
  }
  const last = await ProductProcess.start(data, args);
  replayed += await load.replay(last);
  if (!(await last.idle())) throw new Error('It did not come to rest.');
  await last.kill('SIGTERM');
  const state = readStoredState(data);
  const sent =
    sink === undefined ? state.mails.map(({ mail }) => mail.text) : (await sink.parsed()).map(({ text }) => text);
  const defects = [...defectsOf(state), ...checkWrites(load.writes, state, sent, smtp)];
  await sink?.close();
  rmSync(data, { recursive: true, force: true });
  const answered = load.writes.filter(({ status }) => status === 202).length;
  return { kills, answered, unanswered: load.writes.length - answered, replayed, mails: sent.length, defects };
}

/** Customers and an agent who write as fast as they are answered. */
class Load {
  readonly random: Random;
  readonly writes: Write[] = [];
  isStopped = false;
  #tokens: string[] = [];
  #agent = '';
  #next = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Tokens outlive the process that made them: its secrets are in the data folder. */
  async prepare(product: ProductProcess): Promise<void> {
    if (this.#agent !== '') return;
    this.#tokens = await Promise.all(Array.from({ length: CUSTOMERS }, (_, n) => product.token(`customer=k${n}`)));
    this.#agent = await product.token('agent=ana');
  }

  /** Sends again, under its key, what was not answered: the same write, not another. @returns how many */
  async replay(product: ProductProcess): Promise<number> {
    const open = this.writes.filter(({ key, status }) => key !== null && status === null);
    for (const write of open) await this.#send(product, write);
    return open.length;
  }

  async work(product: ProductProcess): Promise<void> {
    while (!this.isStopped) {
      const write = this.#wish();
      this.writes.push(write);
      await this.#send(product, write);
      if (write.status === null) return;
    }
  }

  #wish(): Write {
    this.#next += 1;
    const { random } = this;
    const customer = random.below(CUSTOMERS);
    const text = `words no ${this.#next}.`;
    const key = random.chance(0.5) ? `key-${this.#next}` : null;
    const answered = this.writes.filter(({ kind, status }) => kind === 'start' && status === 202);
    const shared = { customer, text, key, status: null, commandId: null, threadId: null } as const;
    if (answered.length === 0 || random.chance(0.5)) return { ...shared, kind: 'start', path: '/v1/threads' };
    const thread = random.pick(answered);
    const { threadId } = thread;
    if (random.chance(0.5)) return { ...shared, kind: 'reply', path: `/v1/agent/threads/${threadId}/replies` };
    return { ...shared, customer: thread.customer, kind: 'message', path: `/v1/threads/${threadId}/messages` };
  }

  async #send(product: ProductProcess, write: Write): Promise<void> {
    const token = write.kind === 'reply' ? this.#agent : (this.#tokens[write.customer] ?? '');
    const headers: Record<string, string> = write.key === null ? {} : { 'idempotency-key': write.key };
    try {
      const heard = await product.call('POST', write.path, token, { text: write.text }, headers);
      const { commandId, threadId } = (await heard.json()) as { commandId: string; threadId: string };
      Object.assign(write, { status: heard.status, commandId, threadId });
    } catch {
      // It was killed while we waited: nobody was told anything.
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { kills: { type: 'string' }, seed: { type: 'string' }, smtp: { type: 'boolean' } },
  });
  const settings = { kills: Number(values.kills ?? 50), seed: Number(values.seed ?? 1), smtp: values.smtp ?? false };
  const { defects, ...report } = await runKills(settings);
  process.stdout.write(`${JSON.stringify({ ...settings, ...report, defects: defects.length })}\n`);
  for (const defect of defects) process.stdout.write(`  ${defect}\n`);
  process.exit(defects.length === 0 ? 0 : 1);
}
