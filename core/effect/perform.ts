/**
 * Performing: makes the stored, small effects of a decision into what is handed over (whole mails, events, messages).
 * Everything derives from the log item and the head, so a redelivery makes the same things under the same ids.
 */
import { attachmentKey } from '../blob-keys.ts';
import type { MailJob } from '../delivery/send.ts';
import { attachedFiles, composeMail, teamOf } from '../email/compose.ts';
import type { MailAddress } from '../email/mail.ts';
import { eventIdOf, sendIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Blobs, Performance } from '../ports.ts';
import type { Command } from '../thread/command.ts';
import { attachmentsOf, type Content } from '../thread/content.ts';
import type { Entry } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import { wholeBodyOf } from '../thread/whole-body.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { Effect } from './effect.ts';

/** What effects are made of. */
export interface EffectSource {
  thread: Thread;
  policy: CompiledPolicy;
  /** The entries that the effects are about. */
  entries: Entry[];
  blobs: Blobs;
  now: number;
}

export async function performanceOf(effects: Effect[], source: EffectSource): Promise<Performance> {
  const whole: Performance = { mails: [], commands: [], events: [], timers: [] };
  for (const effect of effects) {
    switch (effect.type) {
      case 'mail': {
        const job = await mailJob(effect, source);
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
      case 'timer': {
        const { dueAt, generation } = effect;
        const delayMs = Math.max(0, dueAt - source.now);
        whole.timers.push({ timer: { thread: source.thread.id, dueAt, generation }, delayMs });
      }
    }
  }
  return whole;
}

/** Undefined where nobody is there to get it: the team or agent is not in the policy any more. */
async function mailJob(effect: Effect & { type: 'mail' }, source: EffectSource): Promise<MailJob | undefined> {
  const { thread, policy, blobs } = source;
  const entry = entryOf(effect.seq, source.entries);
  const to = recipientOf(effect.to, thread, policy);
  // The type check is the rule that notes are never mailed.
  if (to === undefined || entry.type !== 'message') return undefined;
  const attachments = attachedFiles(attachmentsOf(entry.content), (id) => attachmentKey(thread.id, id));
  const body = await wholeBodyOf(entry.content, blobs);
  return {
    sendId: sendIdOf(thread.id, effect.seq, effect.kind),
    business: thread.business,
    thread: thread.id,
    command: entry.cause.command,
    isPersonal: effect.kind === 'reply',
    mail: composeMail(effect.kind, { thread, entry, body, to, policy, attachments }),
  };
}

function recipientOf(
  to: (Effect & { type: 'mail' })['to'],
  thread: Thread,
  policy: CompiledPolicy,
): MailAddress | undefined {
  if (to === 'customer') {
    const { email, name } = thread.customer;
    return email === null ? undefined : { name: name ?? '', address: email };
  }
  if (to.startsWith('agent:')) {
    const agent = policy.agent(to.slice('agent:'.length));
    if (agent !== undefined) return { name: agent.name, address: agent.email };
  }
  const { name, address } = teamOf(thread, policy);
  return { name, address };
}

function cloudEvent({ name, seq }: Effect & { type: 'event' }, { thread, entries }: EffectSource): CloudEvent {
  const entry = entryOf(seq, entries);
  return {
    specversion: '1.0',
    id: eventIdOf(thread.id, seq),
    source: `/businesses/${thread.business}`,
    type: `meanwhile.${name}`,
    subject: thread.id,
    time: new Date(entry.at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      thread: thread.id,
      seq,
      author: entry.author.kind,
      ...(entry.type === 'message' ? { messageId: entry.messageId } : {}),
      ...(entry.type === 'change' && entry.field === 'status' ? { from: entry.from, to: entry.to } : {}),
      ...(entry.type === 'merge' && entry.phase !== 'absorbed' ? { into: entry.into } : {}),
    },
  };
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
