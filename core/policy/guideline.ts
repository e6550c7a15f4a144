/** Guidelines: what a business wants its agents to know of a thread while they answer it. */
import * as z from 'zod';
import { judge } from '../rule/condition.ts';
import { conditionSchema } from '../rule/condition-shape.ts';
import type { Thread } from '../thread/thread.ts';
import type { CompiledPolicy } from './compiled-policy.ts';

export const guidelineSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  title: z.string().min(1).max(200),
  /** Every thread, where it is left out. Of the text of a thread, the subject is looked at. */
  when: conditionSchema.prefault({}),
  /** Markdown. */
  text: z.string().min(1).max(20_000),
});
export type Guideline = z.infer<typeof guidelineSchema>;

/** Those that a thread is a case of, in the policy's order. */
export function guidelinesFor(thread: Thread, policy: CompiledPolicy, now: number): Guideline[] {
  const { hours } = policy.teamOrDefault(thread.team);
  return policy.source.guidelines.filter(({ when }) => judge(when, { thread, text: '', hours, now }).holds);
}
