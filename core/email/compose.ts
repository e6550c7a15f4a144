/**
 * The mails that a message causes: to its customer an acknowledgement or the answer, to the team a notice. A mail is
 * made of one message entry and what was true of its thread then, never of a note: the entry's type keeps notes in.
 */

import type { MailKind } from '../effect/effect.ts';
import { type Attachment, attachmentsOf } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { type About, AUTOMATIC, customerLine, envelope, GENERATED, page, tableOf, teamReader } from './frame.ts';
import { escapeHtml, harmlessHtml, htmlOfText } from './html.ts';
import type { OutgoingMail } from './mail.ts';
import { byWhenInWords, instantInWords, type Reader, textsIn } from './texts.ts';

/** Kinds of mails that are about a message. */
export type LetterKind = Exclude<MailKind, 'alert' | 'promise' | 'refusal'>;

export interface Letter extends About {
  entry: Entry & { type: 'message' };
  /** The whole body, loaded where the entry holds an excerpt. */
  body: ReadableBody;
  /** The blob of an attachment. */
  keyOf: (attachmentId: string) => string;
}

const QUOTE_CHARS_MAX = 2_000;
/** Files of a mail, all together: a third more by base64, and most mailboxes take 25 MB. */
const ATTACHED_BYTES_MAX = 18 * 1024 * 1024;

export function composeMail(kind: LetterKind, letter: Letter): OutgoingMail {
  if (kind === 'acknowledgement') return acknowledgement(letter);
  return kind === 'reply' ? reply(letter) : notice(letter);
}

function acknowledgement(letter: Letter): OutgoingMail {
  const { facts, policy, body } = letter;
  const language = policy.languageFor(facts.customer.locale);
  const texts = textsIn(language);
  const promise = texts.acknowledged(promiseInWords(letter));
  const quoted = excerpt(body.text);
  const advice = facts.advice === null ? [] : [facts.advice];
  const { greeting, carryOn, yourMessage } = { ...texts, greeting: texts.greeting(facts.customer.name) };
  const { name } = policy.source;
  return {
    ...envelope('acknowledgement', letter, name, AUTOMATIC),
    subject: replySubject(facts.subject),
    text: [greeting, `${promise}\n${carryOn}`, ...advice, name, `${yourMessage}\n${quote(quoted)}`].join('\n\n'),
    html: page(
      [...paragraphs(greeting, `${promise}\n${carryOn}`), ...advice.map(strong), ...paragraphs(name)].join(''),
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
  const { team, topic, urgency, expectedReplyAt } = facts;
  const expected = expectedReplyAt === null ? null : instantInWords(expectedReplyAt, teamReader(letter));
  const names = attachmentsOf(entry.content).map(({ name }) => name);
  const lines: [string, string][] = [
    ['From', customerLine(letter)],
    ['Reply expected', expected === null ? 'as soon as possible' : `by ${expected}`],
    ['Team', policy.team(team ?? '')?.name ?? '–'],
    ...(topic === null ? [] : [['Topic', topic] as [string, string]]),
    ...(urgency === null ? [] : [['Stated urgency', urgency] as [string, string]]),
    ...(names.length === 0 ? [] : [['Attached', names.join(', ')] as [string, string]]),
    ['Thread', threadId],
  ];
  return {
    ...envelope('notice', letter, policy.source.name, GENERATED),
    subject: `[${policy.source.name}] ${facts.subject}`,
    text: `${body.text}\n\n${lines.map(([label, value]) => `${label}: ${value}`).join('\n')}`,
    html: page(htmlOfText(body.text), tableOf(lines)),
    attachments: [],
  };
}

function paragraphs(...texts: string[]): string[] {
  return texts.map((text) => `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`);
}

function strong(text: string): string {
  return `<p><strong>${escapeHtml(text)}</strong></p>`;
}

/** To the customer: what they were told cannot be kept, and what can. */
export function composePromise(about: About & { entry: Entry & { type: 'promise' } }): OutgoingMail {
  const { facts, policy, entry } = about;
  const texts = textsIn(policy.languageFor(facts.customer.locale));
  const { name } = policy.source;
  const [before, when] = [entry.instead ?? entry.expectedReplyAt, entry.expectedReplyAt].map((at) =>
    byWhenInWords(at, entry.at, readerOf(about)),
  );
  const said = [texts.greeting(facts.customer.name), texts.promisedAnew(before ?? '', when ?? ''), name];
  return {
    ...envelope('promise', about, name, GENERATED),
    subject: replySubject(facts.subject),
    text: said.join('\n\n'),
    html: page(paragraphs(...said).join(''), ''),
    attachments: [],
  };
}

/** When the answer is expected, in the words of its customer. */
function promiseInWords(letter: Letter): string | null {
  const { expectedReplyAt } = letter.facts;
  return expectedReplyAt === null ? null : byWhenInWords(expectedReplyAt, letter.entry.at, readerOf(letter));
}

/** The customer: in their language, and in their zone if that is known. */
function readerOf({ facts, policy }: About): Reader {
  const { team, customer } = facts;
  const { locale, zoneinfo } = customer;
  const timeZone = zoneinfo ?? policy.teamOrDefault(team).hours.timeZone;
  return { language: policy.languageFor(locale), timeZone, isOwnZone: zoneinfo !== null };
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
