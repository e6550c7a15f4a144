/**
 * A thread's seat: all that the pool knows of it. Of one that waits for an agent, by what it is served; of one that
 * keeps an agent busy, whom. It follows from the thread alone, so that a pool can be told everything anew.
 */
import * as z from 'zod';
import { PRIORITIES } from '../thread/status.ts';
import { CHANNELS, inboxSinceOf, type Thread } from '../thread/thread.ts';

const channel = z.enum(CHANNELS);

export const seatSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    team: z.string(),
    priority: z.enum(PRIORITIES),
    /** Since when somebody should see to it: epoch ms. */
    since: z.int(),
    channel,
    /** All of which its agent must have. */
    skills: z.array(z.string()),
    /** Who had it before, and gets it back where they can. */
    formerly: z.string().nullable(),
  }),
  z.object({ state: z.literal('held'), team: z.string(), agent: z.string(), channel }),
  /** It needs nobody: the customer is to answer, a third party is waited for, or it is done. */
  z.object({ state: z.literal('gone') }),
]);
export type Seat = z.infer<typeof seatSchema>;

export function seatOf(thread: Thread): Seat {
  const { status, snooze, assignee, team, priority, skills, formerly, channels } = thread;
  if ((status !== 'new' && status !== 'open') || snooze !== null || team === null) return { state: 'gone' };
  const where = { team, channel: channels.at(-1) ?? 'api' } as const;
  if (assignee !== null) return { state: 'held', agent: assignee, ...where };
  return { state: 'waiting', priority, since: inboxSinceOf(thread), skills, formerly, ...where };
}

export function isSameSeat(a: Seat, b: Seat): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
