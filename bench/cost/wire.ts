/**
 * Stands between the functions and AWS, in a process of its own so that its work is not theirs: hands every call on,
 * tells what it was and what was answered, and lets it take as long as it would within a region.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call } from './meter.ts';

/** First where it listens, then each call. */
export type WireReport = { url: string } | Call | 'all';

/** How long a call takes, in ms: assumed, as usual within a region. */
const LATENCY_MS: [operation: RegExp, ms: number][] = [
  [/TransactWriteItems$/, 12],
  [/^DynamoDB/, 5],
  [/^AmazonSQS/, 10],
  [/^AWSEvents/, 20],
  [/^AmazonSSM/, 20],
  [/\/v2\/email\//, 100],
];

const [, , target = ''] = process.argv;

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const server = createServer(async (asked, answer) => {
  const askedAt = performance.now();
  const body = await bytesOf(asked);
  const { host: _, connection: __, 'content-length': ___, ...headers } = asked.headers;
  const isBodiless = asked.method === 'GET' || asked.method === 'HEAD';
  const heard = await fetch(`${target}${asked.url}`, {
    method: asked.method ?? 'GET',
    headers: headers as Record<string, string>,
    ...(isBodiless ? {} : { body: new Uint8Array(body) }),
  });
  const text = await heard.text();
  const operation = String(headers['x-amz-target'] ?? `${asked.method} ${asked.url}`);
  process.send?.({ operation, input: parsed(body.toString()), output: parsed(text) } satisfies WireReport);
  const latencyMs = LATENCY_MS.find(([pattern]) => pattern.test(operation))?.[1] ?? 0;
  const restMs = latencyMs - (performance.now() - askedAt);
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  answer.writeHead(heard.status, { 'content-type': heard.headers.get('content-type') ?? 'application/json' }).end(text);
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` } satisfies WireReport);
});
// Answers come after every call before: who asks has heard of all of them.
process.on('message', () => process.send?.('all'));
process.on('disconnect', () => process.exit());
