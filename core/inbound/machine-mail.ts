/** Mails that no person wrote to us: told to their thread, where nothing follows from them, or not taken here. */
import { ENTROPY_BYTES, messageIdOf } from '../ids.ts';
import type { Command } from '../thread/command.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { MachineKind, MailFacts } from '../thread/mail-facts.ts';
import { isParticipant } from '../thread/participants.ts';
import type { Thread } from '../thread/thread.ts';
import { mailFactsOf } from './held-mail.ts';
import { firstKnown, lookUp } from './look-up.ts';
import { bouncedKey, contentKey } from './mail-index.ts';
import { placeMail } from './place-mail.ts';
import type { Receiving } from './receiving.ts';

const FATE_OF = { bounce: 'bounced', complaint: 'complained', delay: 'delayed' } as const;

interface About {
  thread: Thread;
  /** Of ours, that it is about. */
  send: string | null;
  found: MailFacts['found'];
}

/** @returns false where it is about no thread that is known */
export async function recordMachineMail(receiving: Receiving): Promise<boolean> {
  const { read, business, policy, ids, incoming, now, deps } = receiving;
  const about = await aboutOf(receiving);
  if (about === undefined) return false;
  const { thread, found } = about;
  const commandId = ids.command(thread.id, `system:${SYSTEM.id}`, now, deps.random.bytes(ENTROPY_BYTES));
  const claimed = await deps.mailIndex.claim(contentKey(business, read.hash), {
    thread: thread.id,
    command: commandId,
    at: now,
  });
  const id = claimed?.command ?? commandId;
  const at = claimed?.at ?? now;
  const place = { threadId: thread.id, commandId: id, messageId: messageIdOf(id), owner: 'system:mail' as const, at };
  const written = { text: read.mail.text ?? '' };
  const { content, omitted } = await placeMail(written, read.mail.attachments, place, policy.source, 'machine', {
    blobs: deps.blobs,
    ids,
  });
  const mail = mailFactsOf(read, incoming.rawKey, found, omitted);
  const command = (commandId: string, body: Command['body']): Command => ({
    ...{ schema: 1, id: commandId, business, thread: thread.id, acceptedAt: at, policy: policy.hash },
    ...{ author: SYSTEM, control: 'agent', body },
  });
  const recorded = command(id, { type: 'record-mail', kind: read.nature.kind as MachineKind, content, mail });
  const commands = [...(await undelivered(receiving, about, command)), recorded];
  await deps.lanes.send(commands.map((one) => ({ lane: one.thread, id: one.id, body: one })));
  return true;
}

/** What it is about, and else what it answers. Whoever sent it is no evidence: machines send in anybody's name. */
async function aboutOf(receiving: Receiving): Promise<About | undefined> {
  const { read, recipients, deps } = receiving;
  const { originalIds } = read.nature;
  const original = await firstKnown(originalIds, receiving, deps);
  if (original !== undefined) {
    const { thread, send, id } = original;
    return { thread, send, found: { by: 'reference', what: id, failed: [] } };
  }
  const { tokens, references } = await lookUp(read, recipients, receiving, deps);
  const token = tokens.find(({ thread, bearer }) => thread !== undefined && bearer !== undefined);
  if (token?.thread !== undefined) {
    return { thread: token.thread, send: null, found: { by: 'token', what: token.bearer ?? '', failed: [] } };
  }
  const [nearest] = references;
  if (nearest === undefined) return undefined;
  return { thread: nearest.thread, send: null, found: { by: 'reference', what: nearest.id, failed: [] } };
}

/**
 * A mail of ours did not arrive: its thread is told, as by a provider's own event, under the same id. An address is
 * given up only where the mail that bounced was to it: else anybody could have anybody's mail stopped by a report.
 */
async function undelivered(
  { read, business, policy, deps, now }: Receiving,
  { thread, send }: About,
  command: (id: string, body: Command['body']) => Command,
): Promise<Command[]> {
  const { kind, isFinal, failedRecipients } = read.nature;
  const state = kind === 'bounce' || kind === 'complaint' || kind === 'delay' ? FATE_OF[kind] : undefined;
  if (send === null || state === undefined) return [];
  const isOfCopy = failedRecipients.length > 0 && failedRecipients.every((address) => isParticipant(address, thread));
  if (!isOfCopy) await deps.sends.tell(send, state, now);
  if (state === 'delayed') return [];
  const ours = new Set(
    [
      thread.customer.email,
      ...thread.participants.map(({ address }) => address),
      ...Object.values(policy.source.agents).map(({ email }) => email),
      ...Object.keys(policy.source.teams).map((team) => policy.team(team)?.notices),
    ].map((address) => address?.toLowerCase()),
  );
  const failed = isFinal ? failedRecipients.filter((address) => ours.has(address)) : [];
  for (const address of failed)
    await deps.mailIndex.claim(bouncedKey(business, address), { thread: thread.id, send, at: now });
  const detail = kind === 'bounce' ? (isFinal ? 'Permanent, by mail' : 'By mail') : 'By mail';
  const bounced = failed.length === 0 ? {} : { bouncedFrom: failed };
  const body = {
    type: 'record-delivery' as const,
    send,
    state,
    detail,
    ...bounced,
    isFinal: failed.length > 0,
  } as const;
  return [command(`dlv${send.slice('snd'.length)}_${state}`, body)];
}
