/** Decisions about what people write: starting, continuing, answering and noting. */
import { expectedReplyAt } from '../sla/promise.ts';
import type { BodyOf } from './command.ts';
import type { Draft } from './draft.ts';
import { SYSTEM } from './entry.ts';
import { type Handling, isNotClosed, mayHappen, threadExists } from './rules.ts';
import type { Customer } from './thread.ts';

export const start: Handling<'start'> = {
  rules: [
    ({ thread }) => (thread.started ? { code: 'thread-exists', detail: 'The thread was started before.' } : undefined),
  ],
  apply: (draft, body) => {
    const { author } = draft.command;
    const isByAgent = author.kind === 'agent';
    const { customer, subject, topic, urgency, attributes, team, followUpOf, messageId, channel, content } = body;
    draft.say({
      type: 'started',
      customer,
      subject,
      topic,
      urgency,
      attributes,
      status: isByAgent ? 'pending' : draft.thread.status,
      team: team ?? draft.world.policy.teamForTopic(topic).id,
      assignee: isByAgent ? author.id : null,
      followUpOf,
    });
    draft.say({ type: 'message', messageId, channel, content });
    if (!isByAgent) promise(draft);
  },
};

/** On a closed thread the message is not refused: it moves to where the thread goes on. */
export const customerMessage: Handling<'customer-message'> = {
  rules: [threadExists],
  apply: (draft, body) => {
    if (draft.thread.status === 'closed') {
      moveOn(draft, body);
      return;
    }
    followCustomer(draft, body.customer);
    draft.say({ type: 'message', messageId: body.messageId, channel: body.channel, content: body.content });
    if (draft.thread.snooze !== null) {
      draft.say(
        { type: 'change', field: 'snooze', from: draft.thread.snooze, to: null },
        { author: SYSTEM, rule: 'customer-message-wakes' },
      );
    }
    draft.happen('customer-message', { rule: 'customer-message-reopens' });
    promise(draft);
  },
};

export const reply: Handling<'reply'> = {
  rules: [threadExists, isNotClosed],
  apply: (draft, { messageId, channel, content, status }) => {
    draft.say({ type: 'message', messageId, channel, content });
    if (status === undefined) draft.happen('agent-reply', { rule: 'reply-opens' });
    else setStatus(draft, status);
  },
};

export const note: Handling<'note'> = {
  rules: [threadExists, isNotClosed],
  apply: (draft, { messageId, channel, content }) => draft.say({ type: 'note', messageId, channel, content }),
};

export const seen: Handling<'seen'> = {
  rules: [
    threadExists,
    ({ thread }, { upTo }) =>
      upTo <= thread.seq ? undefined : { code: 'unknown-entry', detail: `The thread ends at entry ${thread.seq}.` },
  ],
  apply: (draft, { upTo }) => {
    if (upTo > draft.thread.seenSeq) draft.say({ type: 'seen', upTo });
  },
};

export const customerSolve: Handling<'customer-solve'> = {
  rules: [threadExists, (draft) => mayHappen(draft, 'solved')],
  apply: (draft) => setStatus(draft, 'solved'),
};

/** Sets the status by a person's wish; what is solved needs no snooze any more. */
export function setStatus(draft: Draft, status: BodyOf<'set-status'>['status']): void {
  draft.happen(status);
  if (status !== 'solved' || draft.thread.snooze === null) return;
  draft.say(
    { type: 'change', field: 'snooze', from: draft.thread.snooze, to: null },
    { author: SYSTEM, rule: 'solved-ends-snooze' },
  );
}

/**
 * Sends the message to the thread in which this one goes on: the merge's target, the follow-up there is, or a new
 * follow-up, whose id derives from the command so that deciding it again founds the same one.
 */
function moveOn(draft: Draft, body: BodyOf<'customer-message'>): void {
  const { thread, world, command } = draft;
  const existing = thread.mergedInto ?? thread.followUp;
  if (existing !== null) {
    draft.say({
      type: 'moved',
      messageId: body.messageId,
      to: existing,
      because: thread.mergedInto ? 'merged' : 'closed',
    });
    draft.forward(existing, body);
    return;
  }
  const { customer, subject, topic, urgency, attributes, team } = thread;
  const followUp = world.ids.thread(customer.id, command.acceptedAt, draft.entropy('follow-up'));
  draft.say({ type: 'moved', messageId: body.messageId, to: followUp, because: 'closed' });
  draft.forward(followUp, {
    ...body,
    type: 'start',
    customer: knownOf(customer, body.customer),
    subject,
    topic,
    urgency,
    attributes,
    team,
    followUpOf: thread.id,
  });
}

/** Says when the answer comes: what the customer was told on acceptance binds, unless they were told earlier before. */
export function promise(draft: Draft): void {
  const { thread, world, command } = draft;
  const told =
    command.expectedReplyAt === undefined
      ? expectedReplyAt(world.policy, thread.team, thread.answered ? 'next' : 'first', command.acceptedAt)
      : command.expectedReplyAt;
  if (told === null || (thread.expectedReplyAt !== null && thread.expectedReplyAt <= told)) return;
  draft.say({ type: 'promise', expectedReplyAt: told }, { author: SYSTEM, rule: 'reply-target' });
}

/** Keeps what the business's token now says of the customer. */
function followCustomer(draft: Draft, told: Customer): void {
  const { customer } = draft.thread;
  const known = knownOf(customer, told);
  if (JSON.stringify(known) === JSON.stringify(customer)) return;
  draft.say(
    { type: 'change', field: 'customer', from: customer, to: known },
    { author: SYSTEM, rule: 'customer-told' },
  );
}

/** What was known before stays known where it is not told again. */
function knownOf(before: Customer, told: Customer): Customer {
  return {
    id: before.id === '' ? told.id : before.id,
    name: told.name ?? before.name,
    email: told.email ?? before.email,
    locale: told.locale ?? before.locale,
    zoneinfo: told.zoneinfo ?? before.zoneinfo,
  };
}
