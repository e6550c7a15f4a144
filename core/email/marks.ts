/** What marks a mail as ours: by the first we know it again, by the second we know what an answer to it is about. */
import { hmacSha256 } from '../digest.ts';
import { base32 } from '../ids.ts';
import type { BusinessSecrets } from '../policy/business-secrets.ts';
import type { MailPolicy } from '../policy/mail-policy.ts';
import { type Correspondent, replyLocalPart } from './reply-token.ts';

export interface Marks {
  /** The value of our own header. */
  loop: string;
  /** Where an answer goes; null where it is to go where the mail came from. */
  replyTo: string | null;
}

/** In lower case, as received headers are. */
export const LOOP_HEADER = 'x-meanwhile-loop';
const LOOP_CHARS = 20;

/** The same for every mail of this business from this installation, and from no other. */
export function loopMark({ idKey }: Pick<BusinessSecrets, 'idKey'>, business: string): string {
  return base32(hmacSha256(idKey, `loop\n${business}`), LOOP_CHARS);
}

export function marksOf(
  secrets: BusinessSecrets,
  { repliesAt }: MailPolicy,
  mail: { business: string; threadId: string; to: Correspondent; at: number },
): Marks {
  const localPart = repliesAt === undefined ? undefined : replyLocalPart(secrets.mailKeys, mail);
  return {
    loop: loopMark(secrets, mail.business),
    replyTo: localPart === undefined ? null : `${localPart}@${repliesAt}`,
  };
}
