/**
 * The mails that a message causes: to its customer an acknowledgement or the answer, to the team a notice. A mail is
 * made of one message entry and what was true of its thread then, never of a note: the entry's type keeps notes in.
 */

import { beginningOf } from '../beginning.ts';
import type { MailKind } from '../effect/effect.ts';
import { type Attachment, attachmentsOf } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import {
  type About,
  AUTOMATIC,
  customerReader,
  customerVoice,
  envelope,
  GENERATED,
  greeting,
  replySubject,
  saying,
} from './frame.ts';
import { byWhenInWords } from './instants.ts';
import type { Block } from './layout.ts';
import type { OutgoingMail } from './mail.ts';
import { composeNotice } from './notice.ts';
import { historyBlocks, type Said } from './said.ts';
import { senderName, type Voice } from './voice.ts';

/** Kinds of mails that are about a message. */
export type LetterKind = Extract<MailKind, 'acknowledgement' | 'reply' | 'notice'>;

export interface Letter extends About {
  entry: Entry & { type: 'message' };
  /** The whole body, loaded where the entry holds an excerpt. */
  body: ReadableBody;
  /** With an answer, what was said before it, as the policy wants; the oldest first. */
  history?: Said[];
  /** The blob of an attachment. */
  keyOf: (attachmentId: string) => string;
}

const QUOTE_CHARS_MAX = 2_000;
/** Files of a mail, all together: a third more by base64, and most mailboxes take 25 MB. */
const ATTACHED_BYTES_MAX = 18 * 1024 * 1024;

/** What has parts or headers of its own may not be encoded (RFC 2045 §6.4): as one of these types no file arrives. */
const COMPOSITE = /^(?:multipart|message)\//i;
const ANY_BYTES = 'application/octet-stream';

export function composeMail(kind: LetterKind, letter: Letter): OutgoingMail {
  if (kind === 'acknowledgement') return acknowledgement(letter);
  return kind === 'reply' ? reply(letter) : notice(letter);
}

function acknowledgement(letter: Letter): OutgoingMail {
  const { facts, body } = letter;
  const voice = customerVoice(letter);
  const { say, name } = voice;
  const arrived = arrival(letter, voice);
  const blocks: Block[] = [
    { is: 'title', text: say('arrivedTitle') },
    { is: 'words', text: greeting(letter, voice) },
    { is: 'words', text: `${arrived}\n${say('carryOn')}` },
    ...(facts.followUpOf == null ? [] : [{ is: 'words', text: say('goesOn') } as const]),
    ...(facts.advice === null ? [] : [{ is: 'words', text: facts.advice, isStrong: true } as const]),
    { is: 'words', text: name },
    { is: 'words', text: say('yourMessage') },
    { is: 'quote', text: excerpt(body.text) },
  ];
  return {
    ...envelope('acknowledgement', letter, name, AUTOMATIC),
    ...saying(voice, { subject: replySubject(facts.subject), preview: arrived }, blocks),
  };
}

/** That the message is there, and when the answer is expected, in the words of its customer. */
function arrival(letter: Letter, { say }: Voice): string {
  const { expectedReplyAt } = letter.facts;
  if (expectedReplyAt === null) return say('arrivedUntimed');
  return say('arrived', { when: byWhenInWords(expectedReplyAt, letter.entry.at, customerReader(letter)) });
}

function reply(letter: Letter): OutgoingMail {
  const { facts, entry, body, policy, keyOf } = letter;
  const voice = customerVoice(letter);
  const sender = senderName(entry.author.name, voice, policy);
  const isFirst = entry.seq <= 2; // the thread's own beginning: a mail that answers nothing
  const { attached, tooLarge } = attachable(attachmentsOf(entry.content));
  const files = tooLarge.map(({ name }) => name).join(', ');
  const blocks: Block[] = [
    { is: 'written', body },
    ...(files === '' ? [] : [{ is: 'words', text: voice.say('notAttached', { files }) } as const]),
    { is: 'signed', by: sender },
    ...historyBlocks(letter.history ?? [], voice, customerReader(letter)),
  ];
  const head = { subject: isFirst ? facts.subject : replySubject(facts.subject), preview: body.text };
  return {
    ...envelope('reply', letter, sender, {}),
    ...saying(voice, head, blocks),
    attachments: attached.map(({ attachmentId, name, mediaType }) => {
      return { name, mediaType: COMPOSITE.test(mediaType) ? ANY_BYTES : mediaType, key: keyOf(attachmentId) };
    }),
  };
}

/** To the team or the thread's owner: this message alone. */
function notice(letter: Letter): OutgoingMail {
  const { facts, entry, body } = letter;
  const files = attachmentsOf(entry.content).map(({ name }) => name);
  const name = entry.author.name ?? facts.customer.email ?? facts.customer.id;
  return composeNotice({ ...letter, said: [{ name, at: entry.at, body, files }], isWhole: true });
}

/** To the customer: what they were told cannot be kept, and what can. */
export function composePromise(about: About & { entry: Entry & { type: 'promise' } }): OutgoingMail {
  const { facts, entry } = about;
  const voice = customerVoice(about);
  const { say, name } = voice;
  const byWhen = (at: number) => byWhenInWords(at, entry.at, customerReader(about));
  const before = byWhen(entry.instead ?? entry.expectedReplyAt);
  const moved = say('promiseMoved', { before, when: byWhen(entry.expectedReplyAt) });
  const blocks: Block[] = [
    { is: 'title', text: say('promiseMovedTitle') },
    { is: 'words', text: greeting(about, voice) },
    { is: 'words', text: moved },
    { is: 'words', text: name },
  ];
  return {
    ...envelope('promise', about, name, GENERATED),
    ...saying(voice, { subject: replySubject(facts.subject), preview: moved }, blocks),
  };
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

function excerpt(text: string): string {
  return text.length > QUOTE_CHARS_MAX ? `${beginningOf(text, QUOTE_CHARS_MAX)}…` : text;
}
