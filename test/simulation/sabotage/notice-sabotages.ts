/** Ways to break what colleagues are told of. */
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Policies } from '../../../core/ports.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { MINUTE } from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import { writing } from './broken-ports.ts';
import type { Sabotage } from './sabotage.ts';

export const NOTICE_SABOTAGES = {
  'notices that wait a minute too long': () => ({ lane: writing(later) }),
  'notices that forget the first message': () => ({ lane: writing(forgetful) }),
  'colleagues are told while they are there': () => ({ lane: ({ policies, ...deps }) => overlooking(policies, deps) }),
  'what the timer of a notice should tell is not said': () => ({ lane: writing(silent) }),
} satisfies Record<string, () => Sabotage>;

function later(entry: Entry): Entry {
  return entry.type === 'notice-planned' ? { ...entry, dueAt: entry.dueAt + MINUTE } : entry;
}

function forgetful(entry: Entry): Entry {
  return entry.type === 'notice' ? { ...entry, since: entry.since + 1 } : entry;
}

/** Somebody wants no mail who never said so. */
function silent(entry: Entry): Entry {
  return entry.type === 'notice' ? { ...entry, type: 'notice-off' } : entry;
}

function overlooking<D>(policies: Policies, deps: D): D & { policies: Policies } {
  const version: Policies['version'] = async (...args) => withoutSight(await policies.version(...args));
  return { ...deps, policies: instead(policies, { version }) };
}

function withoutSight(policy: CompiledPolicy | undefined): CompiledPolicy | undefined {
  if (policy === undefined) return undefined;
  const source = { ...policy.source, notices: { ...policy.source.notices, onThreadMinutes: 0 } };
  return instead(policy, { source });
}
