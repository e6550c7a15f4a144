/** All that is done with a mail that comes in, and what must be true of it whatever the mail is. */
import { type Display, displayHtml } from '../../../../core/email/display.ts';
import { classify } from '../../../../core/email/machine/classify.ts';
import { readMail } from '../../../../core/email/received/read-mail.ts';
import type { ReceivedMail } from '../../../../core/email/received/received-mail.ts';
import { parseForward } from '../../../../core/email/written/forward.ts';
import { parseReplyHtml } from '../../../../core/email/written/html-reply.ts';
import { parseReply } from '../../../../core/email/written/reply.ts';
import { unexpectedIn } from '../shown-html.ts';

/** What a mail came to: how it is counted, and what is wrong. */
export interface Outcome {
  label: string;
  cutAt: string[];
  defects: string[];
}

export function wholePath(bytes: Uint8Array): Outcome {
  const mail = readMail(bytes);
  if ('unreadable' in mail) return { label: mail.unreadable, cutAt: [], defects: [] };
  const { label, failed, originalMessageId } = classify(mail);
  const text = mail.text ?? '';
  const written = parseReply(text, { signature: 'strip' });
  parseForward(text, mail.subject);
  const shown = mail.html === null ? [] : [mail.html, parseReplyHtml(mail.html).html].flatMap(defectsOfShown);
  const defects = [
    ...defectsOfMail(mail),
    ...shown,
    ...failed.filter(({ address }) => !/^\S+@\S+$/.test(address)).map(({ address }) => `failed address ${address}`),
    ...(originalMessageId !== null && /[\s<>]/.test(originalMessageId) ? [`original id ${originalMessageId}`] : []),
    ...(written.visible.length > text.length ? ['more was written than there is'] : []),
  ];
  return { label, cutAt: mail.cutAt, defects };
}

function defectsOfMail({ headers, subject, attachments, from, to, cc, messageId }: ReceivedMail): string[] {
  const lines = [subject ?? '', messageId ?? '', ...headers.flat(), ...[...from, ...to, ...cc].flatMap(Object.values)];
  const names = attachments.map(({ name }) => name);
  return [
    ...lines.filter((line) => /[\r\n]/.test(line)).map((line) => `a line break in ${JSON.stringify(line)}`),
    ...names.filter((name) => !/^[^/\\\p{Cc}]+$/u.test(name) || /^\.+$/.test(name)).map((name) => `file name ${name}`),
  ];
}

const display: Display = { ownImages: new Map([['pic@x', '/v1/files/1']]), remoteImages: false };

function defectsOfShown(html: string): string[] {
  return [display, { ...display, remoteImages: true }].flatMap((how) => {
    const once = displayHtml(html, how).html;
    const again = displayHtml(once, how).html;
    return [...unexpectedIn(once), ...(again === once ? [] : ['shown otherwise the second time'])];
  });
}
