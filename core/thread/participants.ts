/** Who else is in a conversation by mail. Nobody is invented: they are who a mail named. */
import { withoutPlus } from '../email/address.ts';
import type { MailAddress } from '../email/mail.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import { PARTICIPANTS_MAX, type Thread } from './thread.ts';

/**
 * Of those a mail names, who joins: not its customer, nobody of the business, nobody twice. What names very many was
 * sent round: nobody joins by it.
 */
export function newParticipants(
  told: MailAddress[],
  { participants, customer }: Thread,
  policy: CompiledPolicy,
): MailAddress[] {
  if (told.length > PARTICIPANTS_MAX) return [];
  const known = new Set(participants.map(keyOf));
  if (customer.email !== null) known.add(customer.email.toLowerCase());
  const joining: MailAddress[] = [];
  for (const { name, address } of told) {
    const key = address.toLowerCase();
    if (known.has(key) || isOwn(key, policy) || participants.length + joining.length >= PARTICIPANTS_MAX) continue;
    known.add(key);
    joining.push({ name, address });
  }
  return joining;
}

/** Those who get an answer beside its customer; the policy, and who the customer is, may have changed since. */
export function alsoAnswered(participants: MailAddress[], to: MailAddress, policy: CompiledPolicy): MailAddress[] {
  const others = participants.filter((participant) => keyOf(participant) !== keyOf(to));
  return others.filter((participant) => !isOwn(keyOf(participant), policy));
}

export function isParticipant(address: string, { participants }: Pick<Thread, 'participants'>): boolean {
  return participants.some((participant) => keyOf(participant) === address.toLowerCase());
}

/** A mail to one's own address comes back as a message, and an agent is told otherwise. */
function isOwn(address: string, policy: CompiledPolicy): boolean {
  const agents = Object.values(policy.source.agents).map(({ email }) => email);
  return isOfTeams(address, policy) || isAmong(agents, address);
}

/** Whether an address in lower case is one of the business itself: nobody writes from there who could be answered. */
export function isOfTeams(address: string, { source: { teams, mail } }: CompiledPolicy): boolean {
  if (mail.repliesAt !== undefined && address.endsWith(`@${mail.repliesAt}`)) return true;
  const all = Object.values(teams).flatMap(({ address, notices = address }) => [address, notices]);
  return isAmong([...all, ...Object.keys(mail.addresses)], address);
}

function isAmong(all: string[], address: string): boolean {
  return all.some((own) => own.toLowerCase() === withoutPlus(address) || own.toLowerCase() === address);
}

function keyOf({ address }: MailAddress): string {
  return address.toLowerCase();
}
