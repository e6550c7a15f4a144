/** Decisions about what people write: starting, continuing, answering and noting. */
import { knownOf } from '../customer/facts.ts';
import type { BodyOf } from './command.ts';
import { followCustomer } from './decide-customer.ts';
import { type Draft, FOLLOW_UP } from './draft.ts';
import { newParticipants } from './participants.ts';
import { type Handling, isNotClosed, mayHappen, threadExists } from './rules.ts';
import { subjectFrom } from './subject.ts';

export const start: Handling<'start'> = {
  rules: [
    ({ thread }) => (thread.started ? { code: 'thread-exists', detail: 'The thread was started before.' } : undefined),
    // Only what a customer wrote moves on.
    (draft) => (draft.command.author.kind === 'agent' ? isNotClosed(draft) : undefined),
  ],
  apply: (draft, body) => {
    // Only one that had been set aside comes to a thread that was closed meanwhile.
    if (draft.thread.status === 'closed') {
      moveOn(draft, body, body);
      return;
    }
    const { author } = draft.command;
    const isByAgent = author.kind === 'agent';
    const { customer, subject, topic, urgency, attributes, team, followUpOf, answerBy } = body;
    draft.say({
      type: 'started',
      customer,
      subject: subject ?? subjectFrom(draft.world.textOf(body.content), customer, draft.world.policy),
      topic,
      urgency,
      attributes,
      status: isByAgent ? 'pending' : draft.thread.status,
      team: team ?? draft.world.policy.teamForTopic(topic).id,
      assignee: isByAgent ? author.id : null,
      followUpOf,
      ...(answerBy === undefined ? {} : { answerBy }),
    });
    sayMessage(draft, body);
    if (isByAgent) return;
    draft.customerWaits({ rule: 'customer-message-reopens' });
    draft.owesPromise = true;
  },
};

/** On a closed thread the message is not refused: it moves to where the thread goes on. */
export const customerMessage: Handling<'customer-message'> = {
  rules: [threadExists],
  apply: (draft, body) => {
    if (draft.thread.status === 'closed') {
      moveOn(draft, body, draft.thread);
      return;
    }
    followCustomer(draft, body.customer);
    sayMessage(draft, body);
    draft.customerWaits({ rule: 'customer-message-reopens' });
    draft.owesPromise = true;
  },
};

export const reply: Handling<'reply'> = {
  rules: [threadExists, isNotClosed],
  apply: (draft, { status, ...body }) => {
    sayMessage(draft, body);
    if (status === undefined) draft.happen('agent-reply', { rule: 'reply-opens' });
    else setStatus(draft, status);
  },
};

export const note: Handling<'note'> = {
  rules: [threadExists, isNotClosed],
  apply: (draft, body) => draft.say({ type: 'note', ...writtenIn(body) }),
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

/** What is kept of what somebody wrote, and of the mail that brought it. */
function writtenIn({ messageId, channel, content, mail }: Omit<BodyOf<'note'>, 'type'>) {
  return { messageId, channel, content, ...(mail === undefined ? {} : { mail }) };
}

/** What somebody wrote, and who is in the conversation by it. */
function sayMessage(draft: Draft, body: Omit<BodyOf<'reply'>, 'type' | 'status'>): void {
  const participants = newParticipants(body.participants ?? [], draft.thread, draft.world.policy);
  draft.say({ type: 'message', ...writtenIn(body), ...(participants.length === 0 ? {} : { participants }) });
}

/** Sets the status by a person's wish; what is solved needs no snooze any more. */
export function setStatus(draft: Draft, status: BodyOf<'set-status'>['status']): void {
  draft.happen(status);
  if (status === 'solved') draft.wake({ rule: 'solved-ends-snooze' });
}

/**
 * Sends the message to the thread in which this one goes on: the merge's target, the follow-up there is, or a new
 * follow-up, whose id derives from the command so that deciding it again founds the same one.
 */
function moveOn(
  draft: Draft,
  message: Omit<BodyOf<'customer-message'>, 'type'>,
  about: Pick<BodyOf<'start'>, 'subject' | 'topic' | 'urgency' | 'attributes' | 'team'>,
): void {
  const { thread, world, command } = draft;
  const { messageId, participants, movedFrom } = message;
  const customer = knownOf(thread.customer, message.customer);
  const existing = thread.mergedInto ?? thread.followUp;
  const to = existing ?? world.ids.thread(customer.id, command.acceptedAt, draft.entropy(FOLLOW_UP));
  draft.say({ type: 'moved', messageId, to, because: thread.mergedInto === null ? 'closed' : 'merged' });
  // The thread that was written to learns of it, so that the way never grows longer than two steps.
  if (movedFrom !== undefined) draft.send(movedFrom, { type: 'point-on', to });
  const written = { ...writtenIn(message), ...(participants === undefined ? {} : { participants }) };
  if (existing !== null) {
    const moving = { ...written, customer: message.customer, movedFrom: movedFrom ?? thread.id };
    draft.forward(existing, { type: 'customer-message', ...moving });
    return;
  }
  const { subject, topic, urgency, attributes, team } = about;
  const answered = thread.answerBy === 'email' ? {} : { answerBy: thread.answerBy };
  const start = { subject, topic, urgency, attributes, team, followUpOf: thread.id, ...answered };
  draft.forward(to, { type: 'start', ...written, customer, ...start });
}
