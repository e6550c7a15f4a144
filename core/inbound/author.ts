/** Who has written a mail, which is not always who has sent it. */
import { addressSchema } from '../email/address.ts';
import type { MailAddress } from '../email/mail.ts';
import { isOfTeams } from '../thread/participants.ts';
import type { Receiving } from './receiving.ts';

const NO_REPLY = /^(?:no|do-?_?not)[-._]?reply\b/i;
const NAME_CHARS_MAX = 100;

/** A form or a system that writes for somebody names them as whom to answer; a person writes for themselves. */
export function authorOf({ read, policy }: Receiving): MailAddress | null {
  const { from, mail } = read;
  if (from === null || !(NO_REPLY.test(from.address) || isOfTeams(from.address.toLowerCase(), policy))) return from;
  const [answered, ...more] = mail.replyTo;
  const { data: address } = addressSchema.safeParse(answered?.address);
  if (answered === undefined || address === undefined || more.length > 0) return from;
  return isOfTeams(address.toLowerCase(), policy) ? from : { name: answered.name.slice(0, NAME_CHARS_MAX), address };
}
