/**
 * Mail by SES v2. It knows no idempotency token and sets the Message-ID itself; what it has sent it tells by events of
 * the configuration set, which carry the send's id as a tag.
 */
import { domainToASCII } from 'node:url';
import { type Attachment, type MessageHeader, type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { MailResult } from '../../core/delivery/send.ts';
import type { MailAddress, OutgoingMail } from '../../core/email/mail.ts';
import { TransientFailure } from '../../core/failures.ts';
import { claimedBusinessOf } from '../../core/ids.ts';
import type { Blobs, MailOut } from '../../core/ports.ts';
import { failureName } from './calling.ts';

/** SES makes these itself, or takes them elsewhere. */
const NOT_AS_HEADERS = new Set(['message-id', 'from', 'to', 'reply-to', 'subject', 'date']);
const ENCODED_WORD_CHARS = 52;
/** The name of a file's type may be longer than SES takes it (SES API v2, Attachment). */
const CONTENT_TYPE_CHARS_MAX = 78;
const ANY_CONTENT_TYPE = 'application/octet-stream';

/** Never, whatever is tried: the mail or its addresses are not what SES takes. */
const REFUSED = new Set(['MessageRejected', 'BadRequestException', 'ValidationException']);
/** Too fast, or too much for today. */
const THROTTLED = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'LimitExceededException']);
/** What SES says, under the name of a rejected message, of a sender that nobody verified yet. */
const NOT_VERIFIED = /not verified/i;
/** `UserName@[SubDomain.]Domain.TopLevelDomain`, in ASCII (SES API, SendEmail and Destination); RFC 5322 §3.2.3. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const TAKEN = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:[A-Za-z0-9-]+\\.)+[A-Za-z0-9-]{2,}$`);
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

export class SesMailOut implements MailOut {
  readonly afterCrash = 'await-events';
  readonly renames = true;
  readonly #client: SESv2Client;
  readonly #configurationSet: string;
  readonly #blobs: Blobs;

  constructor(client: SESv2Client, configurationSet: string, blobs: Blobs) {
    this.#client = client;
    this.#configurationSet = configurationSet;
    this.#blobs = blobs;
  }

  async send(send: { id: string; attempt: number }, mail: OutgoingMail): Promise<MailResult> {
    const attachments = await this.#filesOf(mail);
    if (!Array.isArray(attachments)) return attachments;
    const { 'Reply-To': replyTo } = mail.headers;
    const copies = copiesOf(mail);
    const command = new SendEmailCommand({
      FromEmailAddress: addressText(mail.from),
      Destination: {
        ToAddresses: [addressText(mail.to)],
        ...(copies.length === 0 ? {} : { CcAddresses: copies }),
      },
      ...(replyTo === undefined ? {} : { ReplyToAddresses: [replyTo] }),
      ConfigurationSetName: this.#configurationSet,
      EmailTags: [
        { Name: 'send', Value: send.id },
        { Name: 'attempt', Value: String(send.attempt) },
        { Name: 'kind', Value: kindOf(send.id) },
        // What Gmail tells of complaints by: SES makes its Feedback-ID begin with these.
        { Name: 'ses:feedback-id-a', Value: claimedBusinessOf(send.id) },
        { Name: 'ses:feedback-id-b', Value: kindOf(send.id) },
      ],
      Content: {
        Simple: {
          Subject: utf8(mail.subject),
          Body: { Text: utf8(mail.text), Html: utf8(mail.html) },
          Headers: headersOf(mail),
          ...(attachments.length === 0 ? {} : { Attachments: attachments }),
        },
      },
    });
    try {
      const { MessageId = '' } = await this.#client.send(command);
      return { result: 'sent', providerId: MessageId };
    } catch (failure) {
      return judge(failure);
    }
  }

  /**
   * The files, or why there is no mail without them: whatever it is, nothing was begun. How they are encoded has to be
   * said: SES writes them as 7 bit where it is not, which breaks all but ASCII (developer guide, "attachments").
   */
  async #filesOf({ attachments }: OutgoingMail) {
    const files: Attachment[] = [];
    for (const { name, mediaType, key } of attachments) {
      try {
        const bytes = await this.#blobs.get(key);
        if (bytes === undefined) return refused('A file of the mail is not there any more.');
        const ContentType = mediaType.length > CONTENT_TYPE_CHARS_MAX ? ANY_CONTENT_TYPE : mediaType;
        files.push({ FileName: name, ContentType, ContentTransferEncoding: 'BASE64', RawContent: bytes });
      } catch (failure) {
        return deferred('Files cannot be had now.', failure instanceof TransientFailure);
      }
    }
    return files;
  }
}

/** What a failure of SES means for the mail. @throws the failure itself where nobody knows whether it was sent */
function judge(failure: unknown): MailResult {
  const name = failureName(failure);
  const { code = '', message = '', $metadata } = failure as SesFailure;
  const status = $metadata?.httpStatusCode ?? 0;
  const isVerified = !NOT_VERIFIED.test(message);
  if ((REFUSED.has(name) && isVerified) || status === 413) return refused(`SES refuses it: ${name}.`);
  if (THROTTLED.has(name) || status === 429) return deferred(`Not now: ${name}.`, true);
  if (NOT_CONNECTED.has(code)) return deferred(`Not now: ${code}.`, false);
  // Not allowed, not yet verified, paused: what mends it is a person. Whatever it is, SES took nothing.
  if (status >= 400 && status < 500 && status !== 408) return deferred(`Not now: ${name}.`, false);
  throw failure;
}

interface SesFailure {
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

function refused(detail: string): MailResult {
  return { result: 'refused', detail };
}

function deferred(detail: string, isThrottled: boolean): MailResult {
  return { result: 'deferred', detail, isThrottled };
}

function kindOf(sendId: string): string {
  return sendId.slice(sendId.lastIndexOf('_') + 1);
}

function headersOf({ headers }: OutgoingMail): MessageHeader[] {
  return Object.entries(headers)
    .filter(([name]) => !NOT_AS_HEADERS.has(name.toLowerCase()))
    .map(([Name, Value]) => ({ Name, Value: asciiDomains(Value) }));
}

/** SES refuses a whole mail for one address that it does not take: nobody goes without because of whom they named. */
function copiesOf({ cc = [] }: OutgoingMail): string[] {
  return cc.filter(({ address }) => TAKEN.test(asciiDomains(address))).map(addressText);
}

/** A display name in ASCII: quoted, or all of it as encoded words (RFC 2047), so that nothing in it ends it. */
function addressText({ name, address }: MailAddress): string {
  const mailbox = asciiDomains(address);
  if (name === '') return mailbox;
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  const phrase = isAscii ? `"${name.replace(/(["\\])/g, '\\$1')}"` : encodeWord(name, 'B', ENCODED_WORD_CHARS);
  return `${phrase} <${mailbox}>`;
}

/** Domains of other letters as SES wants them (RFC 3492). */
function asciiDomains(text: string): string {
  return text.replace(/@([^@<>\s]+)/g, (all, domain: string) => {
    const ascii = domainToASCII(domain);
    return ascii === '' ? all : `@${ascii}`;
  });
}

function utf8(text: string): { Data: string; Charset: 'UTF-8' } {
  return { Data: text, Charset: 'UTF-8' };
}
