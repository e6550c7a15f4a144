/** The mail of ours that a machine's mail is about: as it sends it back, whole or in part. */
import { addressesOf, idsOf, messageIdOf } from '../received/field-values.ts';
import { fieldOf, type Header, readHeader } from '../received/header.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import { receiptFields, reportFields } from './report.ts';

export interface Original {
  messageId: string | null;
  /** In lower case. */
  recipients: Set<string>;
  senders: Set<string>;
}

const RETURNED = /^(?:message\/(?:rfc822|global|rfc822-headers|global-headers|partial)|text\/rfc822-headers)$/;
const HEADER_BYTES_MAX = 64 * 1024;
const TEXT_CHARS_MAX = 64 * 1024;
/** Of one kind, addresses of so many fields are looked at. */
const FIELDS_MAX = 20;
const nothingCut = (): void => {};

export function originalOf(mail: ReceivedMail): Original {
  const fields = returnedFields(mail);
  const named = [...reportFields(mail), ...receiptFields(mail)];
  const addresses = (...names: string[]) =>
    new Set(
      fields
        .filter(([name]) => names.includes(name))
        .slice(0, FIELDS_MAX)
        .flatMap(([, value]) => addressesOf(value, nothingCut).map(({ address }) => address.toLowerCase())),
    );
  const answered = [...idsOf(fieldOf(mail.headers, 'in-reply-to'), nothingCut), ...mail.references];
  return {
    messageId:
      messageIdOf(fieldOf(fields, 'message-id')) ??
      messageIdOf(fieldOf(named, 'original-message-id')) ??
      answered.at(-1) ??
      null,
    recipients: addresses('to', 'cc', 'bcc', 'resent-to', 'x-envelope-to', 'x-rcpt-to', 'envelope-to'),
    senders: addresses('from', 'sender', 'reply-to', 'return-path', 'envelope-from', 'x-envelope-from'),
  };
}

/** The header of the returned mail: of its own part, of a file of headers, or what looks like one among the words. */
function returnedFields(mail: ReceivedMail): Header['fields'] {
  for (const { mediaType, bytes, name } of mail.attachments) {
    if (!RETURNED.test(mediaType) && !(mediaType === 'text/plain' && /header/i.test(name))) continue;
    const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_BYTES_MAX));
    const { fields } = readHeader(start, firstLine(start), () => false, nothingCut);
    if (fields.length > 0) return fields;
  }
  return fieldsInWords(mail.text ?? '');
}

function firstLine(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}

const NAMES = 'message-id|to|cc|bcc|from|sender|reply-to|return-path|envelope-to|x-envelope-to';
const FIELD = new RegExp(`^[ \\t>|]{0,20}(${NAMES})[ \\t]{0,4}:[ \\t]*(.*(?:\\n[ \\t>|]{1,20}<[^\\n]*)?)`, 'gim');

function fieldsInWords(text: string): Header['fields'] {
  return [...text.slice(0, TEXT_CHARS_MAX).matchAll(FIELD)].map(([, name = '', value = '']) => [
    name.toLowerCase(),
    value.replace(/\n[ \t>|]*/g, ' '),
  ]);
}
