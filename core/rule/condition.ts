/** Whether a condition holds of a thread, and by what. */

import type { OpenHours } from '../calendar/open-hours.ts';
import { addressInAscii, domainOf } from '../email/address.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Verdict } from '../thread/mail-facts.ts';
import type { Attributes, Thread } from '../thread/thread.ts';
import type { Condition, Questions } from './condition-shape.ts';
import type { TextQuestions } from './text-judge.ts';
import { wordsOf } from './words.ts';

/** What conditions are asked of. */
export interface Facts {
  thread: Thread;
  /** What was written just now. */
  text: string;
  texts: TextQuestions;
  /** Of the thread’s team. */
  hours: OpenHours;
  now: number;
  /** Whether a team, or (null) the thread’s, is there now. */
  isOpen: (team: string | null) => boolean;
}

/** What conditions are asked of, of a thread as it is `now`. @param text what was written just now */
export function factsOf(thread: Thread, policy: CompiledPolicy, now: number, text = ''): Facts {
  const { hours } = policy.teamOrDefault(thread.team);
  const isOpen: Facts['isOpen'] = (team) => hoursOf(team, thread, policy).isOpen(now);
  return { thread, text, texts: policy.texts, hours, now, isOpen };
}

/** The hours of a team, or (null) of the thread’s. */
export function hoursOf(team: string | null, thread: Thread, policy: CompiledPolicy): OpenHours {
  return policy.teamOrDefault(team ?? thread.team).hours;
}

/** What a condition found: kept with the decision, so that it can be explained. */
export type Inputs = Record<string, string | number | boolean | null>;

export interface Judgement {
  holds: boolean;
  inputs: Inputs;
}

type Question = keyof Questions;
type Asked = { [Q in Question]: NonNullable<Questions[Q]> };
/** The value that was looked at, and whether it is as asked. */
type Answer = [holds: boolean, found: string | number | boolean | null];

const ANSWERS: { [Q in Question]: (wanted: Asked[Q], facts: Facts) => Answer } = {
  topic: (wanted, { thread }) => oneOf(wanted, thread.topic),
  text: (wanted, facts) => {
    const found = wordsOf(saidIn(facts)).firstOf(wanted);
    return [found !== undefined, found ?? null];
  },
  pattern: (wanted, facts) => {
    const found = facts.texts.firstMatch(wanted, saidIn(facts));
    return [found !== undefined, found ?? null];
  },
  language: (wanted, facts) => oneOf(wanted, facts.texts.languageOf(saidIn(facts))),
  urgency: (wanted, { thread }) => oneOf(wanted, thread.urgency),
  priority: (wanted, { thread }) => oneOf(wanted, thread.priority),
  status: (wanted, { thread }) => oneOf(wanted, thread.status),
  channel: (wanted, { thread }) => oneOf(wanted, thread.channels.at(-1) ?? null),
  address: (wanted, { thread }) => {
    const address = thread.customer.email?.toLowerCase() ?? null;
    const domain = address && domainOf(address);
    const holds = wanted.some((one) => [address, domain].includes(addressInAscii(one.toLowerCase())));
    return [holds, domain ?? null];
  },
  segment: (wanted, { thread: { customer } }) => {
    const own = attributeOf(customer.attributes, 'segment');
    const all = [...(customer.segments ?? []), ...(own === null ? [] : [own])];
    const found = all.find((segment) => wanted.includes(segment));
    return [found !== undefined, found ?? (all.join(', ') || null)];
  },
  organisation: (wanted, { thread: { customer } }) =>
    oneOf(wanted, customer.organisation ?? attributeOf(customer.attributes, 'organisation')),
  customer: (wanted, { thread }) => hasAttributes(wanted, thread.customer.attributes),
  attribute: (wanted, { thread }) => hasAttributes(wanted, thread.attributes),
  team: (wanted, { thread }) => oneOf(wanted, thread.team),
  assignee: (wanted, { thread }) => oneOf(wanted, thread.assignee ?? 'nobody'),
  tag: (wanted, { thread }) => {
    const found = thread.tags.find((tag) => wanted.includes(tag));
    return [found !== undefined, found ?? null];
  },
  open: (wanted, { isOpen }) => [isOpen(null) === wanted, isOpen(null)],
  teamOpen: (wanted, { isOpen }) => {
    const found = wanted.find((team) => isOpen(team));
    return [found !== undefined, found ?? null];
  },
  waiting: (wanted, { thread, ...when }) => hasLasted(wanted, thread.waitingSince, when),
  idle: (wanted, { thread, ...when }) => hasLasted(wanted, thread.lastMessageAt, when),
  inStatus: (wanted, { thread, ...when }) => hasLasted(wanted, thread.statusSince, when),
  isFollowUp: (wanted, { thread }) => [(thread.followUpOf !== null) === wanted, thread.followUpOf !== null],
  rating: (wanted, { thread: { rating } }) => [rating !== null && wanted.includes(rating.score), rating?.score ?? null],
  verdict: (wanted, { thread: { verdicts } }) => {
    const asked = Object.entries(wanted) as [keyof NonNullable<Thread['verdicts']>, Verdict[] | undefined][];
    const holds = verdicts !== null && asked.every(([name, some]) => some?.includes(verdicts[name]) ?? true);
    return [holds, verdicts === null ? null : asked.map(([name]) => `${name} ${verdicts[name]}`).join(', ')];
  },
};
const QUESTIONS = Object.keys(ANSWERS) as Question[];

/** Whether a condition holds, and by what. An empty one always does. */
export function judge(condition: Condition, facts: Facts): Judgement {
  const inputs: Inputs = {};
  const holds = judgeInto(condition, facts, inputs);
  return { holds, inputs };
}

function judgeInto(condition: Condition, facts: Facts, inputs: Inputs): boolean {
  for (const question of QUESTIONS) {
    const wanted = condition[question];
    if (wanted === undefined) continue;
    const [holds, found] = (ANSWERS[question] as (wanted: unknown, facts: Facts) => Answer)(wanted, facts);
    inputs[question] = found;
    if (!holds) return false;
  }
  const { all = [], any, not } = condition;
  return (
    all.every((part) => judgeInto(part, facts, inputs)) &&
    (any === undefined || any.some((part) => judgeInto(part, facts, inputs))) &&
    (not === undefined || !judgeInto(not, facts, inputs))
  );
}

/** Every condition in a condition, itself included, each with the way to it. */
export function conditionsIn(condition: Condition, way: readonly (string | number)[] = []): [Condition, typeof way][] {
  const { all = [], any = [], not } = condition;
  return [
    [condition, way],
    ...all.flatMap((part, index) => conditionsIn(part, [...way, 'all', index])),
    ...any.flatMap((part, index) => conditionsIn(part, [...way, 'any', index])),
    ...(not === undefined ? [] : conditionsIn(not, [...way, 'not'])),
  ];
}

/** Whether a condition asks for what was written. */
export function asksForWords(condition: Condition): boolean {
  return conditionsIn(condition).some(([{ text, pattern, language }]) => text ?? pattern ?? language);
}

/** Since when what is asked for with a length of time has lasted. */
export function sinceOf(thread: Thread): ['waiting' | 'idle' | 'inStatus', number | null][] {
  const { waitingSince, lastMessageAt, statusSince } = thread;
  return [
    ['waiting', waitingSince],
    ['idle', lastMessageAt],
    ['inStatus', statusSince],
  ];
}

function hasLasted(wanted: string, since: number | null, { hours, now }: Pick<Facts, 'hours' | 'now'>): Answer {
  const until = since === null ? null : hours.add(since, wanted);
  return [until !== null && until <= now, since];
}

function saidIn({ thread, text }: Facts): string {
  return `${thread.subject}\n${text}`;
}

function oneOf(wanted: readonly string[], found: string | null): Answer {
  return [found !== null && wanted.includes(found), found];
}

function attributeOf(attributes: Attributes, name: string): string | null {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return value === undefined ? null : String(value);
}

function hasAttributes(wanted: NonNullable<Condition['customer']>, found: Attributes): Answer {
  const missed = Object.entries(wanted).find(([name, value]) => {
    const own = Object.hasOwn(found, name) ? found[name] : undefined;
    return own === undefined || ![value].flat().includes(own as never);
  });
  const [name] = missed ?? [];
  return [missed === undefined, name === undefined ? true : `${name}: ${attributeOf(found, name)}`];
}
