/** Rules on time, and stories in which they act. */
import { aPolicy, aStart, HOUR, MONDAY } from '../builders.ts';
import { TimedStory } from './timed-story.ts';

type Routing = NonNullable<NonNullable<Parameters<typeof aPolicy>[0]>['routing']>;
export type Rule = Routing[number]['rules'][number];

export const TEAMS = {
  support: { name: 'Support', address: 's@acme.example', calendar: 'office', agents: ['ana', 'ben'] },
  billing: { name: 'Billing', address: 'b@acme.example', calendar: 'always', agents: ['ana'] },
  denver: { name: 'Denver', address: 'd@acme.example', calendar: 'denver', agents: ['ben'] },
  weekend: { name: 'Weekend', address: 'w@acme.example', calendar: 'weekend', agents: ['ben'] },
};
const CALENDARS = {
  office: { timeZone: 'Europe/Berlin', hours: { mon_fri: ['08:00-12:00', '13:00-17:00'] }, holidays: ['2026-12-14'] },
  always: { timeZone: 'UTC', alwaysOpen: true as const },
  denver: { timeZone: 'America/Denver', hours: { mon_fri: ['08:00-16:00'] } }, // 16:00 to midnight in Berlin
  weekend: { timeZone: 'Europe/Berlin', hours: { sat: ['10:00-16:00'] } },
  // Within what the office has, and there on its holiday.
  within: { timeZone: 'Europe/Berlin', hours: { mon: ['09:00-11:00'] } },
};
export const AFTERNOON = MONDAY + 3 * HOUR; // 15:00 in Berlin, open until 17:00

/** A story that begins on an afternoon under these rules on time. */
export function timed(rules: Rule[], mode: 'first' | 'all' = 'all', changes: object = {}): TimedStory {
  const policy = aPolicy({
    calendars: CALENDARS,
    teams: TEAMS,
    routing: [{ id: 'clock', on: ['time'], mode, rules }],
    ...changes,
  });
  const story = new TimedStory(policy, AFTERNOON);
  story.tell(aStart());
  return story;
}

/** The rules that acted, each with when. */
export const acted = (story: TimedStory) =>
  story.entries.flatMap((entry) =>
    entry.type === 'rule' ? [`${entry.name} ${new Date(entry.at).toISOString()}`] : [],
  );
