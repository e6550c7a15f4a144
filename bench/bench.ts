/**
 * `npm run bench`: what the product costs. It drives `npm start` as a process of its own over HTTP, into the built-in
 * mailbox and over SMTP to a sink, and prints what a table in docs/performance.md keeps. These machines are shared:
 * compare ratios within one run, not numbers between runs.
 */
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { HttpClient } from './http-client.ts';
import { MeasuredProduct } from './measured-product.ts';
import type { SinkReport } from './smtp-sink.ts';
import { printTable, type Row } from './table.ts';

const WARM_UP = 3_000;
const CREATES = { 1: 3_000, 16: 10_000, 64: 10_000 } as const;
const SMTP_CREATES = 2_500;
const MAIL_LOOKS = 300;
const HISTORY_MESSAGES = 20;
const HISTORY_READS = 5_000;
const BODY = JSON.stringify({ subject: 'Where is my order?', text: 'It was to come on Monday. Can you look into it?' });

/** Sends `count` creates by `concurrency` clients. @returns how long each took */
async function create(
  product: MeasuredProduct,
  count: number,
  concurrency: number,
  tokens: string[],
): Promise<number[]> {
  const tookMs: number[] = [];
  let sent = 0;
  const client = async (): Promise<void> => {
    const http = new HttpClient(product.base);
    for (let n = sent++; n < count; n = sent++) {
      const startedAt = performance.now();
      const { status, body } = await http.request('POST', '/v1/threads', tokens[n % tokens.length] ?? '', BODY);
      if (status !== 202) throw new Error(`A create was answered ${status}: ${body}`);
      tookMs.push(performance.now() - startedAt);
    }
    http.close();
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return tookMs;
}

async function measureCreates(product: MeasuredProduct, concurrency: keyof typeof CREATES): Promise<Row> {
  const count = CREATES[concurrency];
  const tokens = await product.tokens(count);
  const [cpuBefore, mailsBefore, startedAt] = [product.cpuMs, product.acknowledgements, performance.now()];
  const tookMs = await create(product, count, concurrency, tokens);
  await product.idle();
  const allMs = performance.now() - startedAt;
  const acknowledged = product.acknowledgements - mailsBefore;
  if (acknowledged !== count) throw new Error(`${count} creates were acknowledged ${acknowledged} times.`);
  return {
    story: `create, ${concurrency} at a time, mailbox`,
    'requests/s': Math.round((count / allMs) * 1000),
    'mails/s': Math.round(((2 * count) / allMs) * 1000),
    ...percentiles('request', tookMs),
    'CPU ms': round((product.cpuMs - cpuBefore) / count),
    MB: product.residentMb,
  };
}

/** From the POST until the mail can be read in the mailbox, one at a time. */
async function measurePostToMail(product: MeasuredProduct): Promise<Row> {
  const http = new HttpClient(product.base);
  const tookMs: number[] = [];
  for (let n = 0; n < MAIL_LOOKS; n += 1) {
    const token = await product.token(http, `customer=look${n}`);
    const startedAt = performance.now();
    await http.request('POST', '/v1/threads', token, BODY);
    while ((await http.request('GET', `/local/mail?to=look${n}@example.com`, token)).body === '[]');
    tookMs.push(performance.now() - startedAt);
  }
  http.close();
  return { story: 'POST to mail, mailbox', ...percentiles('request', tookMs) };
}

async function measureHistory(product: MeasuredProduct, concurrency: number): Promise<Row> {
  const http = new HttpClient(product.base);
  const [customer, agent] = [
    await product.token(http, `customer=history${concurrency}`),
    await product.token(http, 'agent=ana'),
  ];
  const { threadId } = JSON.parse((await http.request('POST', '/v1/threads', customer, BODY)).body);
  for (let n = 1; n < HISTORY_MESSAGES; n += 1) {
    const [path, token] =
      n % 2 === 1 ? [`/v1/agent/threads/${threadId}/replies`, agent] : [`/v1/threads/${threadId}/messages`, customer];
    await http.request('POST', path, token, JSON.stringify({ text: `Message ${n}, with some words to carry.` }));
  }
  const tookMs: number[] = [];
  let sent = 0;
  const read = async (): Promise<void> => {
    const own = new HttpClient(product.base);
    for (let n = sent++; n < HISTORY_READS; n = sent++) {
      const startedAt = performance.now();
      const { status } = await own.request('GET', `/v1/threads/${threadId}/entries?limit=100`, customer);
      if (status !== 200) throw new Error(`A read was answered ${status}.`);
      tookMs.push(performance.now() - startedAt);
    }
    own.close();
  };
  const [cpuBefore, startedAt] = [product.cpuMs, performance.now()];
  await Promise.all(Array.from({ length: concurrency }, read));
  const allMs = performance.now() - startedAt;
  http.close();
  return {
    story: `history of ${HISTORY_MESSAGES} messages, ${concurrency} at a time`,
    'requests/s': Math.round((HISTORY_READS / allMs) * 1000),
    ...percentiles('request', tookMs),
    'CPU ms': round((product.cpuMs - cpuBefore) / HISTORY_READS),
    MB: product.residentMb,
  };
}

/** Creates whose mails go to a server: counted, and timed, where they arrive. */
async function measureSmtp(concurrency: number): Promise<Row> {
  const sink = fork(new URL('./smtp-sink.ts', import.meta.url), { execArgv: [] });
  let arrived: SinkReport['arrived'] = [];
  const url = await new Promise<string>((done) => {
    sink.on('message', (report: SinkReport) => {
      arrived.push(...report.arrived);
      if (report.url !== undefined) done(report.url);
    });
  });
  const product = await MeasuredProduct.start(['--smtp-url', url]);
  const allArrived = async (count: number): Promise<void> => {
    while (arrived.length < count) await new Promise((done) => setTimeout(done, 5));
  };
  await create(product, WARM_UP, concurrency, await product.tokens(WARM_UP));
  await allArrived(2 * WARM_UP);
  arrived = [];
  const tokens = await product.tokens(SMTP_CREATES);
  const [cpuBefore, startedAt] = [product.cpuMs, performance.now()];
  const tookMs = await create(product, SMTP_CREATES, concurrency, tokens);
  await allArrived(2 * SMTP_CREATES);
  const allMs = performance.now() - startedAt;
  const cpuMs = (product.cpuMs - cpuBefore) / SMTP_CREATES;
  const residentMb = product.residentMb;
  const toMailMs = await postToSink(product, () => arrived);
  await product.stop();
  sink.disconnect();
  return {
    story: `create, ${concurrency} at a time, SMTP`,
    'requests/s': Math.round((SMTP_CREATES / allMs) * 1000),
    'mails/s': Math.round(((2 * SMTP_CREATES) / allMs) * 1000),
    ...percentiles('request', tookMs),
    ...percentiles('POST to mail', toMailMs),
    'CPU ms': round(cpuMs),
    MB: residentMb,
  };
}

/** From the POST until the server has the acknowledgement, one at a time. */
async function postToSink(product: MeasuredProduct, arrived: () => SinkReport['arrived']): Promise<number[]> {
  const http = new HttpClient(product.base);
  const posted = new Map<string, number>();
  for (let n = 0; n < MAIL_LOOKS; n += 1) {
    const token = await product.token(http, `customer=sink${n}`);
    posted.set(`sink${n}@example.com`, performance.timeOrigin + performance.now());
    await http.request('POST', '/v1/threads', token, BODY);
    await product.idle();
  }
  http.close();
  await new Promise((done) => setTimeout(done, 200));
  return arrived().flatMap(([to, at]) => (posted.has(to) ? [at - (posted.get(to) ?? 0)] : []));
}

function percentiles(name: string, tookMs: number[]): Row {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { [`${name} p50 ms`]: at(0.5), [`${name} p95 ms`]: at(0.95) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const product = await MeasuredProduct.start();
const idleMb = product.residentMb;
await create(product, WARM_UP, 16, await product.tokens(WARM_UP));
const rows: Row[] = [await measurePostToMail(product)];
for (const concurrency of [1, 16, 64] as const) rows.push(await measureCreates(product, concurrency));
for (const concurrency of [1, 16]) rows.push(await measureHistory(product, concurrency));
await product.stop();
rows.push(await measureSmtp(16));
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; ${idleMb} MB at start\n\n`);
printTable(rows);
process.exit(0);
