/** The hard rules: each looks at a draft and answers why its command is refused, or nothing. */
import { isOlderThread } from '../ids.ts';
import type { BodyOf, CommandType } from './command.ts';
import type { Draft } from './draft.ts';
import type { Reason } from './entry.ts';
import { type Happening, transition } from './status.ts';

type Rule<T extends CommandType> = (draft: Draft, body: BodyOf<T>) => Reason | undefined;

/** A command's rules, all of which must hold, and what it does then. */
export interface Handling<T extends CommandType> {
  rules: Rule<T>[];
  apply: (draft: Draft, body: BodyOf<T>) => void;
  /** What a refusal still has to tell another lane. */
  refuse?: (draft: Draft, body: BodyOf<T>, reason: Reason) => void;
}

export function threadExists({ thread }: Draft): Reason | undefined {
  if (thread.seq > 0) return undefined;
  return { code: 'unknown-thread', detail: 'There is no such thread.' };
}

/** The happening must be one that the transition table lets the thread's status have. */
export function mayHappen({ thread }: Draft, happening: Happening): Reason | undefined {
  const to = transition(thread.status, happening);
  if (typeof to === 'string') return undefined;
  return { code: to.refusedBy, detail: `A ${thread.status} thread does not allow ${happening}.` };
}

export function isNotClosed({ thread }: Draft): Reason | undefined {
  if (thread.status !== 'closed') return undefined;
  const next = thread.mergedInto ?? thread.followUp;
  const hint = next === null ? '' : ` It goes on in ${next}.`;
  return { code: 'closed-is-immutable', detail: `The thread is closed, and nothing changes it any more.${hint}` };
}

/** If-Match: the author must have seen the thread as it is. */
export function versionIsSeen({ thread, command }: Draft): Reason | undefined {
  if (command.ifMatch === undefined || command.ifMatch === thread.version) return undefined;
  return { code: 'version-mismatch', detail: `The thread is at version ${thread.version}, not ${command.ifMatch}.` };
}

/** A set-aside command is redriven once. */
export function isStillSetAside({ thread, command }: Draft): Reason | undefined {
  if (command.redrives === undefined || thread.setAsides.includes(command.redrives)) return undefined;
  return { code: 'not-set-aside', detail: `Entry ${command.redrives} is no command that waits to be redriven.` };
}

/**
 * A thread has one owner. Others may take it over with the right to, and only when they say so; sending it to a team
 * that its owner is not in takes it from them too.
 */
export function ownerAgrees({ thread, command, world }: Draft, body: BodyOf<'assign'>): Reason | undefined {
  const { assignee: owner } = thread;
  const { author } = command;
  if (owner === null || author.id === owner) return undefined;
  const isSentAway = body.team !== undefined && world.policy.team(body.team)?.agents.includes(owner) === false;
  if (body.assignee === undefined ? !isSentAway : body.assignee === owner) return undefined;
  if (!body.takeOver) {
    return { code: 'owned', detail: `The thread belongs to ${owner}. To take it from them, say takeOver.` };
  }
  if (world.policy.agent(author.id)?.rights.has('take-over')) return undefined;
  return { code: 'take-over-right', detail: `The thread belongs to ${owner}, and you lack the right take-over.` };
}

export function teamAndAgentExist({ world }: Draft, body: BodyOf<'assign'>): Reason | undefined {
  const { team, assignee } = body;
  if (team !== undefined && world.policy.team(team) === undefined) {
    return { code: 'unknown-team', detail: `There is no team ${team}.` };
  }
  if (typeof assignee !== 'string') return undefined;
  const agent = world.policy.agent(assignee);
  if (agent === undefined) return { code: 'unknown-agent', detail: `There is no agent ${assignee}.` };
  if (agent.rights.has('reply')) return undefined;
  return { code: 'assignee-cannot-reply', detail: `${assignee} may not answer customers, and so owns no thread.` };
}

export function snoozeEndsLater({ world }: Draft, { until }: BodyOf<'snooze'>): Reason | undefined {
  if (until === null || until > world.now) return undefined;
  return { code: 'snooze-in-the-past', detail: 'A snooze ends in the future.' };
}

export function isUnsolved({ thread }: Draft): Reason | undefined {
  if (thread.status !== 'solved') return undefined;
  return { code: 'solved-is-not-snoozed', detail: 'A solved thread is out of the inbox already.' };
}

/** Only newer threads go into older ones: so no two merges, begun at both ends, can ever form a cycle. */
export function targetIsOlder({ thread }: Draft, { into }: BodyOf<'merge'>): Reason | undefined {
  if (into === thread.id) return { code: 'merge-into-itself', detail: 'A thread is not merged into itself.' };
  if (isOlderThread(into, thread.id)) return undefined;
  return { code: 'merge-newer-into-older', detail: 'The newer thread is merged into the older.' };
}

/** Else one customer could read what another wrote. The target's own lane looks once more at whose it is. */
export function targetHasSameCustomer({ thread, world }: Draft, body: BodyOf<'merge'>): Reason | undefined {
  const { id } = thread.customer;
  const target = world.ids.verify(body.into);
  const isSame = target !== undefined && (body.intoCustomer === id || world.ids.isOwnedBy(target, `customer:${id}`));
  if (isSame && id !== '') return undefined;
  return { code: 'merge-same-customer', detail: 'Only threads of the same customer are merged.' };
}

export function noMergeUnderWay({ thread }: Draft): Reason | undefined {
  if (thread.mergingInto === null) return undefined;
  return { code: 'merge-under-way', detail: `The thread is being merged into ${thread.mergingInto}.` };
}
