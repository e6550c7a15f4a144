/** Mails as they come in, and the addresses and headers by which they answer those that went out. */
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { Verdicts } from '../../core/thread/mail-facts.ts';
import { aPolicy } from '../builders.ts';

export const INBOUND = 'in.acme.example';
export const mailPolicy = aPolicy({ mail: { repliesAt: INBOUND } });

/** As a receiving server says it of a sender who is who they say. */
export const PROVED: Verdicts = { spam: 'pass', virus: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass' };
export const CLAIMED: Verdicts = { spam: 'pass', virus: 'pass', spf: 'none', dkim: 'none', dmarc: 'none' };

interface MailParts {
  from: string;
  to: string;
  subject: string;
  text: string;
  messageId: string | null;
  headers: Record<string, string>;
}

let count = 0;

export function aMail(changes: Partial<MailParts> = {}): Uint8Array {
  count += 1;
  const parts = {
    ...{ from: 'Cleo <c1@example.com>', to: 'support@acme.example', subject: 'My order', text: 'Where is it?' },
    ...{ messageId: `m${count}@example.com`, headers: {}, ...changes },
  };
  const { from, to, subject, text, messageId, headers } = parts;
  const fields = {
    ...{ From: from, To: to, Subject: subject, Date: 'Mon, 23 Nov 2026 11:00:00 +0000' },
    ...(messageId === null ? {} : { 'Message-ID': `<${messageId}>` }),
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  };
  const header = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([...header, '', text].join('\r\n'));
}

/** An answer as mail programs make it: to where the mail wants it, and naming the mail. */
export function anAnswerTo(mail: OutgoingMail, changes: Partial<MailParts> = {}): Uint8Array {
  const { 'Message-ID': id = '', References: references = '', 'Reply-To': replyTo } = mail.headers;
  return aMail({
    from: mail.to.address,
    to: replyTo ?? mail.from.address,
    subject: `Re: ${mail.subject}`,
    ...changes,
    headers: { 'In-Reply-To': id, References: `${references} ${id}`, ...changes.headers },
  });
}

/** The same without a word of which mail it answers: only its address tells. */
export function aBareAnswerTo(mail: OutgoingMail, changes: Partial<MailParts> = {}): Uint8Array {
  return aMail({ from: mail.to.address, to: mail.headers['Reply-To'] ?? mail.from.address, ...changes });
}
