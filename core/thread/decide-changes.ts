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
  apply: (draft, { priority: to }) => {
    const { priority: from } = draft.thread;
    if (to !== from) draft.say({ type: 'change', field: 'priority', from, to });
  },
};

export const setSubject: Handling<'set-subject'> = {
  rules: OPEN_THREAD,
  apply: (draft, { subject: to }) => {
    const { subject: from } = draft.thread;
    if (to !== from) draft.say({ type: 'change', field: 'subject', from, to });
  },
};

export const changeTags: Handling<'change-tags'> = {
  rules: [
    ...OPEN_THREAD,
    ({ thread }, { add, remove }) =>
      tagsAfter(thread.tags, add, remove).length <= TAGS_MAX
        ? undefined
        : { code: 'too-many-tags', detail: `A thread has at most ${TAGS_MAX} tags.` },
  ],
  apply: (draft, { add, remove }) => {
    const { tags: from } = draft.thread;
    const to = tagsAfter(from, add, remove);
    if (to.length !== from.length || to.some((tag, index) => tag !== from[index])) {
      draft.say({ type: 'change', field: 'tags', from, to });
    }
  },
};

export const assign: Handling<'assign'> = {
  rules: [...OPEN_THREAD, rules.teamAndAgentExist, rules.ownerAgrees],
  apply: (draft, { team, assignee }) => {
    const { thread } = draft;
    if (team !== undefined && team !== thread.team) {
      draft.say({ type: 'change', field: 'team', from: thread.team, to: team });
    }
    if (assignee !== undefined) setAssignee(draft, assignee);
    else if (!isOwnerInTeam(draft)) setAssignee(draft, null, 'assignee-not-in-team');
  },
};

export const snooze: Handling<'snooze'> = {
  rules: [...OPEN_THREAD, rules.isUnsolved, rules.snoozeEndsLater],
  apply: (draft, { until }) => {
    const { snooze: from } = draft.thread;
    if (from === null || from.until !== until) draft.say({ type: 'change', field: 'snooze', from, to: { until } });
  },
};

export const wake: Handling<'wake'> = {
  rules: OPEN_THREAD,
  apply: (draft) => draft.wake({ author: draft.command.author }),
};

function setAssignee(draft: Draft, to: string | null, rule?: string): void {
  const { assignee: from } = draft.thread;
  if (to === from) return;
  draft.say({ type: 'change', field: 'assignee', from, to }, rule === undefined ? {} : { author: SYSTEM, rule });
}

function isOwnerInTeam({ thread, world }: Draft): boolean {
  if (thread.assignee === null || thread.team === null) return true;
  return world.policy.team(thread.team)?.agents.includes(thread.assignee) ?? false;
}

function tagsAfter(tags: string[], add: string[], remove: string[]): string[] {
  return [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag));
}
