/** Whether SES may send what the policies want sent: every team's address belongs to an identity. */
import { domainOf } from '../core/email/address.ts';
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
