/**
 * Mail by SES v2. It knows no idempotency token and sets the Message-ID itself; what it has sent it tells by events of
 * the configuration set, which carry the send's id as a tag.
 */
import { type MessageHeader, type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { encodeWords } from 'nodemailer/lib/mime-funcs';
import type { MailResult } from '../../core/delivery/send.ts';
import type { MailAddress, OutgoingMail } from '../../core/email/mail.ts';
import { TransientFailure } from '../../core/failures.ts';
import type { Blobs, MailOut } from '../../core/ports.ts';
import { failureName } from './calling.ts';

/** SES makes these itself, or takes them elsewhere. */
const NOT_AS_HEADERS = new Set(['message-id', 'from', 'to', 'subject', 'date']);
const ENCODED_WORD_CHARS = 52;

/** Never, whatever is tried: the mail or its addresses are not what SES takes. */
const REFUSED = new Set(['MessageRejected', 'BadRequestException', 'ValidationException']);
/** Too fast, or too much for today. */
const THROTTLED = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'LimitExceededException']);
/** Nothing was begun: not yet allowed, paused, or not to be reached. What mends it is a person. */
const NOT_BEGUN = new Set([
  'AccessDeniedException',
  'AccountSuspendedException',
  'ExpiredTokenException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
  'SendingPausedException',
  'UnrecognizedClientException',
]);
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

export class SesMailOut implements MailOut {
  readonly afterCrash = 'await-events';
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
    if (attachments === 'transient')
      return { result: 'deferred', detail: 'Files cannot be had now.', isThrottled: true };
    if (attachments === 'missing') return { result: 'refused', detail: 'A file of the mail is not there any more.' };
    const command = new SendEmailCommand({
      FromEmailAddress: addressText(mail.from),
      Destination: { ToAddresses: [addressText(mail.to)] },
      ConfigurationSetName: this.#configurationSet,
      EmailTags: [
        { Name: 'send', Value: send.id },
        { Name: 'attempt', Value: String(send.attempt) },
        { Name: 'kind', Value: send.id.slice(send.id.lastIndexOf('_') + 1) },
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

  async #filesOf({ attachments }: OutgoingMail) {
    const files: { FileName: string; ContentType: string; RawContent: Uint8Array }[] = [];
    for (const { name, mediaType, key } of attachments) {
      try {
        const bytes = await this.#blobs.get(key);
        if (bytes === undefined) return 'missing';
        files.push({ FileName: name, ContentType: mediaType, RawContent: bytes });
      } catch (failure) {
        if (failure instanceof TransientFailure) return 'transient';
        throw failure;
      }
    }
    return files;
  }
}

/** What a failure of SES means for the mail. @throws the failure itself where nobody knows whether it was sent */
function judge(failure: unknown): MailResult {
  const name = failureName(failure);
  const { code = '' } = failure as { code?: string };
  if (REFUSED.has(name)) return { result: 'refused', detail: `SES refuses it: ${name}.` };
  if (THROTTLED.has(name)) return { result: 'deferred', detail: `Not now: ${name}.`, isThrottled: true };
  if (NOT_BEGUN.has(name) || NOT_CONNECTED.has(code)) {
    return { result: 'deferred', detail: `Not now: ${NOT_BEGUN.has(name) ? name : code}.`, isThrottled: false };
  }
  throw failure;
}

function headersOf({ headers }: OutgoingMail): MessageHeader[] {
  return Object.entries(headers)
    .filter(([name]) => !NOT_AS_HEADERS.has(name.toLowerCase()))
    .map(([Name, Value]) => ({ Name, Value }));
}

/** A display name in ASCII: as an encoded word (RFC 2047) where it has other letters, else quoted. */
function addressText({ name, address }: MailAddress): string {
  if (name === '') return address;
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  const phrase = isAscii ? `"${name.replace(/(["\\])/g, '\\$1')}"` : encodeWords(name, 'B', ENCODED_WORD_CHARS);
  return `${phrase} <${address}>`;
}

function utf8(text: string): { Data: string; Charset: 'UTF-8' } {
  return { Data: text, Charset: 'UTF-8' };
}
