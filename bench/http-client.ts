/** The least HTTP/1.1 client that can put the product under load: one request at a time on one kept-alive socket. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

const HEAD_END = '\r\n\r\n';

export class HttpClient {
  readonly #socket: Socket;
  readonly #host: string;
  #received = '';
  #resolve: ((answer: Answer) => void) | undefined;

  constructor(base: string) {
    const { hostname, port, host } = new URL(base);
    this.#host = host;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => {
      this.#received += chunk;
      this.#deliver();
    });
  }

  request(method: string, path: string, token: string, body = ''): Promise<Answer> {
    const head =
      `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}${HEAD_END}`;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(head + body);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #deliver(): void {
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const bytes = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const bodyStart = headEnd + HEAD_END.length;
    if (this.#received.length < bodyStart + bytes) return;
    const body = this.#received.slice(bodyStart, bodyStart + bytes);
    this.#received = this.#received.slice(bodyStart + bytes);
    this.#resolve?.({ status: Number(head.slice(9, 12)), body });
  }
}
