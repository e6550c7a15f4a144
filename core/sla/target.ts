/**
 * Targets: how long something may take, for whom, and what happens before and after that. Of a policy's targets the
 * first whose condition holds applies; it is looked for anew at every change.
 */
import * as z from 'zod';
import { durationSchema } from '../calendar/duration.ts';
import { nameSchema } from '../policy/name.ts';
import { actionSchema } from '../rule/action-shape.ts';
import { conditionSchema } from '../rule/condition-shape.ts';
import { STATUSES } from '../thread/status.ts';
import { METRICS, type Metric } from './metric.ts';

/** Targets of one metric have at most so many warnings, and so many repeats after a breach. */
const STEPS_MAX = 10;

const beforeSchema = durationSchema.regex(/[mh]$/, { error: 'is in minutes or hours, such as 30m' });

const metricTargetSchema = z.strictObject({
  /** In open time of `calendar`. */
  within: durationSchema,
  /** The team's own where there is none. Real time: a calendar that is always open. */
  calendar: z.string().optional(),
  /** Statuses in which the clock stands still, instead of the metric's own. */
  pausesIn: z.array(z.enum(STATUSES)).optional(),
  /** An agent's note counts as an answer, for metrics that end with one. */
  notesCount: z.boolean().default(false),
  /** What a thread that is opened again after it was solved does to clocks that run until it is solved. */
  onReopen: z.enum(['continue', 'restart']).default('continue'),
  /** So much open time before the deadline. */
  warnings: z
    .array(z.strictObject({ before: beforeSchema, do: actionSchema }))
    .max(STEPS_MAX)
    .default([]),
  breach: actionSchema.prefault({}),
  /** After the breach, again and again. */
  repeats: z.strictObject({ every: durationSchema, times: z.int().min(1).max(STEPS_MAX), do: actionSchema }).optional(),
});

export const targetSchema = z.strictObject({
  id: nameSchema,
  /** Every thread, where it is left out. */
  when: conditionSchema.prefault({}),
  /** Only metrics that are named are measured. */
  metrics: z.partialRecord(z.enum(METRICS), metricTargetSchema),
});

export type Target = z.infer<typeof targetSchema>;
export type MetricTarget = z.infer<typeof metricTargetSchema>;

/** A metric's target, and which of the policy's targets it is of. */
export interface Applying {
  target: string;
  metric: Metric;
  what: MetricTarget;
}
