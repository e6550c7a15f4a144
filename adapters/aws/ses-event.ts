/** Events of an SES configuration set, as EventBridge delivers them (SES developer guide, "SES events schema"). */
import * as z from 'zod';
import type { ProviderEvent } from '../../core/delivery/provider-event.ts';

const tag = z.array(z.string()).min(1);
const addressed = z.object({ emailAddress: z.string() });
/** As `sendIdOf` makes it: another application may have a tag of this name, too. */
const SEND_ID = /^snd_[a-z0-9-]+_[0-9a-z]+_\d+_[a-z]+$/;

const sesEventSchema = z.object({
  source: z.literal('aws.ses'),
  'detail-type': z.string(),
  detail: z.object({
    mail: z.object({
      messageId: z.string(),
      /** Its recipient, then who gets a copy. */
      destination: z.array(z.string()).default([]),
      tags: z.object({ send: z.tuple([z.string().regex(SEND_ID)], z.string()), attempt: tag }),
    }),
    bounce: z
      .object({
        ...{ bounceType: z.string(), bounceSubType: z.string() },
        bouncedRecipients: z.array(addressed).default([]),
      })
      .optional(),
    complaint: z
      .object({
        ...{ complaintFeedbackType: z.string().nullish(), complaintSubType: z.string().nullish() },
        complainedRecipients: z.array(addressed).default([]),
      })
      .optional(),
    reject: z.object({ reason: z.string() }).optional(),
    delivery: z.object({ recipients: z.array(z.string()).default([]) }).optional(),
    deliveryDelay: z.object({ delayType: z.string(), delayedRecipients: z.array(addressed).default([]) }).optional(),
  }),
});

const STATES: Record<string, ProviderEvent['state']> = {
  'Email Sent': 'sent',
  'Email Delivered': 'delivered',
  'Email Delivery Delayed': 'delayed',
  'Email Bounced': 'bounced',
  'Email Complaint Received': 'complained',
  'Email Rejected': 'rejected',
};
/** SES developer guide, "Complaint object": accepted, and not sent, for the address is on the account's list. */
const SUPPRESSED = 'OnAccountSuppressionList';
/** What the rule on the bus lets through. */
export const SES_EVENT_TYPES = Object.keys(STATES);

/** Undefined for an event of another kind, or of a mail that is not ours. */
export function providerEventOf(event: unknown): ProviderEvent | undefined {
  const parsed = sesEventSchema.safeParse(event);
  const told = parsed.success ? STATES[parsed.data['detail-type']] : undefined;
  if (!parsed.success || told === undefined) return undefined;
  const { mail, bounce, complaint, reject, deliveryDelay } = parsed.data.detail;
  const isOfCopy = isAboutCopies(parsed.data.detail);
  // Nobody complained of a mail that SES did not even try, because somebody once had.
  const isSuppressed = complaint?.complaintSubType === SUPPRESSED;
  const state = isSuppressed ? 'rejected' : told;
  const detail =
    bounce === undefined
      ? ((isSuppressed ? SUPPRESSED : complaint?.complaintFeedbackType) ??
        reject?.reason ??
        deliveryDelay?.delayType ??
        '')
      : `${bounce.bounceType} ${bounce.bounceSubType}`;
  const [sendId] = mail.tags.send;
  // Where a mailbox is full or a server away, the address is as good as before.
  const gone = bounce?.bounceType === 'Permanent' ? bounce.bouncedRecipients : [];
  const bouncedFrom = gone.map(({ emailAddress }) => emailAddress);
  const { messageId: providerId } = mail;
  return { state, sendId, attempt: Number(mail.tags.attempt[0]), providerId, detail, bouncedFrom, isOfCopy };
}

type Detail = z.infer<typeof sesEventSchema>['detail'];

/** One mail goes to its recipient and to who gets a copy, and each of them has events of their own. */
function isAboutCopies({ mail, bounce, complaint, delivery, deliveryDelay }: Detail): boolean {
  const named = [
    ...[bounce?.bouncedRecipients, complaint?.complainedRecipients, deliveryDelay?.delayedRecipients].flatMap(
      (all = []) => all.map(({ emailAddress }) => emailAddress),
    ),
    ...(delivery?.recipients ?? []),
  ].map((address) => address.toLowerCase());
  const [recipient] = mail.destination;
  return named.length > 0 && recipient !== undefined && !named.includes(recipient.toLowerCase());
}
