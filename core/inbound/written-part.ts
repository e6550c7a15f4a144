/** What of a mail is what its sender wrote now, and what an agent passes on of somebody else's. */
import { addressSchema } from '../email/address.ts';
import { textOfHtml } from '../email/html.ts';
import type { MailAddress } from '../email/mail.ts';
import { readMail } from '../email/received/read-mail.ts';
import type { ReceivedMail } from '../email/received/received-mail.ts';
import type { Resolution } from '../email/resolve-thread.ts';
import { parseForward } from '../email/written/forward.ts';
import { parseReplyHtml } from '../email/written/html-reply.ts';
import { parseReply } from '../email/written/reply.ts';
import type { WrittenBody } from '../thread/content.ts';
import type { Receiving } from './receiving.ts';

/** A mail that an agent has forwarded to a team: it is its first author's. */
export interface Forwarded {
  from: MailAddress;
  subject: string | null;
  text: string;
  /** What the agent says to it; null for nothing. */
  remark: string | null;
  by: string;
}

/**
 * Of an answer, the new words: what it quotes stands in its thread already. What begins a thread is taken whole, for
 * nobody has seen what it quotes; so is an answer of which nothing would be left,
 * but an agent's: what they were told with it is not for customers.
 */
export function writtenPartOf({ read, policy }: Receiving, { as }: Resolution): WrittenBody {
  const { text, html } = read.mail;
  if (as === 'newcomer') return { text: text?.trimEnd() ?? (html === null ? '' : null), html };
  if (as === 'agent' && isNothingWritten(read.mail)) return { text: '', html: null };
  const { signatures } = policy.source.mail;
  // An agent's answer goes out with a signature of its own.
  const signature = as === 'agent' && signatures === 'keep' ? 'strip-delimited' : signatures;
  const options = { signature, sender: read.from?.name ?? '' };
  const ofText = text === null ? null : parseReply(text, options).visible;
  const ofHtml = html === null ? null : parseReplyHtml(html, options);
  const words = { text: ofText?.trim() ?? ofHtml?.text.trim() ?? '', html: ofHtml?.text.trim() ?? '' };
  if (words.text === '' && words.html === '') return { text: text ?? (html === null ? '' : null), html };
  return { text: words.text === '' ? text : words.text, html: words.html === '' ? null : (ofHtml?.html ?? null) };
}

/** Whether all of a mail is cut once there is a word above it: a quotation or a signature by itself is shown else. */
function isNothingWritten({ text, html }: ReceivedMail): boolean {
  const options = { signature: 'strip-delimited' } as const;
  if (text !== null) return parseReply(`.\n\n${text}`, options).visible === '.';
  return html !== null && parseReplyHtml(`<p>.</p>${html}`, options).text === '.';
}

/** Only where it is proved that an agent has sent it: whoever it names gets mail. */
export function forwardedIn({ read, policy }: Receiving, { as }: Resolution): Forwarded | null {
  const { text, html, subject } = read.mail;
  const said = text ?? textOfHtml(html ?? '');
  const agent = read.from === null ? undefined : policy.agentOf({ email: read.from.address });
  if (as !== 'newcomer' || agent === undefined || !read.isAuthenticated || !agent.rights.has('reply')) return null;
  const { email, message } = parseForward(said, subject);
  if (email === null) return forwardedFile(read.mail, said, agent.id);
  const address = addressSchema.safeParse(email.from?.address);
  if (!address.success) return null;
  const from = { name: email.from?.name ?? '', address: address.data };
  return { from, subject: email.subject, text: email.body, remark: message, by: agent.id };
}

/** A mail that lies in the agent's as a file, alone: its files stay in it. */
function forwardedFile({ attachments }: ReceivedMail, said: string, by: string): Forwarded | null {
  const [file, ...more] = attachments.filter(({ mediaType }) => mediaType === 'message/rfc822');
  if (file === undefined || more.length > 0) return null;
  const inner = readMail(file.bytes);
  const [author] = 'unreadable' in inner ? [] : inner.from;
  const { data: address } = addressSchema.safeParse(author?.address);
  if ('unreadable' in inner || author === undefined || address === undefined) return null;
  const remark = parseReply(said, { signature: 'strip-delimited' }).visible.trim();
  const text = inner.text?.trimEnd() ?? textOfHtml(inner.html ?? '');
  return { from: { name: author.name, address }, subject: inner.subject, text, remark: remark || null, by };
}
