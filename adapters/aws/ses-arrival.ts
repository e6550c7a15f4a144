/** Mail that SES has received, as its S3 action tells a topic (SES developer guide, "Contents of notifications"). */
import * as z from 'zod';
import type { Verdicts } from '../../core/thread/mail-facts.ts';

/** As SES names itself in the Authentication-Results that it writes on top. */
export const SES_AUTHORITY = 'amazonses.com';

const verdict = z.object({ status: z.string() }).optional();
const receivedSchema = z.object({
  notificationType: z.literal('Received'),
  mail: z.object({ source: z.string().default('') }),
  receipt: z.object({
    recipients: z.array(z.string()),
    ...{
      spamVerdict: verdict,
      virusVerdict: verdict,
      spfVerdict: verdict,
      dkimVerdict: verdict,
      dmarcVerdict: verdict,
    },
    action: z.object({ type: z.literal('S3'), objectKey: z.string() }),
  }),
});

export interface Arrival {
  rawKey: string;
  sender: string;
  recipients: string[];
  verdicts: Verdicts;
}

const STATUSES: Record<string, Verdicts[keyof Verdicts]> = { PASS: 'pass', FAIL: 'fail', GRAY: 'gray' };

/** Undefined for what is no such notification. */
export function arrivalOf(notification: unknown): Arrival | undefined {
  const { data } = receivedSchema.safeParse(notification);
  if (data === undefined) return undefined;
  const { mail, receipt } = data;
  const of = (told: z.infer<typeof verdict>) => STATUSES[told?.status ?? ''] ?? 'none';
  return {
    rawKey: receipt.action.objectKey,
    sender: mail.source === '<>' ? '' : mail.source,
    recipients: receipt.recipients,
    verdicts: {
      ...{ spam: of(receipt.spamVerdict), virus: of(receipt.virusVerdict), spf: of(receipt.spfVerdict) },
      ...{ dkim: of(receipt.dkimVerdict), dmarc: of(receipt.dmarcVerdict) },
    },
  };
}
