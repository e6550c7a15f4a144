/** The promise: when a customer can expect an answer, by the reply target in the open time of the team that answers. */
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Thread } from '../thread/thread.ts';

/**
 * @param waiting `first` for a new thread, `next` for a message after an answer
 * @returns epoch ms; null where the team's calendar does not open for that long
 */
export function expectedReplyAt(
  policy: CompiledPolicy,
  teamId: string | null,
  waiting: 'first' | 'next',
  acceptedAt: number,
): number | null {
  return policy.teamOrDefault(teamId).hours.add(acceptedAt, policy.source.replyTarget[waiting]);
}

/** The time that the customer was told and that is still to come; null where there is none. */
export function standingPromise(
  { expectedReplyAt: told }: Pick<Thread, 'expectedReplyAt'>,
  now: number,
): number | null {
  return told !== null && told >= now ? told : null;
}
