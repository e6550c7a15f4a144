/** The whole product in the test's own process, called without a socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { mintCapability } from '../../core/capability.ts';
import { readMail } from '../../core/email/received/read-mail.ts';
import { claimedBusinessOf } from '../../core/ids.ts';
import type { IncomingMail } from '../../core/inbound/incoming-mail.ts';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { mintRatingToken } from '../../core/rating/rating-token.ts';
import { blobRoutes } from '../../local/blob-routes.ts';
import type { CustomerClaims } from '../../local/issuer.ts';
import { Product } from '../../local/product.ts';
import type { ServerApp } from '../../local/server.ts';
import { defaultPolicy, MONDAY } from '../builders.ts';

export interface Told {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

export interface Heard {
  status: number;
  headers: Headers;
  body: Json;
}

interface Settings {
  policies?: Policy[];
  clock?: ManualClock;
  data?: string;
  unkind?: number | undefined;
  /** The server that mails go out by, instead of the mailbox. */
  smtp?: string | undefined;
}

const ADDRESS = '192.0.2.7';

export class TestProduct {
  readonly product: Product;
  readonly clock: ManualClock;
  readonly data: string;
  readonly log: { event: string; fields: Record<string, unknown> }[] = [];
  readonly #ownsData: boolean;
  readonly #links: ServerApp = new Hono();
  #tokens = new Map<string, Promise<string | undefined>>();

  constructor({ policies = [defaultPolicy.source], clock, data, unkind, smtp }: Settings = {}) {
    this.#ownsData = data === undefined;
    this.data = data ?? mkdtempSync(join(tmpdir(), 'meanwhile-test-'));
    this.clock = clock ?? new ManualClock(MONDAY);
    this.product = new Product({
      data: this.data,
      policies,
      clock: this.clock,
      log: (_level, event, fields = {}) => void this.log.push({ event, fields }),
      baseUrl: () => 'http://127.0.0.1',
      onLost: () => {},
      unkind,
      ...(smtp === undefined ? {} : { smtp: { url: smtp } }),
    });
    this.product.start();
    blobRoutes(this.#links, this.product.stores.blobs);
  }

  async call(method: string, path: string, { token, body, headers = {} }: Told = {}): Promise<Heard> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const request = new Request(`http://127.0.0.1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const response = await this.product.api.fetch(request, { address: ADDRESS });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string, token: string, headers: Record<string, string> = {}): Promise<Heard> {
    return this.call('GET', path, { token, headers });
  }

  /** Posts, waits for the decision, and answers what it came to. */
  post(path: string, token: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> {
    return this.call('POST', path, { token, body, headers: { prefer: 'wait=10', ...headers } });
  }

  customer(id = 'c1', claims: CustomerClaims = { email: `${id}@example.com`, name: id }): Promise<string> {
    const make = () => this.product.issuer.customerToken(this.#policy, id, claims);
    return this.#token(`customer ${id} ${JSON.stringify(claims)}`, make);
  }

  agent(id = 'ana'): Promise<string> {
    return this.#token(`agent ${id}`, () => this.product.issuer.agentToken(this.#policy, id));
  }

  /** A capability token as a visitor would have been given. */
  async capability(threadId: string, customerId: string): Promise<string> {
    const secrets = await this.deps.secrets.of(claimedBusinessOf(threadId));
    return mintCapability(secrets?.capabilityKeys ?? [], threadId, customerId);
  }

  /** The token of a link to rate, as a mail of this instant would have it. */
  async ratingToken(threadId: string): Promise<string> {
    const secrets = await this.deps.secrets.of(claimedBusinessOf(threadId));
    return mintRatingToken(secrets?.capabilityKeys ?? [], threadId, this.clock.now());
  }

  /** Changes the keys for customers' tokens behind the product's back, as another process would. */
  async setCustomerKeys(customerKeys: BusinessSecrets['customerKeys']): Promise<void> {
    const { secrets } = this.product.stores;
    const known = await secrets.of('acme');
    secrets.put('business acme', JSON.stringify({ ...known, customerKeys }));
  }

  /** Starts a thread as a customer. @returns its id */
  async thread(customerId = 'c1', body: object = {}): Promise<string> {
    const heard = await this.post('/v1/threads', await this.customer(customerId), { text: 'Hello', ...body });
    return heard.body.threadId;
  }

  /** Uploads by the link that the API gave. */
  async upload(url: string, headers: Record<string, string>, bytes: string): Promise<number> {
    const length = { 'content-length': String(Buffer.byteLength(bytes)) };
    return (await this.#links.request(url, { method: 'PUT', headers: { ...headers, ...length }, body: bytes })).status;
  }

  /** What a link to a download gives. */
  async download(url: string): Promise<Response> {
    return this.#links.request(url);
  }

  /** Asks for an upload, and uploads. @returns the attachment's id */
  async attachment(token: string, name: string, bytes: string, type = 'text/plain'): Promise<string> {
    const { body } = await this.call('POST', '/v1/attachments', {
      token,
      body: { name, type, bytes: Buffer.byteLength(bytes) },
    });
    await this.upload(body.uploadUrl, body.headers, bytes);
    return body.id;
  }

  /** The ports as the API was given them, to stand in the way of a call. */
  get deps() {
    return this.product.apiDeps;
  }

  async idle(): Promise<void> {
    if (!(await this.product.untilIdle(20_000))) throw new Error('Not idle within 20 s.');
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + ms, () => this.idle());
  }

  mails(to?: string) {
    return this.kept(to).map(({ mail }) => mail);
  }

  /** Kept mails with their send ids, oldest first. */
  kept(to?: string) {
    return this.product.stores.mailbox.list({ to, limit: 10_000 });
  }

  /** A mail arrives. @returns what the product says to whoever brings it */
  async receive(bytes: Uint8Array, envelope: Partial<Omit<IncomingMail, 'bytes' | 'rawKey'>> = {}) {
    const read = readMail(bytes);
    const { from, to } = 'unreadable' in read ? { from: [], to: [] } : read;
    const received = await this.product.receiveMail(bytes, {
      sender: from[0]?.address ?? '',
      recipients: to.map(({ address }) => address),
      verdicts: null,
      authority: null,
      ...envelope,
    });
    await this.idle();
    return received;
  }

  /** What an agent sees of a thread, and of its log. */
  async whole(threadId: string): Promise<{ thread: Json; entries: Json[] }> {
    const token = await this.agent();
    const { body: thread } = await this.get(`/v1/agent/threads/${threadId}`, token);
    const { body } = await this.get(`/v1/agent/threads/${threadId}/entries?limit=100`, token);
    return { thread, entries: body.items };
  }

  /** Ids of all threads, the one started last first. */
  async threads(): Promise<string[]> {
    const { body } = await this.get('/v1/agent/threads?view=all&limit=100', await this.agent());
    return body.items.map(({ id }: { id: string }) => id);
  }

  async stop(): Promise<void> {
    await this.product.stop();
    if (this.#ownsData) rmSync(this.data, { recursive: true, force: true });
  }

  get #policy() {
    const [business = ''] = this.product.stores.policies.businesses();
    const policy = this.product.stores.policies.current(business);
    if (policy === undefined) throw new Error('The test serves no business.');
    return policy;
  }

  async #token(key: string, make: () => Promise<string | undefined>): Promise<string> {
    const token = this.#tokens.get(key) ?? make();
    this.#tokens.set(key, token);
    return (await token) ?? '';
  }
}
