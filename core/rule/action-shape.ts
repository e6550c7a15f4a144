/** The shape of actions: what a rule or a deadline does to a thread. One may do several things, in this order. */
import * as z from 'zod';
import { durationSchema } from '../calendar/duration.ts';
import { LANGUAGES } from '../policy/languages.ts';
import { nameSchema } from '../policy/name.ts';
import { PRIORITIES, SETTABLE_STATUSES } from '../thread/status.ts';
import { TAGS_MAX } from '../thread/thread.ts';

const tags = z.array(z.string().min(1).max(50)).max(TAGS_MAX).optional();

export const actionSchema = z.strictObject({
  /** To another team; its owner keeps it only if they belong to that team. */
  team: z.string().optional(),
  /** To a person, or (null) to nobody. */
  assignee: z.string().nullable().optional(),
  priority: z.enum([...PRIORITIES, 'raise']).optional(),
  addTags: tags,
  removeTags: tags,
  /** What whom it is given to must be able to, instead of what was asked before. */
  skills: z.array(nameSchema).max(20).optional(),
  status: z.enum(SETTABLE_STATUSES).optional(),
  /** Open time of the thread’s team. */
  snooze: durationSchema.optional(),
  /** A faster way than writing, such as a telephone number or a status page: what the customer is told at once. */
  advise: z.partialRecord(z.enum(LANGUAGES), z.string().min(1).max(500)).optional(),
  /** The promise cannot be kept: a customer who was made one is told of another, so much open time from now. */
  promiseAnew: durationSchema.optional(),
  /** A mail to the owner or, where there is none, their team; to the team; or to whom is named. */
  notify: z
    .array(
      z.union([
        z.enum(['owner', 'team']),
        z.string().regex(/^(agent|team):/, { error: 'is owner, team, agent:… or team:…' }),
      ]),
    )
    .optional(),
});
export type Action = z.infer<typeof actionSchema>;
