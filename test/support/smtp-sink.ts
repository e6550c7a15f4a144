/** A mail server that takes everything, for tests: what it got can be read as raw bytes or parsed. */
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

interface Answer {
  /** For the recipient or, by default, the mail itself. */
  at?: 'rcpt' | 'data';
  code: number;
}

export class SmtpSink {
  readonly raw: Buffer[] = [];
  /** Of each mail in `raw`, to whom its envelope was. */
  readonly recipients: string[][] = [];
  /** Addresses that there is no mailbox of. */
  readonly unknown = new Set<string>();
  readonly #server: SMTPServer;
  /** What the next mails are refused with, one after the other. */
  readonly refusals: Answer[] = [];

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => done(this.unknown.has(address) ? refusal(550) : this.#refusal('rcpt')),
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const refused = this.#refusal('data');
          if (refused === null) {
            this.raw.push(Buffer.concat(chunks));
            this.recipients.push(envelope.rcptTo.map(({ address }) => address));
          }
          done(refused);
        });
      },
    });
    this.#server.on('error', () => {});
  }

  static async open(port = 0): Promise<SmtpSink> {
    const sink = new SmtpSink();
    await new Promise<void>((resolve) => sink.#server.listen(port, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async parsed() {
    const mails = await Promise.all(this.raw.map((raw) => PostalMime.parse(raw)));
    return mails.map((mail) => ({
      to: (mail.to ?? []).map(({ address }) => address ?? ''),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      html: mail.html ?? '',
      headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
      attachments: mail.attachments.map(({ filename, content }) => ({ filename, content })),
    }));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #refusal(at: 'rcpt' | 'data'): Error | null {
    const next = this.refusals[0];
    if (next === undefined || (next.at ?? 'data') !== at) return null;
    this.refusals.shift();
    return refusal(next.code);
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('Refused by the test.'), { responseCode });
}
