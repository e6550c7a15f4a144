/** Guidelines: what a business wants its agents to know of a thread while they answer it. */
import * as z from 'zod';
import { factsOf, judge } from '../rule/condition.ts';
import { conditionSchema } from '../rule/condition-shape.ts';
import type { Thread } from '../thread/thread.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { nameSchema } from './name.ts';

export const guidelineSchema = z.strictObject({
  id: nameSchema,
  title: z.string().min(1).max(200),
  /** Every thread, where it is left out. Of the text of a thread, the subject is looked at. */
  when: conditionSchema.prefault({}),
  /** Markdown. */
  text: z.string().min(1).max(20_000),
});
export type Guideline = z.infer<typeof guidelineSchema>;

/** Those that a thread is a case of, in the policy's order. */
export function guidelinesFor(thread: Thread, policy: CompiledPolicy, now: number): Guideline[] {
  const facts = factsOf(thread, policy, now);
  return policy.source.guidelines.filter(({ when }) => judge(when, facts).holds);
}
