/** What became of a command, as its author and the business's agents may read it. */
import type * as z from 'zod';
import { mintCapability } from '../core/capability.ts';
import type { ThreadStore } from '../core/ports.ts';
import type { Outcome } from '../core/thread/commit.ts';
import { entriesOf } from '../core/thread/entry.ts';
import type { accepted } from './answers.ts';
import { ownerOf, type Principal } from './auth/principal.ts';
import { nullableInstantText } from './instants.ts';
import { notFound, Problem } from './problem.ts';
import type { ApiDeps, Call } from './route.ts';

export type AcceptedView = z.output<typeof accepted>;

/** A message moves on through a closed thread and its follow-up at most, and through each merge. */
const HOPS_MAX = 100;
const LOG_PAGE = 100;
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 250;

interface Asked {
  threadId: string;
  commandId: string;
}

/** What a command came to, where it came to it; undefined while it, or what it became on another lane, is undecided. */
async function settledOutcome(threads: ThreadStore, asked: Asked): Promise<Outcome | undefined> {
  let { threadId, commandId } = asked;
  for (let hop = 0; hop < HOPS_MAX; hop += 1) {
    const outcome = await threads.outcome(threadId, commandId);
    const redriven =
      outcome?.status === 'set-aside' ? await redrivenBy(threads, threadId, commandId, outcome) : undefined;
    if (redriven !== undefined) {
      commandId = redriven;
      continue;
    }
    if (outcome?.forwardedTo === undefined) return outcome;
    ({ thread: threadId, command: commandId } = outcome.forwardedTo);
  }
  return undefined;
}

/** The command by which one that had been set aside was sent again and decided; undefined while there is none. */
async function redrivenBy(
  threads: ThreadStore,
  threadId: string,
  commandId: string,
  { logSeq }: Outcome,
): Promise<string | undefined> {
  let setAside: number | undefined;
  for (let after = (logSeq ?? 0) - 1; ; ) {
    const items = await threads.log(threadId, after, LOG_PAGE);
    for (const entry of items.flatMap(entriesOf)) {
      if (entry.type === 'set-aside' && entry.cause.command === commandId) setAside = entry.seq;
      if (entry.type === 'redriven' && entry.setAside === setAside) return entry.cause.command;
    }
    if (items.length < LOG_PAGE) return undefined;
    after = items.at(-1)?.lastSeq ?? after;
  }
}

/** Looks for an outcome until there is one or `waitSeconds` have passed. */
export async function awaitOutcome(deps: ApiDeps, asked: Asked, waitSeconds: number): Promise<Outcome | undefined> {
  let leftMs = waitSeconds * 1000;
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LAST_LOOK_MS)) {
    const outcome = await settledOutcome(deps.threads, asked);
    if (outcome !== undefined || leftMs <= 0) return outcome;
    await deps.pause(Math.min(lookMs, leftMs));
    leftMs -= lookMs;
  }
}

/** The command as `accepted`, with its outcome where there is one. A set-aside one waits for a person: accepted. */
export async function outcomeView(
  { principal, deps }: { principal: Principal; deps: ApiDeps },
  commandId: string,
  threadId: string,
  outcome: Outcome | undefined,
): Promise<AcceptedView> {
  if (outcome === undefined) return { status: 'accepted', commandId, threadId };
  const landedIn = outcome.thread;
  const thread = outcome.status === 'done' ? await deps.threads.load(landedIn) : undefined;
  return {
    status: outcome.status === 'done' || outcome.status === 'rejected' ? outcome.status : 'accepted',
    commandId,
    threadId: landedIn,
    ...(outcome.messageId === undefined ? {} : { messageId: outcome.messageId }),
    ...(thread === undefined ? {} : { expectedReplyAt: nullableInstantText(thread.expectedReplyAt) }),
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    ...(landedIn === threadId ? {} : await newCapability(principal, landedIn, deps)),
  };
}

/** A visitor whose message went on to another thread needs the token of that one. */
async function newCapability(principal: Principal, threadId: string, deps: ApiDeps): Promise<{ token?: string }> {
  if (principal.kind !== 'capability') return {};
  const secrets = await deps.secrets.of(principal.business);
  if (secrets === undefined) return {};
  return { token: mintCapability(secrets.capabilityKeys, threadId, principal.customer.id) };
}

/** @throws {Problem} 409, or 412 where If-Match lost */
export function throwIfRejected(
  { status, reason }: Outcome,
  more: { commandId: string; threadId: string },
  headers: Record<string, string>,
): void {
  if (status !== 'rejected' || reason === undefined) return;
  const httpStatus = reason.code === 'version-mismatch' ? 412 : 409;
  throw new Problem(httpStatus, reason.code, { detail: reason.detail, more, headers });
}

/** @throws {Problem} 404 for an id that is made up, or not the caller's to know of */
export async function readOutcome(call: Call<{ id: string }, unknown, unknown>): Promise<AcceptedView> {
  const { principal, ids, deps, params } = call;
  const id = ids.verify(params.id);
  if (id?.kind !== 'cmd' || id.threadId === null) throw notFound('command');
  const isAuthor = ids.isOwnedBy(id, ownerOf(principal));
  const isReadable =
    principal.kind === 'agent' || (isAuthor && (principal.kind !== 'capability' || principal.threadId === id.threadId));
  if (!isReadable) throw notFound('command');
  const { threadId } = id;
  const outcome = await settledOutcome(deps.threads, { threadId, commandId: params.id });
  return outcomeView(call, params.id, threadId, outcome);
}
