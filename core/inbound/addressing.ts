/** Whom a mail is for: the addresses of its envelope, as businesses receive them. */
import { addressInAscii, withoutPlus } from '../email/address.ts';
import { isTokenOf, type ReplyToken, readReplyToken } from '../email/reply-token.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { Policies } from '../ports.ts';

/** What a business does with an address that mail came to. */
export type Recipient =
  | { kind: 'token'; address: string; token: ReplyToken }
  | { kind: 'team'; address: string; team: string }
  /** Of a domain that is all the business's own, and yet no address of it. */
  | { kind: 'unknown'; address: string };

/** The addresses that a business receives mail at and, with an @ before it, the domain of its answers. */
export function receivedAt({ teams, mail }: Policy): string[] {
  const addresses = [...Object.values(teams).map(({ address }) => address), ...Object.keys(mail.addresses)];
  const domains = mail.repliesAt === undefined ? [] : [`@${mail.repliesAt}`];
  return [...addresses.map((address) => address.toLowerCase()), ...domains];
}

/** Those that are somebody's, by business. An address may be several businesses', and a mail be for several. */
export function recipientsOf(addresses: string[], policies: Policies): Map<string, Recipient[]> {
  const found = new Map<string, Recipient[]>();
  for (const address of new Set(addresses.map((one) => addressInAscii(one.toLowerCase())))) {
    for (const [business, recipient] of recipientsAt(address, policies)) {
      found.set(business, [...(found.get(business) ?? []), recipient]);
    }
  }
  return found;
}

function recipientsAt(address: string, policies: Policies): [business: string, Recipient][] {
  const [localPart, domain] = partsOf(address);
  // As it is written goes before what is left without its plus.
  for (const known of new Set([address, withoutPlus(address)])) {
    const businesses = policies.receiving(known);
    if (businesses.length > 0)
      return businesses.map((business) => [business, teamAt(known, address, business, policies)]);
  }
  const token = readReplyToken(localPart);
  const owners = policies.receiving(`@${domain}`);
  const addressed = token === undefined ? [] : owners.filter((business) => isTokenOf(token, business));
  if (token !== undefined && addressed.length > 0) {
    return addressed.map((business) => [business, { kind: 'token', address, token }]);
  }
  return owners.slice(0, 1).map((business) => [business, { kind: 'unknown', address }]);
}

function teamAt(known: string, address: string, business: string, policies: Policies): Recipient {
  const policy = policies.current(business);
  const team = policy && teamOf(known, policy);
  return team === undefined ? { kind: 'unknown', address } : { kind: 'team', address, team };
}

function teamOf(address: string, { source }: CompiledPolicy): string | undefined {
  const own = Object.entries(source.teams).find(([, team]) => team.address.toLowerCase() === address);
  return own?.[0] ?? source.mail.addresses[address];
}

function partsOf(address: string): [localPart: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}
