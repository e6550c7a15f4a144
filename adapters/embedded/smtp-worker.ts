/** The thread that talks SMTP: a blocking commit on the main thread would hold up every step of a conversation. */
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
}

/** Until the server was given the mail itself, nothing can have been sent. */
const BEFORE_DATA = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL FROM', 'RCPT TO'];
/** RFC 5321 §4.2.2: no service just now. Other 4xx are about this mail or its recipient: tries that failed. */
const THROTTLED_CODES = [421];
const PERMANENT_FROM = 500;

const { url, connections } = workerData as SmtpSettings;
const transport = nodemailer.createTransport({
  url,
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
});

parentPort?.on('message', async ({ number, options }: SmtpJob) => {
  const report: SmtpReport = { number, result: await send(options) };
  parentPort?.postMessage(report);
});

async function send(options: SmtpJob['options']): Promise<SmtpReport['result']> {
  try {
    const { messageId } = await transport.sendMail({ ...options, envelope: envelopeTo(options, [options.to]) });
    await sendCopies(options);
    return { result: 'sent', providerId: messageId };
  } catch (failure) {
    return judge(failure);
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

function judge(failure: unknown): SmtpReport['result'] {
  const { responseCode, command, code } = failure as { responseCode?: number; command?: string; code?: string };
  if (responseCode !== undefined && responseCode >= PERMANENT_FROM && code !== 'EAUTH') {
    return { result: 'refused', detail: `The mail server refuses it: ${responseCode}.` };
  }
  if (responseCode !== undefined || BEFORE_DATA.includes(command ?? '')) {
    const detail = `Not now: ${responseCode ?? code ?? 'no connection'}.`;
    return { result: 'deferred', detail, isThrottled: THROTTLED_CODES.includes(responseCode ?? 0) };
  }
  return 'unsure';
}
