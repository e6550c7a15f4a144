/** Who else is in a conversation by mail. Nobody is invented: they are who a mail named. */
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

/** A mail to one's own address comes back as a message, and an agent is told otherwise. */
function isOwn(address: string, { source }: CompiledPolicy): boolean {
  const { teams, agents, mail } = source;
  if (mail.repliesAt !== undefined && address.endsWith(`@${mail.repliesAt}`)) return true;
  return [
    ...Object.values(teams).flatMap((team) => [team.address, team.notices]),
    ...Object.values(agents).map(({ email }) => email),
    ...Object.keys(mail.addresses),
  ].some((own) => own?.toLowerCase() === withoutPlus(address) || own?.toLowerCase() === address);
}

/** Mail to `billing+2026@` is the team's of `billing@`. */
function withoutPlus(address: string): string {
  return address.replace(/\+[^@]*@/, '@');
}

function keyOf({ address }: MailAddress): string {
  return address.toLowerCase();
}
