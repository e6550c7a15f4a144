/**
 * The shape of conditions: what rules and targets ask of a thread. They are data, so that they can be shown,
 * compared, explained and replayed. Each key is one question, and all of them must be answered by yes:
 *
 *   { topic: ['billing'], customer: { plan: ['gold', 'platinum'] }, not: { tag: ['spam'] } }
 */
import * as z from 'zod';
import { durationSchema } from '../calendar/duration.ts';
import { VERDICTS } from '../thread/mail-facts.ts';
import { scoreSchema } from '../thread/rating.ts';
import { PRIORITIES, STATUSES } from '../thread/status.ts';
import { CHANNELS } from '../thread/thread.ts';

const some = <T extends z.ZodType>(item: T) => z.array(item).min(1).optional();
const words = some(z.string().min(1).max(200));
const attributes = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).min(1)]))
  .optional();

const questions = {
  topic: words,
  /** Words or phrases of what was written just now or of the subject; `invoice*` is any word that begins so. */
  text: words,
  /** RE2 syntax: one of these is found in what was written just now or in the subject. */
  pattern: some(z.string().min(1).max(1_000)),
  /** The language of what was written just now and of the subject (ISO 639-1), as far as it can be told. */
  language: some(z.string().regex(/^[a-z]{2}$/, { error: 'is no language (ISO 639-1), such as de' })),
  urgency: some(z.enum(PRIORITIES)),
  priority: some(z.enum(PRIORITIES)),
  status: some(z.enum(STATUSES)),
  channel: some(z.enum(CHANNELS)),
  /** Domains of the customer’s address, or whole addresses. */
  address: words,
  /** Any of the customer’s segments, of their organisation’s, or their attribute `segment`. */
  segment: words,
  /** The id of the customer’s organisation or, where no record tells one, their attribute `organisation`. */
  organisation: words,
  customer: attributes,
  attribute: attributes,
  team: words,
  /** Ids of agents, or `nobody`. */
  assignee: words,
  tag: words,
  /** The thread’s team is there now; false: it is not. */
  open: z.boolean().optional(),
  /** One of these teams is there now, whosever the thread is. */
  teamOpen: words,
  /** The customer waits for so much open time of the thread’s team already. */
  waiting: durationSchema.optional(),
  /** Nobody has written for so much open time. */
  idle: durationSchema.optional(),
  /** The status has been what it is for so much open time. */
  inStatus: durationSchema.optional(),
  isFollowUp: z.boolean().optional(),
  /** What the customer said last of how content they are, from 1 to 5; never holds where they said nothing. */
  rating: some(scoreSchema),
  /**
   * What the receiving server found out of the mail that the customer wrote last; `sender` passes where the address is
   * really theirs. Never holds where they wrote otherwise.
   */
  verdict: z.partialRecord(z.enum([...VERDICTS, 'sender']), some(z.enum(['pass', 'fail', 'gray', 'none']))).optional(),
};

export type Questions = { [Q in keyof typeof questions]?: z.infer<(typeof questions)[Q]> };
export type Condition = Questions & {
  all?: Condition[] | undefined;
  any?: Condition[] | undefined;
  not?: Condition | undefined;
};

const group = z.lazy(() => z.array(conditionSchema).min(1)).optional();
export const conditionSchema: z.ZodType<Condition, Condition> = z.strictObject({
  ...questions,
  all: group,
  any: group,
  not: z.lazy(() => conditionSchema).optional(),
});
