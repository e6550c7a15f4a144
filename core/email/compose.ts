/**
 * The mails that a message causes: to its customer an acknowledgement or the answer, to the team a notice. A mail is
 * made of one message entry and the thread's head, never of a note: the type of the entry is what keeps notes in.
 */
import type { MailKind } from '../effect/effect.ts';
import { sendIdOf } from '../ids.ts';
import type { CompiledPolicy, Team } from '../policy/compiled-policy.ts';
import { type Attachment, attachmentsOf } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { escapeHtml, harmlessHtml, htmlOfText } from './html.ts';
import type { MailAddress, OutgoingMail } from './mail.ts';
import { instantInWords, textsIn } from './texts.ts';

export interface Letter {
  thread: Thread;
  entry: Entry & { type: 'message' };
  /** The whole body, loaded where the entry holds an excerpt. */
  body: ReadableBody;
  to: MailAddress;
  policy: CompiledPolicy;
  attachments: OutgoingMail['attachments'];
}

const AUTOMATIC = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }; // RFC 3834 §5
const GENERATED = { ...AUTOMATIC, 'Auto-Submitted': 'auto-generated' };
const QUOTE_CHARS_MAX = 2_000;

export function composeMail(kind: MailKind, letter: Letter): OutgoingMail {
  if (kind === 'acknowledgement') return acknowledgement(letter);
  return kind === 'reply' ? reply(letter) : notice(letter);
}

function acknowledgement(letter: Letter): OutgoingMail {
  const { thread, policy, body } = letter;
  const language = policy.languageFor(thread.customer.locale);
  const texts = textsIn(language);
  const promise = texts.acknowledged(expectedInWords(letter));
  const quoted = excerpt(body.text);
  const { greeting, carryOn, yourMessage } = { ...texts, greeting: texts.greeting(thread.customer.name) };
  const { name } = policy.source;
  return {
    ...envelope('acknowledgement', letter, name, AUTOMATIC),
    subject: replySubject(thread.subject),
    text: [greeting, `${promise}\n${carryOn}`, name, `${yourMessage}\n${quote(quoted)}`].join('\n\n'),
    html: page(
      `<p>${escapeHtml(greeting)}</p><p>${escapeHtml(promise)}<br>${escapeHtml(carryOn)}</p><p>${escapeHtml(name)}</p>`,
      `<p>${escapeHtml(yourMessage)}</p>${quoteHtml(quoted)}`,
    ),
    attachments: [],
  };
}

function reply(letter: Letter): OutgoingMail {
  const { thread, entry, body, policy } = letter;
  const signature = [entry.author.name, policy.source.name].filter((part) => part !== null).join(', ');
  const isFirst = entry.seq <= 2; // the thread's own beginning: a mail that answers nothing
  return {
    ...envelope('reply', letter, signature, {}),
    subject: isFirst ? thread.subject : replySubject(thread.subject),
    text: `${body.text}\n\n-- \n${signature}`, // the separator of RFC 3676 §4.3
    html: page(body.html === null ? htmlOfText(body.text) : harmlessHtml(body.html), `<p>${escapeHtml(signature)}</p>`),
  };
}

/** To the team or the thread's owner: what the customer wrote, and by when they expect an answer. */
function notice(letter: Letter): OutgoingMail {
  const { thread, entry, body, policy } = letter;
  const { customer } = thread;
  const expected = expectedInWords(letter);
  const names = attachmentsOf(entry.content).map(({ name }) => name);
  const facts: [string, string][] = [
    ['From', [customer.name, customer.email ?? customer.id].filter((part) => part !== null).join(' · ')],
    ['Reply expected', expected === null ? 'as soon as possible' : `by ${expected}`],
    ['Team', policy.team(thread.team ?? '')?.name ?? '–'],
    ...(thread.topic === null ? [] : [['Topic', thread.topic] as [string, string]]),
    ...(thread.urgency === null ? [] : [['Stated urgency', thread.urgency] as [string, string]]),
    ...(names.length === 0 ? [] : [['Attached', names.join(', ')] as [string, string]]),
    ['Thread', thread.id],
  ];
  const rows = facts.map(([label, value]) => `<tr><th>${label}</th><td>${escapeHtml(value)}</td></tr>`).join('');
  return {
    ...envelope('notice', letter, policy.source.name, GENERATED),
    subject: `[${policy.source.name}] ${thread.subject}`,
    text: `${body.text}\n\n${facts.map(([label, value]) => `${label}: ${value}`).join('\n')}`,
    html: page(htmlOfText(body.text), `<table>${rows}</table>`),
    attachments: [],
  };
}

/**
 * What every mail of a thread has: sender, recipient, and headers that let mail programs show the thread as one. All
 * mails refer to one made-up root, so that threading needs no memory of earlier ids (RFC 5322 §3.6.4).
 */
function envelope(kind: MailKind, { thread, entry, to, policy, attachments }: Letter, sender: string, headers: object) {
  const { address } = teamOf(thread, policy);
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const root = `<${thread.id}@${domain}>`;
  return {
    from: { name: sender, address },
    to,
    headers: {
      'Message-ID': `<${sendIdOf(thread.id, entry.seq, kind)}@${domain}>`,
      'In-Reply-To': root,
      References: root,
      ...headers,
    },
    attachments,
  };
}

export function teamOf(thread: Thread, policy: CompiledPolicy): Team {
  return (thread.team === null ? undefined : policy.team(thread.team)) ?? policy.defaultTeam;
}

/** When the answer is expected, in the words of whoever reads it: the customer in their zone, a team in its own. */
function expectedInWords({ thread, policy, to }: Letter): string | null {
  if (thread.expectedReplyAt === null) return null;
  const { hours } = teamOf(thread, policy);
  if (to.address !== thread.customer.email) return instantInWords(thread.expectedReplyAt, 'en', hours.timeZone, true);
  const { locale, zoneinfo } = thread.customer;
  const language = policy.languageFor(locale);
  return instantInWords(thread.expectedReplyAt, language, zoneinfo ?? hours.timeZone, zoneinfo !== null);
}

export function attachedFiles(content: Attachment[], keyOf: (id: string) => string): OutgoingMail['attachments'] {
  return content.map(({ attachmentId, name, mediaType }) => ({ name, mediaType, key: keyOf(attachmentId) }));
}

function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

function excerpt(text: string): string {
  return text.length > QUOTE_CHARS_MAX ? `${text.slice(0, QUOTE_CHARS_MAX).toWellFormed()}…` : text;
}

function quote(text: string): string {
  return text.replace(/^/gm, '> ');
}

function quoteHtml(text: string): string {
  return `<blockquote>${htmlOfText(text)}</blockquote>`;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;color:#1c2733;margin:0;padding:24px;max-width:640px}' +
  'blockquote{margin:0;padding-left:12px;border-left:3px solid #d5dce4;color:#5a6875}' +
  'footer{margin-top:24px;padding-top:12px;border-top:1px solid #e4e9ee;color:#5a6875;font-size:14px}' +
  'th{text-align:left;vertical-align:top;padding-right:16px;font-weight:600}td{overflow-wrap:anywhere}';

function page(main: string, footer: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><style>${STYLE}</style></head><body>${main}<footer>${footer}</footer></body></html>`;
}
