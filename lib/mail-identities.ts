/** Whether mail will reach whom the policies want to tell: what SES may send as, and where notices come to. */
import { domainOf, withoutPlus } from '../core/email/address.ts';
import { receivedAt } from '../core/inbound/addressing.ts';
import type { Policy } from '../core/policy/policy.ts';
import { InvalidSettings, type Settings } from './settings.ts';

/** @throws {InvalidSettings} naming every address that no identity covers */
export function checkMailIdentities(policies: Policy[], settings: Settings): void {
  const identities = [...settings.mailIdentities, ...settings.existingMailIdentities];
  const problems = policies.flatMap(({ id, teams }) =>
    Object.entries(teams).flatMap(([team, { address }]) => {
      const domain = domainOf(address);
      const covers = (identity: string) => (identity.includes('@') ? identity === address : isWithin(domain, identity));
      return identities.some(covers)
        ? []
        : [`${id}.teams.${team}.address: ${address} is of no domain or address in mailIdentities`];
    }),
  );
  if (problems.length > 0) throw new InvalidSettings(problems.join('\n'));
}

/** A verified domain covers its subdomains. */
function isWithin(domain: string, identity: string): boolean {
  return domain === identity || domain.endsWith(`.${identity}`);
}

/**
 * Teams whose notices go to an address that the product itself receives mail at: it knows them for its own, and nobody
 * is told. One line each.
 */
export function noticesThatComeBack(policies: Policy[]): string[] {
  return policies.flatMap((policy) => {
    const received = receivedAt(policy);
    return Object.entries(policy.teams).flatMap(([team, { address, notices = address }]) => {
      const plain = withoutPlus(notices.toLowerCase());
      if (!received.includes(plain) && !received.includes(`@${domainOf(notices)}`)) return [];
      return [`${policy.id}.teams.${team}.notices: once mail is received, ${notices} is no mailbox: name one`];
    });
  });
}
