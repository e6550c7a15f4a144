/** Rule sets: what a policy does by itself when something happens in a thread. */
import * as z from 'zod';
import { nameSchema } from '../policy/name.ts';
import { actionSchema } from './action-shape.ts';
import { conditionSchema } from './condition-shape.ts';

const ruleSchema = z.strictObject({
  id: nameSchema,
  /** Always, where it is left out. */
  when: conditionSchema.prefault({}),
  do: actionSchema,
  /** A rule acts once in a thread, unless it may again. */
  again: z.boolean().default(false),
  /** Of a set in which all rules act: none after this one. */
  stop: z.boolean().default(false),
});

/**
 * `start`: a customer’s thread begins. `message`: a customer writes on. `change`: anything else happens. `time`: as
 * soon as a rule holds, also where nothing happens.
 */
const TRIGGERS = ['start', 'message', 'change', 'time'] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const ruleSetSchema = z.strictObject({
  id: nameSchema,
  on: z.array(z.enum(TRIGGERS)).min(1),
  /** `first`: the first rule that holds acts, and none after it. `all`: every one, in order. */
  mode: z.enum(['first', 'all']),
  rules: z.array(ruleSchema).min(1),
});
export type RuleSet = z.infer<typeof ruleSetSchema>;
