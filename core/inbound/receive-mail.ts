/**
 * Receiving: makes a mail a command on its thread's lane, once. What is to be made of it is claimed first, under all
 * that tells this mail from every other: a mail that comes twice, or at the same time, finds the same ids, and its
 * command is dropped by the lane like any that comes twice. The raw mail is kept before anything is done with it, so
 * that whoever handed it over may forget it once this resolves.
 */
import { LOOP_HEADER, loopMark } from '../email/marks.ts';
import { fieldOf } from '../email/received/header.ts';
import { type Resolution, resolveThread } from '../email/resolve-thread.ts';
import { ENTROPY_BYTES, messageIdOf } from '../ids.ts';
import { MissingSecrets } from '../ids-by-secrets.ts';
import { withSmallPayload } from '../lane/set-aside.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { ThreadStore } from '../ports.ts';
import { commandOwner } from '../thread/entry.ts';
import type { Thread } from '../thread/thread.ts';
import { type Recipient, recipientsOf } from './addressing.ts';
import { type IncomingMail, type ReadMail, readIncoming } from './incoming-mail.ts';
import { lookUp } from './look-up.ts';
import { isTooMuch, NO_RESTRAINT, restraintOf } from './loop-bounds.ts';
import { recordMachineMail } from './machine-mail.ts';
import { bouncedKey, contentKey, type MailRecord, messageKey } from './mail-index.ts';
import { commandsOfPerson, heldBecause, writerOf } from './person-mail.ts';
import type { Meant, ReceiveDeps, Receiving } from './receiving.ts';

/** `nobody`: none of its recipients is an address of any business, and nothing was done. */
export async function receiveMail(incoming: IncomingMail, deps: ReceiveDeps): Promise<'taken' | 'nobody'> {
  const businesses = recipientsOf(incoming.recipients, deps.policies);
  if (businesses.size === 0) return 'nobody';
  const read = readIncoming(incoming);
  for (const [business, recipients] of businesses) await receiveAt(business, recipients, read, incoming, deps);
  return 'taken';
}

async function receiveAt(
  business: string,
  recipients: Recipient[],
  whole: ReadMail,
  incoming: IncomingMail,
  deps: ReceiveDeps,
): Promise<void> {
  const policy = deps.policies.current(business);
  const [ids, secrets] = await Promise.all([deps.idsOf(business), deps.secrets.of(business)]);
  if (policy === undefined || secrets === undefined) throw new MissingSecrets(`Nothing is known of ${business}.`);
  const now = deps.clock.now();
  const read = throughList(whole, policy);
  const receiving: Receiving = { business, policy, ids, secrets, now, incoming, read, recipients, deps };
  const { kind } = read.nature;
  if (isOwnMail(receiving)) {
    deps.log('info', 'mail.own', { business });
    return;
  }
  await deps.policies.keep(policy);
  if (kind !== 'person' && (await recordMachineMail(receiving))) {
    deps.log('info', 'mail.recorded', { business, kind });
    return;
  }
  const { place, isAgain, resolution } = await claimPlace(receiving);
  // What comes again has been judged, and its command goes before this one.
  const held = await heldBecause(
    receiving,
    resolution,
    async () => !isAgain && (await isTooMuch(receiving, resolution)),
  );
  const restraint = held === undefined && !isAgain ? await restraintOf(receiving, resolution, place) : NO_RESTRAINT;
  const commands = await commandsOfPerson(receiving, resolution, place, { held, ...restraint });
  const small = await Promise.all(commands.map((command) => withSmallPayload(command, deps.blobs)));
  await pointTo(place, receiving);
  await deps.lanes.send(small.map((command) => ({ lane: command.thread, id: command.id, body: command })));
  const { as } = resolution;
  deps.log('info', 'mail.received', { business, thread: place.threadId, as, held: held?.code ?? null, isAgain });
}

/** What a list of the business's own brings is of whoever wrote it. */
function throughList(read: ReadMail, { source }: CompiledPolicy): ReadMail {
  const named = fieldOf(read.mail.headers, 'list-id') ?? '';
  const id = (/<([^<>]*)>\s*$/.exec(named)?.[1] ?? named).trim().toLowerCase();
  if (read.nature.kind !== 'list' || !source.mail.lists.includes(id)) return read;
  return { ...read, nature: { ...read.nature, kind: 'person' } };
}

/** A mail of ours that came back to us: whatever it is, it has been said already. */
function isOwnMail({ read, secrets, business }: Receiving): boolean {
  const mark = loopMark(secrets, business);
  return read.mail.headers.some(([name, value]) => name === LOOP_HEADER && value === mark);
}

/** Finds the mail's thread, and what was minted for it when it came first. */
async function claimPlace(receiving: Receiving): Promise<{ place: Meant; isAgain: boolean; resolution: Resolution }> {
  const { business, read, recipients, deps, now, ids } = receiving;
  const key = contentKey(business, read.hash);
  const resolution = resolveThread(await lookUp(read, recipients, receiving, deps));
  const goesOn = 'thread' in resolution ? await whereItGoesOn(resolution.thread, deps.threads) : undefined;
  const writer = await writerOf(receiving, resolution);
  const entropy = deps.random.bytes(ENTROPY_BYTES);
  const threadId = goesOn?.id ?? ids.thread(writer.customer.id, now, entropy);
  const minted = {
    thread: threadId,
    command: ids.command(threadId, commandOwner(writer.author), now, entropy),
    at: now,
  };
  const known = await deps.mailIndex.claim(key, minted);
  const { thread, command = minted.command, at }: MailRecord = known ?? minted;
  const place = { threadId: thread, commandId: command, messageId: messageIdOf(command), at, ...writer };
  const isElsewhere = goesOn !== undefined && goesOn.id !== thread;
  // It was begun when less was known: it stays where it was begun.
  const kept: Resolution = isElsewhere ? { as: 'newcomer', found: resolution.found } : resolution;
  const placed: Resolution = 'thread' in kept && goesOn !== undefined ? { ...kept, thread: goesOn } : kept;
  return { place, isAgain: known !== undefined, resolution: placed };
}

/** Merges only go into older threads: the way ends. */
async function whereItGoesOn(thread: Thread, threads: ThreadStore): Promise<Thread> {
  const next = thread.mergedInto === null ? undefined : await threads.load(thread.mergedInto);
  return next === undefined ? thread : whereItGoesOn(next, threads);
}

/** So that answers to this mail find their thread; and an address from which mail comes takes mail again. */
async function pointTo({ threadId, commandId, at }: Meant, { business, read, deps }: Receiving): Promise<void> {
  const { mailIndex } = deps;
  const { messageId } = read.mail;
  if (messageId !== null) {
    await mailIndex.claim(messageKey(business, messageId), { thread: threadId, command: commandId, at });
  }
  if (read.from === null) return;
  const bounced = bouncedKey(business, read.from.address);
  if ((await mailIndex.find(bounced)) !== undefined) await mailIndex.remove(bounced);
}
