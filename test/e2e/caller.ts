/** Somebody who calls the deployed API from outside, knowing nothing but its address and their own token. */
import { SignJWT } from 'jose';
import { inject } from 'vitest';
import type { CustomerKey } from '../../core/policy/business-secrets.ts';
import type { Business } from './deployment.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

export interface Heard {
  status: number;
  headers: Headers;
  body: Json;
}

type SharedKey = CustomerKey & { alg: 'HS256' };

const WAIT_SECONDS = 10;
const deployment = inject('deployment');

/** What the emulator serves the stack's API at: the name in the output resolves on AWS alone. */
const API = apiOf(deployment.outputs['ApiUrl'] ?? '');

export class Caller {
  readonly token: string | undefined;

  constructor(token?: string) {
    this.token = token;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Heard> {
    const response = await fetch(`${API}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Heard> {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> {
    return this.call('POST', path, body, headers);
  }

  /** Posts, and waits for what it comes to; on a busy machine, longer than one answer may take. */
  async decided(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Heard> {
    const heard = await this.post(path, body, { prefer: `wait=${WAIT_SECONDS}`, ...headers });
    return heard.status === 202 ? this.outcome(heard) : heard;
  }

  /** All entries of a thread that the caller may see. */
  async entries(path: string): Promise<Json[]> {
    const entries: Json[] = [];
    for (let after = ''; ; ) {
      const { body } = await this.get(`${path}/entries?limit=100${after}`);
      entries.push(...body.items);
      if (body.next === null) return entries;
      after = `&after=${encodeURIComponent(body.next)}`;
    }
  }

  /** What a command comes to. @throws when it is not decided within a minute */
  async outcome({ body }: Heard): Promise<Heard> {
    for (let looks = 0; looks < 240; looks += 1) {
      const heard = await this.get(`/v1/commands/${body.commandId}`);
      if (heard.status !== 200 || heard.body.status !== 'accepted') return heard;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`The command ${body.commandId} is not decided.`);
  }
}

export function anAgent(name: string): Caller {
  return new Caller(deployment.agentTokens[name]);
}

/** A customer with an address of their own, at customers.example. */
export async function aCustomer(id: string, claims: object = {}, business: Business = 'acme'): Promise<Caller> {
  const own = { email: addressOf(id), name: id, ...claims };
  return new Caller(await customerToken(id, own, { key: deployment.customerKeys[business], business }));
}

export function addressOf(customerId: string): string {
  return `${customerId}@customers.example`;
}

/** A token as a business's own server makes it. */
export function customerToken(
  id: string,
  claims: object,
  { key, business = 'acme', expires = '2h' }: { key: SharedKey; business?: string; expires?: string },
): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', kid: key.kid })
    .setIssuer(business)
    .setAudience('meanwhile')
    .setSubject(id)
    .setExpirationTime(expires)
    .sign(Buffer.from(key.secret));
}

/** Asks for an upload, and uploads by the link. @returns the attachment's id */
export async function upload(caller: Caller, name: string, bytes: Buffer): Promise<string> {
  const { body } = await caller.post('/v1/attachments', { name, type: 'image/png', bytes: bytes.length });
  const put = await fetch(body.uploadUrl, { method: 'PUT', headers: body.headers, body: new Uint8Array(bytes) });
  if (!put.ok) throw new Error(`The upload was answered ${put.status}.`);
  return body.id;
}

function apiOf(url: string): string {
  const id = /^https:\/\/([a-z0-9]+)\.execute-api\./.exec(url)?.[1] ?? '';
  return `${deployment.endpoint}/_aws/execute-api/${id}/$default`;
}
