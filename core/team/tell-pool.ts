/** What a decision about a thread tells the pool that gives threads to agents. */
import type { Effect } from '../effect/effect.ts';
import type { Draft } from '../thread/draft.ts';
import { isSameSeat, seatOf } from './seat.ts';

/** Nothing where no team of the business has its threads given out, or where the pool knows all there is to know. */
export function poolTold(draft: Draft): Effect[] {
  const { before, thread, command, world } = draft;
  if (!world.policy.givesThreads) return [];
  const [was, seat] = [seatOf(before), seatOf(thread)];
  const { type } = command.body;
  // Whatever became of an offer, its pool hears of it: else it would count on an agent who has the thread or not.
  const answers = type === 'offer' || type === 'set-aside';
  if (!answers && isSameSeat(was, seat)) return [];
  const isReturn = was.state === 'gone' && seat.state === 'held' && command.author.kind === 'customer';
  const told = { thread: thread.id, seq: thread.seq, seat, offer: answers ? command.id : null, isReturn };
  return [
    {
      type: 'pool',
      command: { schema: 1, id: command.id, acceptedAt: command.acceptedAt, body: { type: 'seat', ...told } },
    },
  ];
}
