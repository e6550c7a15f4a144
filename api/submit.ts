/** How every write goes: minted, accepted, and, where the caller wants to wait, answered with its outcome. */

import { ENTROPY_BYTES, messageIdOf, type Owner } from '../core/ids.ts';
import { accept, type Minted } from '../core/intake/accept.ts';
import { findAttachments, placeContent, type Written } from '../core/intake/content.ts';
import type { Command, CommandBody } from '../core/thread/command.ts';
import type { Attachment, Content } from '../core/thread/content.ts';
import { type Author, commandOwner } from '../core/thread/entry.ts';
import type { Thread } from '../core/thread/thread.ts';
import { threadOf } from './access.ts';
import { authorOf, ownerOf } from './auth/principal.ts';
import { nullableInstantText } from './instants.ts';
import { awaitOutcome, outcomeView, throwIfRejected } from './outcomes.ts';
import { invalid, Problem } from './problem.ts';
import type { ApiDeps, Call, Reply } from './route.ts';

type AnyCall = Call<unknown, unknown, unknown>;

export interface Submission {
  /** The lane of an existing thread, or whose new thread this is. */
  thread: { id: string } | { customerId: string };
  /** Who writes, once it is known for whom: a visitor becomes a customer by writing. */
  author: (minted: Minted) => Author;
  expectedReplyAt?: number | null;
  /** What the promise was counted from; of a command that is sent again, when it was first: its clock goes on. */
  acceptedAt?: number;
  /** The set-aside entry that is sent again. */
  redrives?: number;
  body: (minted: Minted, messageId: string) => CommandBody | Promise<CommandBody>;
  /** What the answer has beside the command and thread. */
  answer?: (minted: Minted) => Promise<Record<string, string>>;
  /** Whether the answer names the message. */
  isMessage?: boolean;
}

/** Submits a wish about a new thread or one that was checked to be the caller's. */
export async function submit(call: AnyCall, submission: Submission): Promise<Reply> {
  const { deps, policy, idempotency, ifMatch, waitSeconds } = call;
  const { expectedReplyAt, redrives } = submission;
  const wish = {
    idempotency,
    minted: mint(call, submission),
    command: async (minted: Minted): Promise<Command> => ({
      schema: 1,
      id: minted.commandId,
      business: policy.business,
      thread: minted.threadId,
      acceptedAt: minted.acceptedAt,
      policy: policy.hash,
      author: submission.author(minted),
      control: 'agent',
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(redrives === undefined ? {} : { redrives }),
      ...(expectedReplyAt === undefined ? {} : { expectedReplyAt: minted.expectedReplyAt }),
      body: await submission.body(minted, messageIdOf(minted.commandId)),
    }),
  };
  // What is accepted is decided by the rules that applied when it was, whatever is deployed in between.
  await deps.policies.keep(policy);
  const accepted = await accept(wish, deps);
  if (accepted === 'mismatch') throw keyMismatch();
  const { minted, isReplay } = accepted;
  const { threadId, commandId } = minted;
  const headersFor = (thread: string): Record<string, string> => ({
    Location: `${call.principal.kind === 'agent' ? '/v1/agent' : '/v1'}/threads/${thread}`,
    ...(isReplay ? { 'Idempotent-Replayed': 'true' } : {}),
    ...(waitSeconds > 0 ? { 'Preference-Applied': `wait=${waitSeconds}` } : {}),
  });
  const known = {
    status: 'accepted',
    commandId,
    threadId,
    ...(submission.isMessage ? { messageId: messageIdOf(commandId) } : {}),
    ...(expectedReplyAt === undefined ? {} : { expectedReplyAt: nullableInstantText(minted.expectedReplyAt) }),
    ...(await submission.answer?.(minted)),
  };
  const outcome = waitSeconds > 0 ? await awaitOutcome(deps, minted, waitSeconds) : undefined;
  if (outcome === undefined) return { status: 202, body: known, headers: headersFor(threadId) };
  const headers = headersFor(outcome.thread);
  throwIfRejected(outcome, { commandId, threadId }, headers);
  const decided = await outcomeView(call, commandId, threadId, outcome);
  return { status: decided.status === 'done' ? 200 : 202, body: { ...known, ...decided }, headers };
}

/** What a change is, once the thread is known; undefined stands for one whose first command is not decided yet. */
type ChangeOf = (thread: Thread | undefined) => Promise<Change> | Change;

interface Change extends Pick<Submission, 'acceptedAt' | 'answer' | 'expectedReplyAt' | 'isMessage' | 'redrives'> {
  body: (messageId: string, threadId: string) => CommandBody | Promise<CommandBody>;
}

/** Submits a change of an existing thread by its customer or an agent. @throws {Problem} 404 */
export async function submitChange(call: Call<{ id: string }, unknown, unknown>, changeOf: ChangeOf): Promise<Reply> {
  const { principal, params } = call;
  if (principal.kind === 'visitor') throw new RangeError('A route lets visitors change threads.');
  const thread = await threadOf(call, params.id);
  const { body, ...more } = await changeOf(thread);
  const author = authorOf(principal, thread);
  return submit(call, {
    thread: { id: params.id },
    author: () => author,
    body: ({ threadId }, messageId) => body(messageId, threadId),
    ...more,
  });
}

/**
 * The attachments that a body names. Looked for once the key of the request has been: a replay finds them where the
 * first try put them, however long ago they were uploaded.
 * @throws {Problem} 422 naming the first that cannot be had
 */
async function attachmentsFor(call: AnyCall, threadId: string, attachmentIds: string[] = []): Promise<Attachment[]> {
  const { principal, policy, ids, deps } = call;
  const owners = [ownerOf(principal)];
  // A visitor uploads by the publishable key, and may only then get the token of a thread.
  if (principal.kind === 'capability') {
    owners.push(...policy.source.publishableKeys.map((key): Owner => `visitor:${key}`));
  }
  const found = await findAttachments(attachmentIds, threadId, owners, ids, deps.blobs);
  if (Array.isArray(found)) return found;
  throw invalid(`/attachments/${found.missing}`, 'is no attachment of yours that was uploaded within the last day');
}

/** The content of a message, put where it belongs. @throws {Problem} 422 */
export async function contentFor(
  call: AnyCall,
  written: Written & { attachments?: string[] | undefined },
  place: { threadId: string; messageId: string },
): Promise<Content> {
  const attachments = await attachmentsFor(call, place.threadId, written.attachments);
  return placeContent(written, attachments, place, call.deps.blobs);
}

export function keyMismatch(): Problem {
  const detail = 'The Idempotency-Key was used before with another body: use a new key for a new request.';
  return new Problem(422, 'idempotency-key-reused', { detail, errors: [{ pointer: 'Idempotency-Key', detail }] });
}

export function entropy(deps: ApiDeps): Uint8Array {
  return deps.random.bytes(ENTROPY_BYTES);
}

function mint(call: AnyCall, { thread, author, expectedReplyAt, ...submission }: Submission): Minted {
  const { ids, deps } = call;
  const acceptedAt = submission.acceptedAt ?? deps.clock.now();
  const isNew = 'customerId' in thread;
  const customerId = isNew ? thread.customerId : '';
  const own = entropy(deps);
  const threadId = isNew ? ids.thread(customerId, acceptedAt, own) : thread.id;
  const draft: Minted = { threadId, commandId: '', customerId, acceptedAt, expectedReplyAt: expectedReplyAt ?? null };
  return { ...draft, commandId: ids.command(threadId, commandOwner(author(draft)), acceptedAt, own) };
}
