/** A mail server that takes everything, for tests: what it got can be read as raw bytes or parsed. */
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

interface Answer {
  /** For the recipient or, by default, the mail itself. */
  at?: 'rcpt' | 'data';
  code: number;
}

interface SinkSettings {
  port?: number;
  /** With a certificate it offers TLS. */
  tls?: { key: string; cert: string };
  /** Whom alone it takes mail from. */
  user?: { name: string; password: string };
}

export class SmtpSink {
  readonly raw: Buffer[] = [];
  /** Of each mail in `raw`, to whom its envelope was. */
  readonly recipients: string[][] = [];
  /** Addresses that there is no mailbox of. */
  readonly unknown = new Set<string>();
  /** Addresses that are put off, with this answer. */
  readonly putOff = new Map<string, number>();
  /** How often somebody was put off so. */
  putOffTimes = 0;
  readonly #server: SMTPServer;
  /** What the next mails are refused with, one after the other. */
  readonly refusals: Answer[] = [];
  /** Of how many of the next mails it breaks the connection off instead of saying what became of them. */
  breaksOff = 0;
  /** Of each conversation in which a mail came, whether it was by TLS, and whose it was. */
  readonly sessions: { isSecure: boolean; user: string | undefined }[] = [];

  private constructor({ tls, user }: SinkSettings) {
    this.#server = new SMTPServer({
      authOptional: user === undefined,
      disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(user === undefined ? ['AUTH'] : [])],
      allowInsecureAuth: true,
      ...tls,
      onAuth: ({ username, password }, _session, done) => {
        const isRight = username === user?.name && password === user?.password;
        done(isRight ? null : refusal(535), isRight ? { user: username } : undefined);
      },
      logger: false,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        const putOff = this.putOff.get(address);
        if (putOff !== undefined) this.putOffTimes += 1;
        done(refused(putOff) ?? (this.unknown.has(address) ? refusal(550) : this.#refusal('rcpt')));
      },
      onData: (stream, { envelope, secure, user: by }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const refused = this.#refusal('data');
          if (refused === null) {
            this.raw.push(Buffer.concat(chunks));
            this.recipients.push(envelope.rcptTo.map(({ address }) => address));
            this.sessions.push({ isSecure: secure, user: by || undefined });
          }
          if (this.breaksOff > 0) {
            this.breaksOff -= 1;
            for (const connection of this.#server.connections) connection.close();
            return;
          }
          done(refused);
        });
      },
    });
    this.#server.on('error', () => {});
  }

  static async open(settings: SinkSettings = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(settings);
    await new Promise<void>((resolve) => sink.#server.listen(settings.port ?? 0, '127.0.0.1', resolve));
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

function refused(code: number | undefined): Error | null {
  return code === undefined ? null : refusal(code);
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('Refused by the test.'), { responseCode });
}
