/** Policies behind calls that may go wrong. What was read or kept once is remembered, as `LayerPolicies` does. */
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Policies } from '../../../core/ports.ts';

export function gatedPolicies(
  policies: Policies,
  call: <T>(name: string, run: () => Promise<T>) => Promise<T>,
): Policies {
  const known = new Map<string, CompiledPolicy>();
  const kept = new Set<string>();
  return {
    businesses: () => policies.businesses(),
    trusting: (issuer) => policies.trusting(issuer),
    receiving: (address) => policies.receiving(address),
    current: (business) => policies.current(business),
    version: async (business, hash) => {
      const found = known.get(hash) ?? (await call('policy version', () => policies.version(business, hash)));
      if (found !== undefined) known.set(hash, found);
      return found;
    },
    keep: async (policy) => {
      if (kept.has(policy.hash)) return;
      await call('keep policy', () => policies.keep(policy));
      kept.add(policy.hash);
    },
  };
}
