/** One server that stands for all of AWS: it notes what is asked of it, and answers what it was told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

export interface AwsCall {
  /** `GetItem`, `SendMessageBatch`, `SendEmail`, or for S3 the method and the key's path. */
  operation: string;
  input: Json;
}

interface Failure {
  failure: string;
  status?: number;
  more?: object;
}

/** A failure by its name, no answer at all, a body as it is, or as JSON. */
type Answer = Failure | 'hang-up' | { raw: string } | Record<string, unknown>;

export class AwsEndpoint {
  url = '';
  readonly calls: AwsCall[] = [];
  readonly #answers = new Map<string, (input: Json) => Answer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async open(): Promise<AwsEndpoint> {
    const endpoint = new AwsEndpoint();
    await new Promise<void>((resolve) => endpoint.#server.listen(0, '127.0.0.1', resolve));
    endpoint.url = `http://127.0.0.1:${(endpoint.#server.address() as AddressInfo).port}`;
    return endpoint;
  }

  /** Says how an operation is answered from now on. One that was never told of fails as forbidden. */
  on(operation: string, answer: Answer | ((input: Json) => Answer)): void {
    this.#answers.set(operation, typeof answer === 'function' ? answer : () => answer);
  }

  /** What was asked of one operation, in order. */
  inputs(operation: string): Json[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  get operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const operation = operationOf(request);
    const input = body.startsWith('{') ? JSON.parse(body) : body;
    this.calls.push({ operation, input });
    const answer = this.#answers.get(operation)?.(input) ?? { failure: 'AccessDeniedException' };
    if (answer === 'hang-up') {
      request.socket.destroy();
      return;
    }
    if ('failure' in answer) {
      const { failure, status = 400, more = {} } = answer as Failure;
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': failure });
      response.end(JSON.stringify({ __type: failure, message: failure, ...more }));
      return;
    }
    const sent = 'raw' in answer ? String(answer['raw']) : JSON.stringify(answer);
    response.writeHead(200, { 'content-type': 'application/json' }).end(sent);
  }
}

function operationOf({ method, url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return url === '/v2/email/outbound-emails' ? 'SendEmail' : `${method} ${url}`;
}
