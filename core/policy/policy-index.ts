/** What has to be known of every business before its policy is read: who is served, and whose tokens it trusts. */
import type { Policy } from './policy.ts';

export interface PolicyIndex {
  businesses: Record<string, { issuers: string[] }>;
}

export function policyIndexOf(policies: Policy[]): PolicyIndex {
  return {
    businesses: Object.fromEntries(
      policies.map(({ id, agentIssuers }) => [id, { issuers: agentIssuers.map(({ issuer }) => issuer) }]),
    ),
  };
}
