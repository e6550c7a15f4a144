/** From a composed mail to the options of nodemailer, which makes RFC 5322 of them. */
import nodemailer from 'nodemailer';
import type { OutgoingMail } from '../../core/email/mail.ts';

/** @param pathOf the file of an attachment's blob */
export function mimeOptionsOf(mail: OutgoingMail, at: number, pathOf: (key: string) => string) {
  const { 'Message-ID': messageId, 'In-Reply-To': inReplyTo, References: references, ...headers } = mail.headers;
  return {
    from: mail.from,
    to: mail.to,
    ...(mail.cc === undefined ? {} : { cc: mail.cc }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(at),
    headers,
    ...(messageId === undefined ? {} : { messageId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references === undefined ? {} : { references }),
    attachments: mail.attachments.map(({ name, mediaType, key }) => ({
      filename: name,
      contentType: mediaType,
      path: pathOf(key),
    })),
    disableUrlAccess: true,
  };
}

/** The mail as it would go over the wire. */
export async function rawMail(mail: OutgoingMail, at: number, pathOf: (key: string) => string): Promise<Buffer> {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail(mimeOptionsOf(mail, at, pathOf));
  return message as Buffer;
}
