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

/** The thread of an id, for agents. @throws {Problem} 404 unless the id is of this business */
export function checkThreadId({ principal, ids }: Asking, threadId: string): void {
  if (principal.kind !== 'agent' || ids.verify(threadId)?.kind !== 'thr') throw notFound('thread');
}

/**
 * The thread of an id; undefined where the id was handed out, but its first command is not decided yet. Whose it is
 * says its head: a visitor's that was linked to a customer is theirs from then on, and the visitor's no more. Until it
 * has begun, the id itself says whose it will be.
 * @throws {Problem} 404 unless the id is of this business and, for a customer, of their own thread
 */
export async function threadOf(asking: Asking, threadId: string): Promise<Thread | undefined> {
  const { principal, ids, deps } = asking;
  const id = ids.verify(threadId);
  if (id?.kind !== 'thr' || !mayAskFor(principal, threadId)) throw notFound('thread');
  const thread = await deps.threads.load(threadId);
  if (principal.kind === 'agent') return thread;
  const isOwn = thread?.started ? thread.customer.id === ownerIdOf(principal) : ids.isOwnedBy(id, ownerOf(principal));
  if (!isOwn) throw notFound('thread');
  return thread;
}

/** A capability is for one thread. */
function mayAskFor(principal: Principal, threadId: string): boolean {
  return principal.kind !== 'capability' || principal.threadId === threadId;
}

function ownerIdOf(principal: Exclude<Principal, { kind: 'agent' }>): string {
  return principal.kind === 'visitor' ? '' : principal.customer.id;
}
