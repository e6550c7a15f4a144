/**
 * Performing: makes the stored, small effects of a decision into what is handed over: mail jobs, events, messages.
 * Everything derives from the log up to the decision, so a redelivery makes the same things under the same ids.
 */
import { attachmentKey } from '../blob-keys.ts';
import type { MailJob } from '../delivery/send.ts';
import type { MailAddress } from '../email/mail.ts';
import { eventIdOf, sendIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Blobs, LaneMessage, Performance } from '../ports.ts';
import { type PoolCommand, poolIdOf } from '../team/pool-command.ts';
import type { Command } from '../thread/command.ts';
import { attachmentsOf, type Content } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import type { CloudEvent } from './cloud-event.ts';
import { type Effect, type MailRecipient, partsOf } from './effect.ts';

/** What effects are made of: the same when they are performed again, so that the same things come out. */
export interface EffectSource {
  /** The thread as the decision left it. */
  thread: Thread;
  policy: CompiledPolicy;
  /** The entries of the decision, and the number of the log item that holds them; none for a refusal's effects. */
  entries: Entry[];
  logSeq: number;
  blobs: Blobs;
  now: number;
}

/** Tells the message from that of the command itself, which is on another lane of the same queue. */
const POOL_MESSAGE = 'pool~';

function poolMessage(command: PoolCommand, business: string): LaneMessage {
  return { lane: poolIdOf(business), id: `${POOL_MESSAGE}${command.id}`, body: command };
}

/** A performance to add to. */
export function nothingPerformed(): Performance {
  return { mails: [], commands: [], events: [], timers: [] };
}

export async function performanceOf(effects: Effect[], source: EffectSource): Promise<Performance> {
  const whole = nothingPerformed();
  for (const effect of effects) {
    switch (effect.type) {
      case 'mail': {
        const job = mailJob(effect, source);
        if (job !== undefined) whole.mails.push(job);
        break;
      }
      case 'event':
        whole.events.push(cloudEvent(effect, source));
        break;
      case 'command':
        await takeAlong(effect.command, source);
        whole.commands.push({ lane: effect.command.thread, id: effect.command.id, body: effect.command });
        break;
      case 'pool':
        whole.commands.push(poolMessage(effect.command, source.thread.business));
        break;
      case 'timer': {
        const { dueAt, generation } = effect;
        const delayMs = Math.max(0, dueAt - source.now);
        whole.timers.push({ timer: { thread: source.thread.id, dueAt, generation }, delayMs });
      }
    }
  }
  return whole;
}

/** Undefined where nobody is there to get it: a customer without an address. */
function mailJob({ kind, seq, to: recipient }: Effect & { type: 'mail' }, source: EffectSource): MailJob | undefined {
  const { thread, policy, logSeq } = source;
  const to = addressOf(recipient, thread, policy);
  if (to === undefined) return undefined;
  const {
    customer,
    subject,
    topic,
    urgency,
    team,
    assignee,
    expectedReplyAt,
    advice,
    followUpOf,
    participants,
    mailIds,
  } = thread;
  return {
    sendId: sendIdOf(thread.id, seq, kind),
    business: thread.business,
    thread: thread.id,
    kind,
    seq,
    logSeq,
    policy: policy.hash,
    recipient,
    to,
    facts: {
      customer: { ...customer, attributes: {} },
      subject,
      topic,
      urgency,
      team,
      assignee,
      expectedReplyAt,
      advice,
      ...(followUpOf === null ? {} : { followUpOf }),
      ...(participants.length === 0 ? {} : { participants }),
      ...(mailIds.length === 0 ? {} : { mailIds }),
    },
  };
}

/** An agent or team that the policy does not have any more is stood in for by the team that it does have. */
function addressOf(recipient: MailRecipient, thread: Thread, policy: CompiledPolicy): MailAddress | undefined {
  if (recipient === 'customer') {
    const { email, name } = thread.customer;
    return email === null ? undefined : { name: name ?? '', address: email };
  }
  const { kind, id } = partsOf(recipient);
  const agent = kind === 'agent' ? policy.agent(id) : undefined;
  if (agent !== undefined) return { name: agent.name, address: agent.email };
  const { name, notices } = policy.teamOrDefault(kind === 'team' ? id : thread.team);
  return { name, address: notices };
}

function cloudEvent({ name, seq }: Effect & { type: 'event' }, { thread, entries }: EffectSource): CloudEvent {
  const entry = entryOf(seq, entries);
  const { team, assignee, status, priority } = thread;
  const customer = thread.customer.id === '' ? null : thread.customer.id;
  const changes = entries.flatMap((each) => (each.type === 'change' ? [each] : []));
  const isNew = entries.some(({ type }) => type === 'started');
  const before = changes.find(({ field }) => field === 'status')?.from ?? status;
  const common = {
    ...{ thread: thread.id, seq, author: entry.author.kind, customer, team, assignee, status, priority },
    statusBefore: isNew ? null : before,
    changed: [...new Set(changes.map(({ field }) => field))],
  };
  return {
    specversion: '1.0',
    id: eventIdOf(thread.id, seq),
    source: `/businesses/${thread.business}`,
    type: `meanwhile.${name}`,
    subject: thread.id,
    time: new Date(entry.at).toISOString(),
    datacontenttype: 'application/json',
    data: { ...common, ...particularsOf(entry) },
  } as CloudEvent;
}

/** What only this kind of event says; `EVENT_DATA` has its shape. */
function particularsOf(entry: Entry) {
  if (entry.type === 'message') return { messageId: entry.messageId };
  if (entry.type === 'merge' && entry.phase === 'completed') return { into: entry.into };
  if (entry.type === 'rating') return { score: entry.score };
  if (entry.type === 'delivery') return { state: entry.state };
  return entry.type === 'set-aside' ? { reason: entry.reason.code } : {};
}

/** Attachments lie under their thread; a message that moves to another thread takes copies along. */
async function takeAlong(command: Command, { thread, blobs }: EffectSource): Promise<void> {
  const content: Content | undefined = 'content' in command.body ? command.body.content : undefined;
  if (content === undefined) return;
  for (const { attachmentId } of attachmentsOf(content)) {
    await blobs.copy(attachmentKey(thread.id, attachmentId), attachmentKey(command.thread, attachmentId));
  }
}

function entryOf(seq: number, entries: Entry[]): Entry {
  const entry = entries.find((candidate) => candidate.seq === seq);
  if (entry === undefined) throw new RangeError(`An effect names entry ${seq}, which its decision did not make.`);
  return entry;
}
