/** What has to be known of every business before its policy is read: who is served, and whose tokens it trusts. */
import { receivedAt } from '../inbound/addressing.ts';
import type { Policy } from './policy.ts';

export interface PolicyIndex {
  businesses: Record<string, { issuers: string[]; mail: string[] }>;
}

export function policyIndexOf(policies: Policy[]): PolicyIndex {
  return {
    businesses: Object.fromEntries(
      policies.map((policy) => [
        policy.id,
        { issuers: policy.agentIssuers.map(({ issuer }) => issuer), mail: receivedAt(policy) },
      ]),
    ),
  };
}
