/**
 * Mail over SMTP, by a worker thread with a pool of connections. SMTP has no memory of what it was given: after a
 * crash between sending and recording it, a mail goes out a second time rather than not at all.
 */
import { Worker } from 'node:worker_threads';
import type { MailResult } from '../../core/delivery/send.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { Clock, MailOut } from '../../core/ports.ts';
import type { Database } from './database.ts';
import { mimeOptionsOf } from './mime.ts';
import type { SmtpJob, SmtpReport, SmtpSettings } from './smtp-worker.ts';

export const SMTP_CONNECTIONS = 5;
/** Enough for as many mails with attachments as there are connections. */
const WORKER_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 };

/** The server may have taken the mail, or not. */
class UnsureSend extends Error {
  override readonly name = 'UnsureSend';
}

interface Waiting {
  resolve: (result: MailResult) => void;
  reject: (failure: Error) => void;
}

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string;
  /** Whether there must be TLS. By default where there is a password to keep, unless it stays on this machine. */
  requireTls?: boolean | undefined;
  /** PEM of the authorities to believe, instead of those that Node knows. */
  ca?: string | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

function hasSecretToKeep(url: string): boolean {
  const { password, hostname } = new URL(url);
  return password !== '' && !LOOPBACK.test(hostname);
}

export class SmtpMailOut implements MailOut {
  readonly afterCrash = 'send-again';
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #pathOf: (key: string) => string;
  readonly #settings: SmtpSettings;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #number = 0;

  constructor(options: SmtpOptions, db: Database, clock: Clock, pathOf: (key: string) => string) {
    const { url, ca } = options;
    const requireTls = options.requireTls ?? hasSecretToKeep(url);
    this.#settings = { url, requireTls, connections: SMTP_CONNECTIONS, ...(ca === undefined ? {} : { ca }) };
    this.#db = db;
    this.#clock = clock;
    this.#pathOf = pathOf;
  }

  async send(_send: { id: string }, mail: OutgoingMail): Promise<MailResult> {
    // The claim, and the entry that caused the mail, must outlast whatever happens once the server has it.
    await this.#db.durable();
    const worker = this.#worker ?? this.#start();
    this.#number += 1;
    const job: SmtpJob = { number: this.#number, options: mimeOptionsOf(mail, this.#clock.now(), this.#pathOf) };
    return new Promise((resolve, reject) => {
      this.#waiting.set(job.number, { resolve, reject });
      worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./smtp-worker.ts', import.meta.url), {
      workerData: this.#settings,
      resourceLimits: WORKER_LIMITS,
    });
    worker.on('message', ({ number, result }: SmtpReport) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      if (result === 'unsure') waiting?.reject(new UnsureSend('The conversation broke off.'));
      else waiting?.resolve(result);
    });
    worker.on('error', () => {});
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(new UnsureSend('The sending thread died.'));
      this.#waiting.clear();
    });
    worker.unref();
    this.#worker = worker;
    return worker;
  }
}
