/** What customers and agents do, told to the functions. */
import type { Functions } from './functions.ts';

/** The usual length: a few sentences. */
const QUESTION = 'It was to come on Monday, and the shop says that it was sent. Can you look where it is, please?';
const ANSWER = 'Thank you for telling us. It was held up in Leipzig over the weekend, and comes tomorrow before noon.';

/** Tokens of whoever tells the stories. */
export interface Cast {
  customer: (id: string) => Promise<string>;
  agent: string;
  /** Lets SES tell of the replies that it sent. */
  hear: () => Promise<void>;
}

export const HISTORY_MESSAGES = 20;
const THREADS = 20;
const REST_MS = 600_000;

let customers = 0;

export class Stories {
  readonly #functions: Functions;
  readonly #cast: Cast;
  readonly #batch: number;
  #threads: { id: string; token: string }[] = [];

  /** @param batch how many messages the workers are given at once */
  constructor(functions: Functions, cast: Cast, batch: number) {
    this.#functions = functions;
    this.#cast = cast;
    this.#batch = batch;
  }

  /** Lets everything be done that is to be done now. */
  async settle(): Promise<void> {
    await this.#functions.settle(this.#batch);
    await this.#cast.hear();
  }

  /** Customers who write for the first time. @returns how many */
  async create(): Promise<number> {
    this.#threads = [];
    for (let n = 0; n < THREADS; n += 1) {
      customers += 1;
      const token = await this.#cast.customer(`customer-${customers}`);
      const body = { subject: 'Where is my order?', text: QUESTION };
      const { threadId } = await this.#functions.request('POST', '/v1/threads', token, body);
      this.#threads.push({ id: threadId, token });
    }
    await this.settle();
    return THREADS;
  }

  /** An agent answers each. */
  async reply(status: 'open' | 'pending' = 'pending'): Promise<number> {
    for (const { id } of this.#threads) {
      const path = `/v1/agent/threads/${id}/replies`;
      await this.#functions.request('POST', path, this.#cast.agent, { text: ANSWER, status });
    }
    await this.settle();
    return THREADS;
  }

  /** An agent gets each. */
  async assign(assignee: string): Promise<void> {
    for (const { id } of this.#threads) {
      await this.#functions.request('POST', `/v1/agent/threads/${id}/assignment`, this.#cast.agent, { assignee });
    }
    await this.settle();
  }

  /** No agent is there any more who would see what comes. */
  async rest(): Promise<void> {
    await this.#functions.pass(REST_MS);
  }

  /** Each customer writes once more, which reopens the thread. */
  async write(): Promise<number> {
    for (const { id, token } of this.#threads) {
      await this.#functions.request('POST', `/v1/threads/${id}/messages`, token, { text: QUESTION });
    }
    await this.settle();
    return THREADS;
  }

  /** An agent solves each without a word, which sets the timer that closes it. */
  async solve(): Promise<number> {
    for (const { id } of this.#threads) {
      await this.#functions.request('POST', `/v1/agent/threads/${id}/status`, this.#cast.agent, { status: 'solved' });
    }
    await this.settle();
    return THREADS;
  }

  /** A thread of twenty messages, to be read. */
  async lengthen(): Promise<void> {
    const [{ id, token } = { id: '', token: '' }] = this.#threads;
    for (let n = 2; n < HISTORY_MESSAGES; n += 1) {
      await this.#functions.request('POST', `/v1/threads/${id}/messages`, token, { text: QUESTION });
      await this.settle();
    }
  }

  async history(): Promise<number> {
    const [{ id, token } = { id: '', token: '' }] = this.#threads;
    for (let n = 0; n < THREADS; n += 1) {
      await this.#functions.request('GET', `/v1/threads/${id}/entries?limit=100`, token);
    }
    return THREADS;
  }

  /** An agent looks at who waits. */
  async inbox(): Promise<number> {
    for (let n = 0; n < THREADS; n += 1) {
      await this.#functions.request('GET', '/v1/agent/threads?view=waiting', this.#cast.agent);
    }
    return THREADS;
  }
}
