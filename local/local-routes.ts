/** `/local`: tokens, the mailbox, the clock. Only for this machine, and never on AWS. */
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { ManualClock } from '../adapters/embedded/clocks.ts';
import { invalid, Problem } from '../api/problem.ts';
import { checkBody, parseJson, readBytes } from '../api/request.ts';
import { addressSchema } from '../core/email/address.ts';
import { mailRoutes } from './mail-routes.ts';
import type { Product } from './product.ts';
import { sampleRoutes } from './sample-routes.ts';
import { peerOf, type ServerApp } from './server.ts';

const LOOPBACK_PEER = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
const IDLE_WITHIN_MS = 30_000;

const clockBody = z.strictObject({
  advance: z.string().optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

export function localRoutes(app: ServerApp, product: Product): void {
  app.use('/local/*', async (context, next) => {
    // The Host header too: else any page in a browser on this machine could reach us by a name of its own (rebinding).
    const isHere = LOOPBACK_PEER.test(peerOf(context.env)) && LOOPBACK_HOST.test(context.req.header('host') ?? '');
    if (!isHere)
      throw new Problem(403, 'only-local', { detail: '/local is only for this machine, by a loopback name.' });
    return next();
  });
  app.get('/local/tokens', async ({ req, json }) => json({ token: await tokenFor(req.query(), product) }));
  mailRoutes(app, product);
  sampleRoutes(app, product);
  app.get('/local/metrics', ({ json }) => json(product.tallies));
  app.get('/local/idle', async ({ json }) => {
    await untilIdle(product);
    return json({ idle: true });
  });
  let moving: Promise<unknown> = Promise.resolve();
  app.post('/local/clock', async ({ req, json }) => {
    const { clock } = product;
    if (!(clock instanceof ManualClock)) {
      throw new Problem(409, 'system-clock', { detail: 'Only a manual clock is moved: start with --clock manual.' });
    }
    const body = checkBody(clockBody, parseJson(await readBytes(req.raw), req.raw.headers));
    // One move after the other: each starts from where the one before has come to.
    const moved = moving.then(() => clock.advanceTo(targetOf(body, clock.now()), () => untilIdle(product)));
    moving = moved.catch(() => {});
    await moved;
    return json({ now: new Date(clock.now()).toISOString() });
  });
}

async function tokenFor(query: Record<string, string>, { stores: { policies }, issuer }: Product): Promise<string> {
  const { business = '', customer, agent, ...claims } = query;
  const policy = policies.current(business);
  if (policy === undefined) throw invalid('business', `is one of ${policies.businesses().join(', ')}`);
  if ((customer === undefined) === (agent === undefined)) throw invalid('customer', 'or agent is needed, not both');
  if (customer === '') throw invalid('customer', 'is empty');
  const email = claims['email'] ?? `${customer}@example.com`;
  const isAddress = addressSchema.safeParse(email).success;
  const token =
    agent === undefined
      ? await issuer.customerToken(policy, customer ?? '', { ...claims, email: isAddress ? email : undefined })
      : await issuer.agentToken(policy, agent);
  if (token === undefined) throw invalid('agent', `is one of ${Object.keys(policy.source.agents).join(', ')}`);
  return token;
}

/** @throws {Problem} 422 for what is no time, or before now */
function targetOf({ advance, to }: z.output<typeof clockBody>, now: number): number {
  if ((advance === undefined) === (to === undefined)) throw invalid('/advance', 'or to is needed, not both');
  const target = to === undefined ? later(now, advance ?? '') : Date.parse(to);
  if (target < now) throw invalid(to === undefined ? '/advance' : '/to', 'would turn the clock back');
  return target;
}

function later(now: number, duration: string): number {
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC');
    return start.add(Temporal.Duration.from(duration)).epochMilliseconds;
  } catch {
    throw invalid('/advance', 'is not an ISO 8601 duration, such as PT90M or P2D');
  }
}

/** @throws {Problem} 503 after 30 s */
async function untilIdle(product: Product): Promise<void> {
  if (await product.untilIdle(IDLE_WITHIN_MS)) return;
  throw new Problem(503, 'busy', { detail: 'Still not idle after 30 s.', headers: { 'Retry-After': '1' } });
}
