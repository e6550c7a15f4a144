/** What a mail that a person wrote is made into: a customer's message, an agent's answer, or something that is held. */
import { textOfHtml } from '../email/html.ts';
import type { Resolution } from '../email/resolve-thread.ts';
import { Ids } from '../ids.ts';
import type { Command, CommandBody } from '../thread/command.ts';
import type { Content } from '../thread/content.ts';
import { decide } from '../thread/decide.ts';
import { type Author, type Reason, SYSTEM } from '../thread/entry.ts';
import type { HoldCode, MailFacts } from '../thread/mail-facts.ts';
import { aNobody, type Thread } from '../thread/thread.ts';
import { readableBodyOf } from '../thread/whole-body.ts';
import { readCommands } from './agent-commands.ts';
import type { ReadMail } from './incoming-mail.ts';
import { placeMail } from './place-mail.ts';
import { commandOf, type Meant, ownerOf, type Receiving, type Writer } from './receiving.ts';

const UNREADABLE = 'unreadable-mail';
const SUBJECT_CHARS_MAX = 250;

export async function writerOf({ read, business, deps }: Receiving, resolution: Resolution): Promise<Writer> {
  const { from, isAuthenticated, hash } = read;
  if (resolution.as === 'agent') {
    const { id, name } = resolution.agent;
    return { author: { kind: 'agent', id, name }, customer: resolution.thread.customer };
  }
  const name = from === null || from.name === '' ? null : from.name;
  if (resolution.as === 'customer') {
    const { customer } = resolution.thread;
    return {
      author: { kind: 'customer', id: customer.id, name: customer.name ?? name },
      customer: aNobody(customer.id),
    };
  }
  const proved = from !== null && isAuthenticated ? await deps.customerOf(business, from.address) : undefined;
  const id = proved ?? (from === null ? `mail:${hash}` : `email:${from.address.toLowerCase()}`);
  const author: Author = { kind: 'customer', id, name };
  if ('thread' in resolution) return { author, customer: aNobody(resolution.thread.customer.id) };
  return { author, customer: { ...aNobody(id), name, email: from?.address ?? null } };
}

/** Why a mail waits for an agent to let it go; undefined where it does not. */
export async function heldBecause(
  { read, policy, recipients }: Receiving,
  resolution: Resolution,
  isTooMuch: () => Promise<boolean>,
): Promise<(Reason & { code: HoldCode }) | undefined> {
  const { verdicts, nature, unreadable, isAuthenticated } = read;
  if (unreadable !== null) return { code: UNREADABLE, detail: `The mail is ${unreadable}: only the raw mail is kept.` };
  if (verdicts.virus === 'fail') return { code: 'virus', detail: 'The receiving server found a virus in it.' };
  if (nature.kind !== 'person') return { code: nature.kind, detail: 'No person wrote it, and it is about no thread.' };
  if (verdicts.spam === 'fail' && policy.source.mail.spam === 'hold') {
    return { code: 'spam', detail: 'The receiving server takes it for spam.' };
  }
  if (resolution.as === 'unproved') {
    return { code: 'foreign-token', detail: 'It answers a mail that was not sent to its sender.' };
  }
  if (resolution.as === 'agent' && !isAuthenticated) {
    return { code: 'sender-unproved', detail: 'Nothing proves that the agent it names has sent it.' };
  }
  if (resolution.as === 'newcomer' && !recipients.some(({ kind }) => kind === 'team') && !wasForUs(resolution)) {
    return { code: 'unknown-address', detail: 'It came to an address that nobody has.' };
  }
  if (await isTooMuch()) return { code: 'too-many', detail: 'More comes from this sender than is answered.' };
  return undefined;
}

/** An answer that came too late is for us all the same. */
function wasForUs({ found }: Resolution): boolean {
  return found.failed.some((why) => why !== 'token: not ours');
}

export async function commandsOfPerson(
  receiving: Receiving,
  resolution: Resolution,
  place: Meant,
  held: Reason | undefined,
): Promise<Command[]> {
  const { read, incoming, policy, ids, deps } = receiving;
  const { text, html, attachments, subject } = read.mail;
  const asked =
    resolution.as === 'agent' ? readCommands(text ?? textOfHtml(html ?? ''), resolution.agent, policy) : null;
  const isCommanded = asked !== null && asked.text !== text;
  const written = {
    text: asked?.text ?? text ?? (html === null ? '' : undefined),
    html: isCommanded ? undefined : (html ?? undefined),
  };
  const leaveOut = held?.code === 'virus' ? 'virus' : undefined;
  const whole = { ...place, owner: ownerOf(place.author) };
  const placed = await placeMail(written, attachments, whole, policy.source.mail, leaveOut, { blobs: deps.blobs, ids });
  const mail = mailFactsOf(read, incoming.rawKey, resolution.found, placed.omitted);
  const { content } = placed;
  const message = { messageId: place.messageId, channel: 'email' as const, content, mail };
  if (resolution.as !== 'agent' || asked === null || held !== undefined) {
    const isNew = resolution.as === 'newcomer' && (await deps.threads.load(place.threadId))?.started !== true;
    const { customer } = place;
    const start = {
      ...{ subject: subject?.slice(0, SUBJECT_CHARS_MAX).toWellFormed() || null, topic: null, urgency: null },
      ...{ attributes: {}, followUpOf: null, team: teamOf(receiving) },
    };
    const body: CommandBody = isNew
      ? { type: 'start', ...message, customer, ...start }
      : resolution.as === 'agent'
        ? { type: 'reply', ...message }
        : { type: 'customer-message', ...message, customer };
    const command = commandOf(receiving, place, body);
    return [held === undefined ? command : setAside(command, held)];
  }
  const commands = agentCommands(receiving, place, asked, { ...message, isEmpty: isEmpty(content) });
  const problems = [...asked.problems, ...refusals(commands, resolution.thread, receiving)];
  if (problems.length === 0) return commands;
  return [commandOf(receiving, place, { type: 'refuse-mail', problems, content, mail })];
}

function agentCommands(
  receiving: Receiving,
  place: Meant,
  asked: ReturnType<typeof readCommands>,
  { isEmpty, ...message }: { messageId: string; channel: 'email'; content: Content; mail: MailFacts; isEmpty: boolean },
): Command[] {
  const { status, team, assignee, tags, isNote } = asked;
  const isReply = !isNote && !isEmpty;
  const bodies: CommandBody[] = [
    ...(isNote ? [{ type: 'note' as const, ...message }] : []),
    ...(isReply ? [{ type: 'reply' as const, ...message, ...(status === undefined ? {} : { status }) }] : []),
    ...(status !== undefined && !isReply ? [{ type: 'set-status' as const, status }] : []),
    ...(tags.length > 0 ? [{ type: 'change-tags' as const, add: tags, remove: [] }] : []),
    // Last: once it is another's, the agent may do no more.
    ...(team !== undefined || assignee !== undefined
      ? [{ type: 'assign' as const, team, assignee, takeOver: mayTakeOver(receiving, place) }]
      : []),
  ];
  const { ids } = receiving;
  return bodies.map((body, index) => {
    const entropy = Ids.derivedEntropy(place.commandId, body.type);
    const commandId =
      index === 0 ? place.commandId : ids.command(place.threadId, ownerOf(place.author), place.at, entropy);
    return commandOf(receiving, { ...place, commandId }, body);
  });
}

function mayTakeOver({ policy }: Receiving, { author }: Meant): boolean {
  return policy.agent(author.id)?.rights.has('take-over') === true;
}

/** Why the thread, as it is now, would refuse these: an agent is told at once. */
function refusals(commands: Command[], thread: Thread, { policy, ids, now }: Receiving): string[] {
  let after = thread;
  const problems: string[] = [];
  const textOf = (content: Content) => readableBodyOf(content).text;
  for (const command of commands) {
    const decision = decide(after, command, { policy, ids, now, textOf });
    if (decision.outcome === 'rejected') problems.push(decision.reason.detail);
    if (decision.outcome === 'done') after = decision.thread;
  }
  return problems.length === 0 && commands.length === 0 ? ['There is nothing in it to post.'] : problems;
}

/** Kept in the thread as it would be decided: an agent may let it go, as anything that was set aside. */
function setAside(command: Command, reason: Reason): Command {
  const customer = command.body.type === 'start' ? command.body.customer : null;
  // What nobody could read may be a customer's message: better a clock too many than a customer forgotten.
  const waitingSince = reason.code === UNREADABLE ? command.acceptedAt : null;
  const kept = { reason, payload: command, payloadKey: null, waitingSince, customer };
  return { ...command, author: SYSTEM, body: { type: 'set-aside', ...kept } };
}

function teamOf({ recipients }: Receiving): string | null {
  for (const recipient of recipients) if (recipient.kind === 'team') return recipient.team;
  return null;
}

function isEmpty({ parts }: Content): boolean {
  return parts.every((part) => part.type === 'text' && part.text.trim() === '');
}

export function mailFactsOf(
  { mail, from, verdicts, isAuthenticated }: ReadMail,
  rawKey: string,
  found: MailFacts['found'],
  omitted: MailFacts['omitted'],
): MailFacts {
  const { messageId, subject, cutAt } = mail;
  const address = from?.address ?? null;
  return { rawKey, from: address, messageId, subject, verdicts, isAuthenticated, found, omitted, cutAt };
}
