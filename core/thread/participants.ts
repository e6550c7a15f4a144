/** Who else is in a conversation by mail. Nobody is invented: they are who a mail named. */
import type { MailAddress } from '../email/mail.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import { PARTICIPANTS_MAX, type Thread } from './thread.ts';

/** Of those a mail names, who joins: not its customer, nobody of the business, nobody twice. */
export function newParticipants(
  told: MailAddress[],
  { participants, customer }: Thread,
  policy: CompiledPolicy,
): MailAddress[] {
  const known = new Set([...ownAddresses(policy), ...participants.map(keyOf)]);
  if (customer.email !== null) known.add(customer.email.toLowerCase());
  const joining: MailAddress[] = [];
  for (const { name, address } of told) {
    const key = address.toLowerCase();
    if (known.has(key) || participants.length + joining.length >= PARTICIPANTS_MAX) continue;
    known.add(key);
    joining.push({ name, address });
  }
  return joining;
}

/** Those who get an answer beside its customer; the policy, and who the customer is, may have changed since. */
export function alsoAnswered(participants: MailAddress[], to: MailAddress, policy: CompiledPolicy): MailAddress[] {
  const own = new Set([...ownAddresses(policy), keyOf(to)]);
  return participants.filter((participant) => !own.has(keyOf(participant)));
}

/** A mail to one's own address comes back as a message, and an agent is told otherwise. */
function ownAddresses({ source }: CompiledPolicy): string[] {
  const teams = Object.values(source.teams).map(({ address }) => address);
  return [...teams, ...Object.values(source.agents).map(({ email }) => email)].map((address) => address.toLowerCase());
}

function keyOf({ address }: MailAddress): string {
  return address.toLowerCase();
}
