/** What is wrong with rules and targets that their shapes cannot tell: names of nobody, and what is never reached. */
import { partsOf } from '../effect/effect.ts';
import type { Action } from '../rule/action-shape.ts';
import { conditionsIn } from '../rule/condition.ts';
import type { Condition } from '../rule/condition-shape.ts';
import { textJudge } from '../rule/judge-text.ts';
import type { Policy } from './policy.ts';

type Path = (string | number)[];
export type Broken = [path: Path, message: string];
type Names = Pick<Policy, 'calendars' | 'agents' | 'teams'>;

export function brokenRules(policy: Names & Pick<Policy, 'routing' | 'sla' | 'guidelines'>): Broken[] {
  return [...brokenSets(policy), ...brokenTargets(policy), ...brokenGuidelines(policy)];
}

function brokenGuidelines(policy: Names & Pick<Policy, 'guidelines'>): Broken[] {
  const path: Path = ['guidelines'];
  const each = policy.guidelines.flatMap(({ when }, place) => brokenCondition(when, [...path, place, 'when'], policy));
  return [...doubles(policy.guidelines, path, 'guidelines'), ...each];
}

function brokenSets(policy: Names & Pick<Policy, 'routing'>): Broken[] {
  return policy.routing.flatMap(({ id, on, mode, rules }, place) => {
    const path: Path = ['routing', place];
    const earlier = policy.routing.slice(0, place).some((other) => other.id === id);
    return [
      ...(earlier ? [[[...path, 'id'], `there is another set of that name: ${id}`] as Broken] : []),
      ...doubles(rules, [...path, 'rules'], 'rules'),
      ...rules.flatMap(({ again }, index): Broken[] =>
        again && on.includes('time') ? [[[...path, 'rules', index, 'again'], 'a rule on time acts once']] : [],
      ),
      ...(mode === 'first' ? unreachable(rules, [...path, 'rules'], 'rule') : []),
      ...rules.flatMap(({ when, do: action }, index) => [
        ...brokenCondition(when, [...path, 'rules', index, 'when'], policy),
        ...brokenAction(action, [...path, 'rules', index, 'do'], policy),
      ]),
    ];
  });
}

function brokenTargets(policy: Names & Pick<Policy, 'sla'>): Broken[] {
  const { sla, calendars } = policy;
  const path: Path = ['sla'];
  const each = sla.flatMap(({ when, metrics }, place) => [
    ...brokenCondition(when, [...path, place, 'when'], policy),
    ...(Object.keys(metrics).length === 0 ? [[[...path, place, 'metrics'], 'measures nothing'] as Broken] : []),
    ...Object.entries(metrics).flatMap(([metric, target]): Broken[] => {
      const at: Path = [...path, place, 'metrics', metric];
      const { calendar, warnings, breach, repeats } = target;
      return [
        ...unknown(calendar, calendars, 'calendar', [...at, 'calendar']),
        ...warnings.flatMap(({ do: action }, index) => brokenAction(action, [...at, 'warnings', index, 'do'], policy)),
        ...brokenAction(breach, [...at, 'breach'], policy),
        ...(repeats === undefined ? [] : brokenAction(repeats.do, [...at, 'repeats', 'do'], policy)),
      ];
    }),
  ]);
  return [...doubles(sla, path, 'targets'), ...unreachable(sla, path, 'target'), ...each];
}

function doubles(all: { id: string }[], path: Path, what: string): Broken[] {
  return all.flatMap(({ id }, index): Broken[] => {
    const isDouble = all.slice(0, index).some((other) => other.id === id);
    return isDouble ? [[[...path, index, 'id'], `there are two ${what} ${id}`]] : [];
  });
}

/** Where the first that holds is the only one, none comes after one that always holds. */
function unreachable(all: { id: string; when: Condition }[], path: Path, what: string): Broken[] {
  const always = all.findIndex(({ when }) => Object.keys(when).length === 0);
  if (always < 0) return [];
  return all.slice(always + 1).map((_, index): Broken => {
    return [[...path, always + 1 + index], `is never reached: ${what} ${all[always]?.id} before it always holds`];
  });
}

function brokenCondition(condition: Condition, path: Path, { teams, agents }: Names): Broken[] {
  return conditionsIn(condition).flatMap(
    ([{ team = [], teamOpen = [], assignee = [], pattern = [], language = [] }, within]) => [
      ...pattern.flatMap((one, index) => noPattern(one, [...path, ...within, 'pattern', index])),
      ...language.flatMap((one, index) => noLanguage(one, [...path, ...within, 'language', index])),
      ...team.flatMap((id) => unknown(id, teams, 'team', [...path, ...within, 'team'])),
      ...teamOpen.flatMap((id) => unknown(id, teams, 'team', [...path, ...within, 'teamOpen'])),
      ...assignee
        .filter((id) => id !== 'nobody')
        .flatMap((id) => unknown(id, agents, 'agent', [...path, ...within, 'assignee'])),
    ],
  );
}

function noPattern(pattern: string, path: Path): Broken[] {
  try {
    textJudge.matcher(pattern);
    return [];
  } catch (failure) {
    return [[path, `${pattern} is no pattern: ${(failure as Error).message}`]];
  }
}

function noLanguage(language: string, path: Path): Broken[] {
  const { languages } = textJudge;
  return languages.includes(language)
    ? []
    : [[path, `${language} is none that can be told: there is ${languages.join(', ')}`]];
}

function brokenAction({ team, assignee, notify = [], skills = [] }: Action, path: Path, names: Names): Broken[] {
  const { teams, agents } = names;
  const known = Object.values(agents).flatMap((agent) => agent.skills);
  return [
    ...skills.flatMap((skill, index): Broken[] =>
      known.includes(skill) ? [] : [[[...path, 'skills', index], `no agent has the skill ${skill}`]],
    ),
    ...unknown(team, teams, 'team', [...path, 'team']),
    ...unknown(assignee ?? undefined, agents, 'agent', [...path, 'assignee']),
    // Any other word is for whoever has the thread then.
    ...notify.flatMap((to, index) => (to.includes(':') ? unknownColleague(to, names, [...path, 'notify', index]) : [])),
  ];
}

/** Somebody whom the policy does not have. */
export function unknownColleague(to: string, { teams, agents }: Pick<Names, 'teams' | 'agents'>, path: Path): Broken[] {
  const { kind, id } = partsOf(to);
  return unknown(id, kind === 'agent' ? agents : teams, kind, path);
}

function unknown(id: string | undefined, known: Record<string, unknown>, what: string, path: Path): Broken[] {
  return id === undefined || Object.hasOwn(known, id) ? [] : [[path, `there is no ${what} ${id}`]];
}
