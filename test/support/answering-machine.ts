/** Machines that answer, or send on, every mail at once, and say nowhere that they are machines. */
import type { OutgoingMail } from '../../core/email/mail.ts';
import { readMail } from '../../core/email/received/read-mail.ts';
import type { Reader } from './mail-week.ts';

export interface Habits {
  /** From the address that was written to, or from another each time. */
  from?: 'same' | 'new';
  /** To where the mail wants its answers, or to whom it came from. */
  to?: 'reply-to' | 'from';
  /** Whether it names the mail that it answers. */
  names?: boolean;
  quotes?: boolean;
  subject?: 'kept' | 'changed';
}

export function aPlainMail(from: string, to: string, changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const [author, recipient] = [from, to].map((address) => ({ name: '', address })) as [never, never];
  const empty = { subject: 'My order', text: 'Where is it?', html: '', headers: {}, attachments: [] };
  return { ...empty, from: author, to: recipient, ...changes };
}

export function anAnsweringMachine(habits: Habits = {}): Reader {
  const { from = 'same', to = 'reply-to', names = true, quotes = false, subject = 'kept' } = habits;
  let count = 0;
  return async ({ to: own, raw }) => {
    const mail = readMail(raw);
    if ('unreadable' in mail) return [];
    count += 1;
    const [author] = mail.from;
    const [wanted = author] = mail.replyTo;
    const address = (to === 'reply-to' ? wanted : author)?.address ?? '';
    const text = `Thank you for your mail, which is number ${count} here.`;
    const quote = `On Monday, ${author?.name} wrote:\n${(mail.text ?? '').replace(/^/gm, '> ')}`;
    const id = `<${mail.messageId}>`;
    const answer = aPlainMail(from === 'same' ? own : own.replace(/^[^@]*/, `machine-${count}`), address, {
      subject: subject === 'kept' ? `Re: ${mail.subject}` : `Case ${count} was opened`,
      text: quotes ? `${text}\n\n${quote}` : text,
      headers: names ? { 'In-Reply-To': id, References: id } : {},
    });
    return [answer];
  };
}

/** Sends everything on as a mail of its own, by the author of the one that came or by itself. */
export function aForwarder(to: string, keeps: 'author' | 'nothing'): Reader {
  return async ({ to: own, raw }) => {
    const mail = readMail(raw);
    if ('unreadable' in mail) return [];
    const [author] = mail.from;
    const from = keeps === 'author' ? (author?.address ?? own) : own;
    return [aPlainMail(from, to, { subject: mail.subject ?? '', text: mail.text ?? '' })];
  };
}

/** What says that a machine wrote a mail, and whose. */
export const MARKS = /^(auto-submitted|x-auto-response-suppress|x-meanwhile-loop)$/i;
/** And what an answer is found by. */
export const ALL_THAT_TELLS =
  /^(auto-submitted|x-auto-response-suppress|x-meanwhile-loop|reply-to|in-reply-to|references)$/i;

export function withoutFields(names: RegExp): (raw: Uint8Array) => Uint8Array {
  return (raw) => {
    const mail = Buffer.from(raw).toString('latin1');
    const end = mail.indexOf('\r\n\r\n');
    const fields = mail.slice(0, end).split(/\r\n(?![ \t])/);
    const left = fields.filter((field) => !names.test(field.slice(0, field.indexOf(':'))));
    return Buffer.from(left.join('\r\n') + mail.slice(end), 'latin1');
  };
}
