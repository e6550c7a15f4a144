/** The thread that talks SMTP: a blocking commit on the main thread would hold up every step of a conversation. */
import { type PassThrough, Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import nodemailer from 'nodemailer';
import type { MailResult } from '../../core/delivery/send.ts';
import type { MailAddress } from '../../core/email/mail.ts';
import type { mimeOptionsOf } from './mime.ts';

export interface SmtpJob {
  number: number;
  options: ReturnType<typeof mimeOptionsOf>;
}

/** `unsure`: the conversation broke where the server may have taken the mail already. */
export interface SmtpReport {
  number: number;
  result: MailResult | 'unsure';
}

export interface SmtpSettings {
  url: string;
  connections: number;
  /** Whether nothing is said to a server that offers no TLS. */
  requireTls: boolean;
  /** PEM of the authorities whose certificates are believed, instead of those that Node knows. */
  ca?: string;
}

/** Answers to these are about the mail or its recipient; to others, about us and the server. */
const OF_THE_MAIL = ['MAIL FROM', 'RCPT TO', 'DATA'];
/** RFC 4954 §6, RFC 3207 §4: who we are, or TLS, is wanted before. A person mends that, not another mail. */
const WANTS_ANOTHER_CLIENT = [530, 534, 535, 538];
/** RFC 5321 §4.2.2: no service just now. Other 4xx are about this mail or its recipient, who is asked less often. */
const THROTTLED_CODES = [421];
const PERMANENT_FROM = 500;
/** OpenSSL's and Node's names of what may be wrong with a certificate. */
const CERTIFICATE = /CERT|SIGNED|LEAF_SIGNATURE|ISSUER/;

const { url, connections, requireTls, ca } = workerData as SmtpSettings;
const transport = nodemailer.createTransport({
  url,
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  // Where the first word is TLS there is nothing to begin.
  requireTLS: requireTls && !url.startsWith('smtps:'),
  ...(ca === undefined ? {} : { tls: { ca } }),
});

/** Mails that were read to their end: their servers may have taken them. A broken connection does not tell. */
const whole = new WeakSet<object>();
transport.use('stream', ({ data, message }, done) => {
  const read = message.createReadStream.bind(message);
  message.createReadStream = () => Readable.from(upToItsEnd(read(), data), { objectMode: false }) as PassThrough;
  done();
});

async function* upToItsEnd(mail: AsyncIterable<Uint8Array>, data: object) {
  yield* mail;
  const { attempt } = data as { attempt?: object };
  if (attempt !== undefined) whole.add(attempt);
}

parentPort?.on('message', async ({ number, options }: SmtpJob) => {
  const report: SmtpReport = { number, result: await send(options) };
  parentPort?.postMessage(report);
});

async function send(options: SmtpJob['options']): Promise<SmtpReport['result']> {
  const attempt = {};
  try {
    const { messageId } = await transport.sendMail({
      ...options,
      ...{ attempt, envelope: envelopeTo(options, [options.to]) },
    });
    await sendCopies(options);
    return { result: 'sent', providerId: messageId };
  } catch (failure) {
    return judge(failure as SmtpFailure, whole.has(attempt));
  }
}

/**
 * To whom a mail is beside its recipient. They get it in an envelope of its own, and by one try: whether they do is
 * no matter of whether it was sent, and nobody gets an answer twice because somebody else could not get it.
 */
async function sendCopies(options: SmtpJob['options']): Promise<void> {
  const { cc = [] } = options;
  if (cc.length === 0) return;
  await transport.sendMail({ ...options, envelope: envelopeTo(options, cc) }).catch(() => {});
}

function envelopeTo({ from }: SmtpJob['options'], to: MailAddress[]) {
  return { from: from.address, to: to.map(({ address }) => address) };
}

interface SmtpFailure {
  responseCode?: number;
  command?: string;
  code?: string;
  message?: string;
}

function judge(failure: SmtpFailure, wasWhole: boolean): SmtpReport['result'] {
  const { responseCode, command = '' } = failure;
  if (responseCode === undefined && wasWhole) return 'unsure';
  const detail = judgement(failure);
  const isPermanent = (responseCode ?? 0) >= PERMANENT_FROM && !WANTS_ANOTHER_CLIENT.includes(responseCode ?? 0);
  if (isPermanent && OF_THE_MAIL.includes(command)) return { result: 'refused', detail };
  return { result: 'deferred', detail, isThrottled: THROTTLED_CODES.includes(responseCode ?? 0) };
}

/** In codes, and in our own words: what a server says may name an address. */
function judgement({ responseCode, command, code, message = '' }: SmtpFailure): string {
  if (code === 'EAUTH') return `The mail server does not take the name and password: ${responseCode ?? code}.`;
  if (CERTIFICATE.test(code ?? '') || /certificate/i.test(message)) {
    return 'The certificate of the mail server is not one that is trusted (--smtp-ca).';
  }
  if (command === 'STARTTLS') return `The mail server does not begin TLS: ${responseCode ?? code}.`;
  if (responseCode !== undefined) return `The mail server says ${responseCode}.`;
  return `No connection to the mail server: ${code ?? 'unknown'}.`;
}
