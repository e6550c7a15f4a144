/** Who may see which thread. What is not the caller's to know of does not exist for them: 404, whatever it is. */

import type { Ids } from '../core/ids.ts';
import type { Thread } from '../core/thread/thread.ts';
import { ownerOf, type Principal } from './auth/principal.ts';
import { notFound } from './problem.ts';
import type { ApiDeps } from './route.ts';

interface Asking {
  principal: Principal;
  ids: Ids;
  deps: Pick<ApiDeps, 'threads'>;
}

/** @throws {Problem} 404 unless the id is of this business and, for a customer, of their own thread */
export function checkThreadId({ principal, ids }: Asking, threadId: string): void {
  const id = ids.verify(threadId);
  if (id?.kind !== 'thr' || !mayKnowOf(principal, ids.isOwnedBy(id, ownerOf(principal)), threadId))
    throw notFound('thread');
}

/** The thread of an id; undefined where the id was handed out, but its first command is not decided yet. */
export async function threadOf(asking: Asking, threadId: string): Promise<Thread | undefined> {
  checkThreadId(asking, threadId);
  const thread = await asking.deps.threads.load(threadId);
  const { principal } = asking;
  // The id's tag is short; the head knows the customer in full.
  if (thread?.started && principal.kind !== 'agent' && thread.customer.id !== ownerIdOf(principal)) {
    throw notFound('thread');
  }
  return thread;
}

function mayKnowOf(principal: Principal, isOwn: boolean, threadId: string): boolean {
  if (principal.kind === 'agent') return true;
  if (principal.kind === 'capability') return isOwn && principal.threadId === threadId;
  return isOwn;
}

function ownerIdOf(principal: Exclude<Principal, { kind: 'agent' }>): string {
  return principal.kind === 'visitor' ? '' : principal.customer.id;
}
