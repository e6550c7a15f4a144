/** Decisions about what agents set: status, priority, subject, tags, team, assignee, snooze. */

import { setStatus } from './decide-messages.ts';
import type { Draft } from './draft.ts';
import { SYSTEM } from './entry.ts';
import type { Handling } from './rules.ts';
import * as rules from './rules.ts';
import { TAGS_MAX } from './thread.ts';

const OPEN_THREAD = [rules.threadExists, rules.isNotClosed];

export const changeStatus: Handling<'set-status'> = {
  rules: OPEN_THREAD,
  apply: (draft, { status }) => setStatus(draft, status),
};

export const setPriority: Handling<'set-priority'> = {
  rules: OPEN_THREAD,
  apply: (draft, { priority }) => draft.change('priority', priority),
};

export const setSubject: Handling<'set-subject'> = {
  rules: OPEN_THREAD,
  apply: (draft, { subject }) => draft.change('subject', subject),
};

export const changeTags: Handling<'change-tags'> = {
  rules: [
    ...OPEN_THREAD,
    ({ thread }, { add, remove }) =>
      tagsAfter(thread.tags, add, remove).length <= TAGS_MAX
        ? undefined
        : { code: 'too-many-tags', detail: `A thread has at most ${TAGS_MAX} tags.` },
  ],
  apply: (draft, { add, remove }) => draft.change('tags', tagsAfter(draft.thread.tags, add, remove)),
};

export const assign: Handling<'assign'> = {
  rules: [...OPEN_THREAD, rules.teamAndAgentExist, rules.ownerAgrees],
  apply: (draft, { team, assignee }) => {
    if (team !== undefined) draft.change('team', team);
    if (assignee !== undefined) draft.change('assignee', assignee);
    else if (!isOwnerInTeam(draft)) draft.change('assignee', null, { author: SYSTEM, rule: 'assignee-not-in-team' });
  },
};

export const snooze: Handling<'snooze'> = {
  rules: [...OPEN_THREAD, rules.isUnsolved, rules.snoozeEndsLater],
  apply: (draft, { until }) => draft.change('snooze', { until }),
};

export const wake: Handling<'wake'> = {
  rules: OPEN_THREAD,
  apply: (draft) => draft.wake({ author: draft.command.author }),
};

/** Whether whoever has the thread is of the team that has it. */
export function isOwnerInTeam({ thread, world }: Draft): boolean {
  if (thread.assignee === null || thread.team === null) return true;
  return world.policy.team(thread.team)?.agents.includes(thread.assignee) ?? false;
}

export function tagsAfter(tags: string[], add: string[], remove: string[]): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}
