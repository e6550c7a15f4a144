/** How a team gives its threads to its agents: the policy's part of it. */
import * as z from 'zod';
import { CHANNELS, type Channel } from '../thread/thread.ts';

/**
 * `manual`: agents take threads themselves. The others choose, of those who are there, have room and have the skills:
 * `balanced` who has most room left, `round-robin` whose turn it is, `longest-idle` who has waited longest.
 */
export const ASSIGNMENT_MODES = ['manual', 'balanced', 'round-robin', 'longest-idle'] as const;
export type AssignmentMode = (typeof ASSIGNMENT_MODES)[number];

const count = z.int().min(0).max(1_000);
const capacityOf = z.strictObject({
  total: count,
  ...(Object.fromEntries(CHANNELS.map((channel) => [channel, count.optional()])) as Record<
    Channel,
    z.ZodOptional<typeof count>
  >),
});

/** Threads that an agent may have in work at once, of all teams together: in all, and by the channel they are on. */
export const capacitySchema = z.union([count, capacityOf]);
export type Capacity = z.infer<typeof capacitySchema>;

/** Of a team that does not say. */
export const DEFAULT_CAPACITY = 10;

/** By channel, how many threads an agent has in work. */
export type Load = Partial<Record<Channel, number>>;

export function totalOf(load: Load): number {
  return Object.values(load).reduce((sum, threads) => sum + threads, 0);
}

export function totalCapacity(capacity: Capacity): number {
  return typeof capacity === 'number' ? capacity : capacity.total;
}

/** Whether somebody with this load may have another thread on this channel. */
export function hasRoom(capacity: Capacity, load: Load, channel: Channel): boolean {
  if (totalOf(load) >= totalCapacity(capacity)) return false;
  const most = typeof capacity === 'number' ? undefined : capacity[channel];
  return most === undefined || (load[channel] ?? 0) < most;
}
