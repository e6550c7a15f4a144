/** The promise: when a customer can expect an answer, by the target that applies, in the open time of who answers. */
import type { Draft } from '../thread/draft.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import type { Clock } from './clock.ts';
import { REPLY_METRICS } from './metric.ts';

/**
 * Says when the answer comes: what the customer was told on acceptance binds, unless they were told an earlier time
 * before that is still to come.
 */
export function promise(draft: Draft): void {
  const { thread, command } = draft;
  const { acceptedAt, expectedReplyAt: told } = command;
  const clock = replyClock(thread, acceptedAt);
  const promised = told === undefined ? (clock?.dueAt ?? usualReplyAt(draft)) : told;
  const { expectedReplyAt: standing } = thread;
  const isStanding = standing !== null && standing >= acceptedAt;
  if (promised === null || (isStanding && standing <= promised)) return;
  const rule = clock === undefined ? 'reply-target' : `sla/${clock.target}`;
  draft.say({ type: 'promise', expectedReplyAt: promised }, { author: SYSTEM, rule });
}

/** The service level that the answer is due by. One that is late already is no promise. */
function replyClock({ clocks }: Thread, acceptedAt: number): Clock | undefined {
  return clocks.find(({ metric, endedAt, dueAt }) => {
    return REPLY_METRICS.includes(metric) && endedAt === null && dueAt !== null && dueAt >= acceptedAt;
  });
}

/** Where no service level says otherwise. Null where the team’s calendar does not open for that long. */
function usualReplyAt({ thread, world, command }: Draft): number | null {
  const within = world.policy.source.replyTarget[thread.answered ? 'next' : 'first'];
  return world.policy.teamOrDefault(thread.team).hours.add(command.acceptedAt, within);
}
