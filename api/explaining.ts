/** The explanation of a thread, from its log and the versions of the policy that decided it. */
import type * as z from 'zod';
import { type ExplainedDeadline, explain } from '../core/explain/explain.ts';
import type { ExplainedThread } from '../core/explain/page.ts';
import type { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import type { LogItem } from '../core/thread/entry.ts';
import type { Thread } from '../core/thread/thread.ts';
import type { explanation } from './answers.ts';
import { instantText, nullableInstantText } from './instants.ts';
import type { ApiDeps } from './route.ts';

/** Log items that are explained: the last ones. */
const ITEMS_MAX = 500;

type View = z.output<typeof explanation>;

export async function explained(thread: Thread, policy: CompiledPolicy, deps: ApiDeps): Promise<ExplainedThread> {
  const { threads, policies, clock } = deps;
  // An item holds an entry at least.
  const items = await threads.log(thread.id, Math.max(0, thread.seq - ITEMS_MAX), ITEMS_MAX);
  const versions = await versionsIn(items, thread.business, policies);
  const explanation = explain(thread, items, (hash) => versions.get(hash), clock.now());
  const { timeZone } = policy.teamOrDefault(thread.team).hours;
  return { thread, explanation, isWhole: thread.seq <= ITEMS_MAX, timeZone };
}

export function explanationView({ explanation, isWhole }: ExplainedThread): View {
  const { entries, deadlines } = explanation;
  return {
    entries: entries.map(({ at, author, ...more }) => ({ ...more, at: instantText(at), author: author.id })),
    deadlines: deadlines.map(deadlineView),
    isWhole,
  };
}

async function versionsIn(
  items: LogItem[],
  business: string,
  policies: ApiDeps['policies'],
): Promise<Map<string, CompiledPolicy>> {
  const hashes = new Set(items.flatMap(({ decisions }) => decisions.map(({ policy }) => policy)));
  const versions = new Map<string, CompiledPolicy>();
  for (const hash of hashes) {
    const policy = await policies.version(business, hash);
    if (policy !== undefined) versions.set(hash, policy);
  }
  return versions;
}

function deadlineView(deadline: ExplainedDeadline): View['deadlines'][number] {
  const { startedAt, countedUntil, dueAt, breachedAt, pauses, counted, next } = deadline;
  const stretch = ({ from, to }: { from: number; to: number | null }) => {
    return { from: instantText(from), to: nullableInstantText(to) };
  };
  return {
    ...deadline,
    startedAt: instantText(startedAt),
    countedUntil: instantText(countedUntil),
    dueAt: nullableInstantText(dueAt),
    breachedAt: nullableInstantText(breachedAt),
    pauses: pauses.map(stretch),
    counted: counted.map(stretch),
    next: next && { event: next.event, at: instantText(next.at) },
  };
}
