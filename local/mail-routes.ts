/** `/local/mail`: what was sent, kept by the built-in mailbox; and mails that arrive, for trying out. */
import * as z from 'zod';
import type { KeptMail } from '../adapters/embedded/mailbox.ts';
import { rawMail } from '../adapters/embedded/mime.ts';
import { invalid, notFound } from '../api/problem.ts';
import { checkQuery, readBytes } from '../api/request.ts';
import { addressSchema } from '../core/email/address.ts';
import { readMail } from '../core/email/received/read-mail.ts';
import { NO_VERDICTS } from '../core/inbound/sender-proof.ts';
import type { Product } from './product.ts';
import type { ServerApp } from './server.ts';

const MAIL_BYTES_MAX = 40 * 1024 * 1024;

const mailQuery = z.strictObject({
  to: z.string().optional(),
  /** The id of a mail: only later ones. */
  after: z.string().optional(),
  /** So many at most, the latest. */
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
});

const verdict = z.enum(['pass', 'fail', 'gray', 'none']).default('none');
const arrivalQuery = z.strictObject({
  /** Empty: the null sender of automatic mail. */
  from: z.union([z.literal(''), addressSchema]).optional(),
  /** Several, with commas. */
  to: z.string().optional(),
  ...{ dmarc: verdict, spf: verdict, dkim: verdict, spam: verdict, virus: verdict },
});

export function mailRoutes(app: ServerApp, product: Product): void {
  app.get('/local/mail', ({ req, json }) => {
    const { to, after, limit } = checkQuery(mailQuery, req.query());
    return json(product.stores.mailbox.list({ to, after, limit }).map(mailView));
  });
  app.get('/local/mail/:id', async ({ req }) => {
    const kept = product.stores.mailbox.get(req.param('id'));
    if (kept === undefined) throw notFound('mail');
    const raw = await rawMail(kept.mail, kept.at, (key) => product.stores.blobs.path(key));
    return new Response(raw as Uint8Array<ArrayBuffer>, { headers: { 'Content-Type': 'message/rfc822' } });
  });
  app.post('/local/mail', async ({ req, json }) => {
    const { from, to, ...told } = checkQuery(arrivalQuery, req.query());
    const bytes = await readBytes(req.raw, MAIL_BYTES_MAX);
    const read = readMail(bytes);
    const header = 'unreadable' in read ? { from: [], to: [], cc: [] } : read;
    const sender = from ?? header.from[0]?.address ?? '';
    const named = [...header.to, ...header.cc].map(({ address }) => address);
    const recipients = to === undefined ? named : to.split(',').map((address) => address.trim());
    const verdicts = { ...NO_VERDICTS, ...told };
    const received = await product.receiveMail(bytes, { sender, recipients, verdicts, authority: null });
    if (received === 'nobody') throw invalid('to', 'is no address that any business receives mail at');
    return json({ status: received }, 202);
  });
}

function mailView({ id, at, mail }: KeptMail) {
  const { from, to, cc = [], subject, text, html, headers, attachments } = mail;
  const sender = `${from.name} <${from.address}>`;
  const all = { From: sender, To: to.address, Subject: subject, Date: new Date(at).toUTCString(), ...headers };
  const lower = Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    id,
    at: new Date(at).toISOString(),
    from: sender,
    to: [to.address],
    cc: cc.map(({ address }) => address),
    subject,
    headers: lower,
    text,
    html,
    attachments: attachments.map(({ name, mediaType: type }) => ({ name, type })),
  };
}
