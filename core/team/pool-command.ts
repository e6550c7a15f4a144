/** What is said to a pool, as it travels on the pool's lane. */
import * as z from 'zod';
import { claimedBusinessOf } from '../ids.ts';
import { seatSchema } from './seat.ts';

/** `by-hours`: there while the team is open. `away-reassign`: away, and what they have goes back to its team. */
export const AVAILABILITIES = ['by-hours', 'online', 'away', 'away-reassign'] as const;
export type Availability = (typeof AVAILABILITIES)[number];

const bodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('seat'),
    thread: z.string(),
    /** The number of the thread's last entry: of two tellings, the later holds. */
    seq: z.int(),
    seat: seatSchema,
    /** The offer that this answers. */
    offer: z.string().nullable(),
    /** Its agent has it again because its customer wrote. */
    isReturn: z.boolean(),
  }),
  z.object({ type: z.literal('availability'), agent: z.string(), availability: z.enum(AVAILABILITIES) }),
  /** Counts anew what threads there are, page by page. */
  z.object({ type: z.literal('recount'), epoch: z.int(), after: z.string().nullable() }),
]);

const POOL_SCHEMA = 1;

export const poolCommandSchema = z.object({
  schema: z.literal(POOL_SCHEMA),
  id: z.string(),
  acceptedAt: z.int(),
  body: bodySchema,
});
export type PoolCommand = z.infer<typeof poolCommandSchema>;

const POOL_PREFIX = 'pool_';

/** The lane of a business's pool. */
export function poolIdOf(business: string): string {
  return `${POOL_PREFIX}${business}`;
}

export function isPool(lane: string): boolean {
  return lane === poolIdOf(claimedBusinessOf(lane));
}
