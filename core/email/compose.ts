/**
 * The mails that a message causes: to its customer an acknowledgement or the answer, to the team a notice. A mail is
 * made of one message entry and what was true of its thread then, never of a note: the entry's type keeps notes in.
 */

import type { LetterFacts } from '../delivery/send.ts';
import type { MailKind } from '../effect/effect.ts';
import { sendIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import { type Attachment, attachmentsOf } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { escapeHtml, harmlessHtml, htmlOfText } from './html.ts';
import type { MailAddress, OutgoingMail } from './mail.ts';
import { instantInWords, textsIn } from './texts.ts';

export interface Letter {
  threadId: string;
  facts: LetterFacts;
  entry: Entry & { type: 'message' };
  /** The whole body, loaded where the entry holds an excerpt. */
  body: ReadableBody;
  to: MailAddress;
  policy: CompiledPolicy;
  /** The blob of an attachment. */
  keyOf: (attachmentId: string) => string;
}

const AUTOMATIC = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }; // RFC 3834 §5
const GENERATED = { ...AUTOMATIC, 'Auto-Submitted': 'auto-generated' };
const QUOTE_CHARS_MAX = 2_000;
/** Files of a mail, all together: a third more by base64, and most mailboxes take 25 MB. */
const ATTACHED_BYTES_MAX = 18 * 1024 * 1024;

export function composeMail(kind: MailKind, letter: Letter): OutgoingMail {
  if (kind === 'acknowledgement') return acknowledgement(letter);
  return kind === 'reply' ? reply(letter) : notice(letter);
}

function acknowledgement(letter: Letter): OutgoingMail {
  const { facts, policy, body } = letter;
  const language = policy.languageFor(facts.customer.locale);
  const texts = textsIn(language);
  const promise = texts.acknowledged(expectedInWords(letter));
  const quoted = excerpt(body.text);
  const { greeting, carryOn, yourMessage } = { ...texts, greeting: texts.greeting(facts.customer.name) };
  const { name } = policy.source;
  return {
    ...envelope('acknowledgement', letter, name, AUTOMATIC),
    subject: replySubject(facts.subject),
    text: [greeting, `${promise}\n${carryOn}`, name, `${yourMessage}\n${quote(quoted)}`].join('\n\n'),
    html: page(
      `<p>${escapeHtml(greeting)}</p><p>${escapeHtml(promise)}<br>${escapeHtml(carryOn)}</p><p>${escapeHtml(name)}</p>`,
      `<p>${escapeHtml(yourMessage)}</p>${quoteHtml(quoted)}`,
    ),
    attachments: [],
  };
}

function reply(letter: Letter): OutgoingMail {
  const { facts, entry, body, policy, keyOf } = letter;
  const signature = [entry.author.name, policy.source.name].filter((part) => part !== null).join(', ');
  const isFirst = entry.seq <= 2; // the thread's own beginning: a mail that answers nothing
  const { attached, tooLarge } = attachable(attachmentsOf(entry.content));
  const names = tooLarge.map(({ name }) => name);
  const left = names.length === 0 ? [] : [textsIn(policy.languageFor(facts.customer.locale)).notAttached(names)];
  return {
    ...envelope('reply', letter, signature, {}),
    subject: isFirst ? facts.subject : replySubject(facts.subject),
    text: [body.text, ...left, `-- \n${signature}`].join('\n\n'), // the separator of RFC 3676 §4.3
    html: page(
      [body.html === null ? htmlOfText(body.text) : harmlessHtml(body.html), ...left.map(htmlOfText)].join(''),
      `<p>${escapeHtml(signature)}</p>`,
    ),
    attachments: attached.map(({ attachmentId, name, mediaType }) => ({ name, mediaType, key: keyOf(attachmentId) })),
  };
}

/** To the team or the thread's owner: what the customer wrote, and by when they expect an answer. */
function notice(letter: Letter): OutgoingMail {
  const { threadId, facts, entry, body, policy } = letter;
  const { customer, team, topic, urgency } = facts;
  const expected = expectedInWords(letter);
  const names = attachmentsOf(entry.content).map(({ name }) => name);
  const lines: [string, string][] = [
    ['From', [customer.name, customer.email ?? customer.id].filter((part) => part !== null).join(' · ')],
    ['Reply expected', expected === null ? 'as soon as possible' : `by ${expected}`],
    ['Team', policy.team(team ?? '')?.name ?? '–'],
    ...(topic === null ? [] : [['Topic', topic] as [string, string]]),
    ...(urgency === null ? [] : [['Stated urgency', urgency] as [string, string]]),
    ...(names.length === 0 ? [] : [['Attached', names.join(', ')] as [string, string]]),
    ['Thread', threadId],
  ];
  const rows = lines.map(([label, value]) => `<tr><th>${label}</th><td>${escapeHtml(value)}</td></tr>`).join('');
  return {
    ...envelope('notice', letter, policy.source.name, GENERATED),
    subject: `[${policy.source.name}] ${facts.subject}`,
    text: `${body.text}\n\n${lines.map(([label, value]) => `${label}: ${value}`).join('\n')}`,
    html: page(htmlOfText(body.text), `<table>${rows}</table>`),
    attachments: [],
  };
}

/**
 * What every mail of a thread has: sender, recipient, and headers that let mail programs show the thread as one. All
 * mails refer to one made-up root, so that threading needs no memory of earlier ids (RFC 5322 §3.6.4).
 */
function envelope(kind: MailKind, { threadId, facts, entry, to, policy }: Letter, sender: string, headers: object) {
  const { address } = policy.teamOrDefault(facts.team);
  // One domain, whichever team has the thread: its mails stay one conversation when it moves.
  const domain = policy.defaultTeam.address.slice(policy.defaultTeam.address.lastIndexOf('@') + 1);
  const root = `<${threadId}@${domain}>`;
  return {
    from: { name: sender, address },
    to,
    headers: {
      'Message-ID': `<${sendIdOf(threadId, entry.seq, kind)}@${domain}>`,
      'In-Reply-To': root,
      References: root,
      ...headers,
    },
  };
}

/** When the answer is expected, in the words of whoever reads it: the customer in their zone, a team in its own. */
function expectedInWords({ facts, policy, to }: Letter): string | null {
  const { expectedReplyAt, team, customer } = facts;
  if (expectedReplyAt === null) return null;
  const { hours } = policy.teamOrDefault(team);
  if (to.address !== customer.email) return instantInWords(expectedReplyAt, 'en', hours.timeZone, true);
  const { locale, zoneinfo } = customer;
  const language = policy.languageFor(locale);
  return instantInWords(expectedReplyAt, language, zoneinfo ?? hours.timeZone, zoneinfo !== null);
}

/** As many files as fit a mail, in their order; the others stay in the thread. */
function attachable(files: Attachment[]): { attached: Attachment[]; tooLarge: Attachment[] } {
  const [attached, tooLarge]: [Attachment[], Attachment[]] = [[], []];
  let left = ATTACHED_BYTES_MAX;
  for (const file of files) {
    const fits = file.bytes <= left;
    if (fits) left -= file.bytes;
    (fits ? attached : tooLarge).push(file);
  }
  return { attached, tooLarge };
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
