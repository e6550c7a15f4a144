/**
 * The SMTP port: takes mail for the addresses of the businesses that are served, and for no other. A mail is on the
 * disk with all that follows from it before its sender is told 250 (RFC 5321 §4.5.5): should the process die before
 * that, the sender brings it again.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { recipientsOf } from '../core/inbound/addressing.ts';
import type { Log } from '../core/ports.ts';
import type { Product } from './product.ts';

/** What SES takes at most, too. */
const MAIL_BYTES_MAX = 40 * 1024 * 1024;
/** RFC 5321 §4.5.3.1.8 wants a hundred; a sender brings the rest in another mail. */
const RECIPIENTS_MAX = 1_000;
const CONNECTIONS_MAX = 50;
const IDLE_MS = 60_000;
const CLOSE_MS = 1_000;

export interface SmtpInSettings {
  host: string;
  port: number;
  /** The server whose Authentication-Results are believed; null for none. */
  authority: string | null;
  log: Log;
}

export class SmtpIn {
  readonly #server: SMTPServer;

  private constructor(product: Product, { authority, log }: SmtpInSettings) {
    const { policies } = product.stores;
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      banner: 'Meanwhile',
      size: MAIL_BYTES_MAX,
      maxClients: CONNECTIONS_MAX,
      socketTimeout: IDLE_MS,
      closeTimeout: CLOSE_MS,
      onRcptTo: ({ address }, { envelope }, done) => {
        if (recipientsOf([address], policies).size === 0) done(refusal(550, '5.1.1 Nobody here has this address.'));
        else if (envelope.rcptTo.length >= RECIPIENTS_MAX) done(refusal(452, '4.5.3 Too many recipients.'));
        else done();
      },
      onData: (stream, session, done) => {
        taken(product, stream, session, authority).then(done, (failure: unknown) => {
          log('error', 'mail.not-taken', { defect: failure instanceof Error ? failure.name : typeof failure });
          done(refusal(451, '4.3.0 Not now: try again.'));
        });
      },
    });
    this.#server.on('error', (failure) => log('warn', 'smtp.connection', { defect: failure.name }));
  }

  static async open(product: Product, settings: SmtpInSettings): Promise<SmtpIn> {
    const smtp = new SmtpIn(product, settings);
    await new Promise<void>((resolve, reject) => {
      smtp.#server.once('error', reject);
      smtp.#server.listen(settings.port, settings.host, () => {
        smtp.#server.off('error', reject);
        resolve();
      });
    });
    return smtp;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** @returns why the mail is refused for good; undefined once it is on the disk */
async function taken(
  product: Product,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  authority: string | null,
): Promise<Error | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and dropped, so that the sender hears why.
    if (bytes <= MAIL_BYTES_MAX) chunks.push(chunk);
  }
  if (bytes > MAIL_BYTES_MAX) return refusal(552, '5.3.4 The mail is too large.');
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const recipients = envelope.rcptTo.map(({ address }) => address);
  const received = await product.receiveMail(Buffer.concat(chunks), { sender, recipients, verdicts: null, authority });
  return received === 'taken' ? undefined : refusal(550, '5.1.1 Nobody here has this address.');
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
