/** Notices of Amazon SES that somebody subscribed to by mail: JSON that the notification service sends as text. */
import { fieldOf } from '../received/header.ts';
import type { ReceivedMail } from '../received/received-mail.ts';
import type { Classified, MailLabel } from './classify.ts';
import { failureOf } from './failure.ts';

const LABELS: Record<string, MailLabel> = { Bounce: 'bounce', Complaint: 'complaint', DeliveryDelay: 'delay' };
const BOUNCED = /"bouncedRecipients"\s*:\s*\[([^\]]{0,20000})\]/;

/** By pattern, not parsed: mail breaks its lines. */
export function providerNotice(mail: ReceivedMail): Classified | null {
  const text = mail.text ?? '';
  const [, kind] = /^\s*\{[^{}]{0,500}"(?:notificationType|eventType)"\s*:\s*"(\w{1,30})"/.exec(text) ?? [];
  if (kind === undefined || fieldOf(mail.headers, 'x-amz-sns-message-id') === null) return null;
  const label = LABELS[kind] ?? 'auto_reply';
  const recipients = label === 'bounce' ? (BOUNCED.exec(text)?.[1] ?? '').split('}') : [];
  const failed = recipients.flatMap((recipient) => {
    const address = /"emailAddress"\s*:\s*"([^"]+@[^"]+)"/.exec(recipient)?.[1];
    return address === undefined
      ? []
      : [failureOf(address, /"status"\s*:\s*"([\d.]+)"/.exec(recipient)?.[1] ?? null, recipient)];
  });
  const originalMessageId = /"message-id"\s*,\s*"value"\s*:\s*"<?([^">]{1,500})/i.exec(text)?.[1] ?? null;
  return { label, evidence: `notice of the provider: ${kind}`, failed, originalMessageId };
}
