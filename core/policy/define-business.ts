/**
 * `defineBusiness`: how a platform team writes a policy. The compiler checks that calendars, agents and teams which
 * are referred to exist; everything else is checked here, and every error is listed at once.
 */
import type { CalendarInput } from '../calendar/calendar.ts';
import type { Action } from '../rule/action-shape.ts';
import type { Condition } from '../rule/condition-shape.ts';
import type { Metric } from '../sla/metric.ts';
import { type Policy, type PolicyInput, policySchema } from './policy.ts';

type Agent = PolicyInput['agents'][string];
type Team = PolicyInput['teams'][string];

type Rules = PolicyInput['routing'];
type RuleSetInput = NonNullable<Rules>[number];
type RuleInput = RuleSetInput['rules'][number];
type TargetInput = NonNullable<PolicyInput['sla']>[number];
type GuidelineInput = NonNullable<PolicyInput['guidelines']>[number];
type NoticesInput = NonNullable<PolicyInput['notices']>;
type MetricInput = NonNullable<TargetInput['metrics']['first-reply']>;

type ConditionOf<A extends string, T extends string> = Omit<
  Condition,
  'team' | 'teamOpen' | 'assignee' | 'all' | 'any' | 'not'
> & {
  team?: T[];
  teamOpen?: T[];
  assignee?: (A | 'nobody')[];
  all?: ConditionOf<A, T>[];
  any?: ConditionOf<A, T>[];
  not?: ConditionOf<A, T>;
};
type ActionOf<A extends string, T extends string> = Omit<Action, 'team' | 'assignee' | 'notify'> & {
  team?: T;
  assignee?: A | null;
  notify?: ('owner' | 'team' | `agent:${A}` | `team:${T}`)[];
};
type MetricOf<C extends string, A extends string, T extends string> = Omit<
  MetricInput,
  'calendar' | 'warnings' | 'breach' | 'repeats'
> & {
  calendar?: C;
  warnings?: { before: string; do: ActionOf<A, T> }[];
  breach?: ActionOf<A, T>;
  repeats?: { every: string; times: number; do: ActionOf<A, T> };
};

/** A policy as written: the same shape as `PolicyInput`, with its references tied to the names it defines. */
export type BusinessDefinition<CalendarName extends string, AgentName extends string, TeamName extends string> = Omit<
  PolicyInput,
  'calendars' | 'agents' | 'teams' | 'defaultTeam' | 'routing' | 'sla' | 'guidelines' | 'notices'
> & {
  calendars: Record<CalendarName, CalendarInput>;
  agents: Record<AgentName, Agent>;
  teams: Record<
    TeamName,
    Omit<Team, 'calendar' | 'agents'> & { calendar: NoInfer<CalendarName>; agents: NoInfer<AgentName>[] }
  >;
  defaultTeam: NoInfer<TeamName>;
  routing?: (Omit<RuleSetInput, 'rules'> & {
    rules: (Omit<RuleInput, 'when' | 'do'> & {
      when?: ConditionOf<NoInfer<AgentName>, NoInfer<TeamName>>;
      do: ActionOf<NoInfer<AgentName>, NoInfer<TeamName>>;
    })[];
  })[];
  guidelines?: (Omit<GuidelineInput, 'when'> & { when?: ConditionOf<NoInfer<AgentName>, NoInfer<TeamName>> })[];
  notices?: Omit<NoticesInput, 'off'> & { off?: (`agent:${NoInfer<AgentName>}` | `team:${NoInfer<TeamName>}`)[] };
  sla?: (Omit<TargetInput, 'when' | 'metrics'> & {
    when?: ConditionOf<NoInfer<AgentName>, NoInfer<TeamName>>;
    metrics: { [M in Metric]?: MetricOf<NoInfer<CalendarName>, NoInfer<AgentName>, NoInfer<TeamName>> };
  })[];
};

const MARK = Symbol.for('meanwhile.business');

/** Whether a value, such as an export of a config file, was made by `defineBusiness`. */
export function isBusiness(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && MARK in value;
}

/** The policy is wrong: every error, each with the path to it. */
export class InvalidPolicy extends Error {
  override readonly name = 'InvalidPolicy';

  constructor(business: string, problems: string[]) {
    super(`The policy of business ${business} has ${problems.length} error(s):\n  ${problems.join('\n  ')}`);
  }
}

/** Checks a definition and fills in its defaults. @throws {InvalidPolicy} */
export function defineBusiness<const C extends string, const A extends string, const T extends string>(
  definition: BusinessDefinition<C, A, T>,
): Policy {
  const checked = policySchema.safeParse(definition);
  // A mark that takes no part in the policy's JSON, so that a config file may export other things too.
  if (checked.success) return Object.defineProperty(checked.data, MARK, { value: true });
  const problems = checked.error.issues.map((issue) => `${issue.path.join('.') || '(policy)'}: ${issue.message}`);
  throw new InvalidPolicy(String(definition.id), problems);
}
