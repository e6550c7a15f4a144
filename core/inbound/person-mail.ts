/** What a mail that a person wrote is made into: a customer's message, an agent's answer, or something that is held. */
import { factsBy } from '../customer/facts.ts';
import { customerByAddress } from '../customer/record.ts';
import { addressSchema } from '../email/address.ts';
import { textOfHtml } from '../email/html.ts';
import type { MailAddress } from '../email/mail.ts';
import type { Resolution } from '../email/resolve-thread.ts';
import { Ids, messageIdOf } from '../ids.ts';
import { oneLine } from '../one-line.ts';
import type { Customers } from '../ports.ts';
import type { Command, CommandBody } from '../thread/command.ts';
import { contentOf } from '../thread/content.ts';
import { type Author, commandOwner, type Reason } from '../thread/entry.ts';
import type { HoldCode } from '../thread/mail-facts.ts';
import { isOfTeams } from '../thread/participants.ts';
import { aNobody, type Customer } from '../thread/thread.ts';
import { readCommands } from './agent-commands.ts';
import { commandsOfAgent } from './agent-mail.ts';
import { authorOf } from './author.ts';
import { mailFactsOf, setAside, UNREADABLE } from './held-mail.ts';
import type { ReadMail } from './incoming-mail.ts';
import type { Restraint } from './loop-bounds.ts';
import { placeMail } from './place-mail.ts';
import { commandOf, type Meant, type Receiving, type Writer } from './receiving.ts';
import { type Forwarded, forwardedIn, writtenPartOf } from './written-part.ts';

const SUBJECT_CHARS_MAX = 250;
const NAME_CHARS_MAX = 100;
/** More than a conversation has: so many are enough to see that it is none. */
const NAMED_MAX = 100;

export async function writerOf(receiving: Receiving, resolution: Resolution): Promise<Writer> {
  const { read, business, deps } = receiving;
  const { isAuthenticated, hash } = read;
  if (resolution.as === 'agent') {
    const { id, name } = resolution.agent;
    return { author: { kind: 'agent', id, name }, customer: resolution.thread.customer };
  }
  const forwarded = forwardedIn(receiving, resolution);
  const from = forwarded?.from ?? authorOf(receiving);
  const name = from === null || from.name === '' ? null : from.name;
  if (resolution.as === 'customer') {
    const { customer } = resolution.thread;
    return {
      author: { kind: 'customer', id: customer.id, name: customer.name ?? name },
      customer: aNobody(customer.id),
    };
  }
  const isProved = isAuthenticated && from === read.from;
  const known = from !== null && isProved ? await recordOf(deps.customers, business, from.address) : undefined;
  const id = known?.id ?? (from === null ? `mail:${hash}` : `email:${from.address.toLowerCase()}`);
  const author: Author = { kind: 'customer', id, name };
  if ('thread' in resolution) return { author, customer: aNobody(resolution.thread.customer.id) };
  return { author, customer: known ?? { ...aNobody(id), name, email: from?.address ?? null } };
}

/** The customer of whom an address is proved, as their record has them. */
async function recordOf(customers: Customers, business: string, address: string): Promise<Customer | undefined> {
  const id = await customerByAddress(customers, business, address);
  const profile = id === undefined ? undefined : await customers.load('customer', business, id);
  return profile && factsBy(customers, business, profile);
}

/** Why a mail waits for an agent to let it go; undefined where it does not. */
export async function heldBecause(
  receiving: Receiving,
  resolution: Resolution,
  isTooMuch: () => Promise<boolean>,
): Promise<(Reason & { code: HoldCode }) | undefined> {
  const { read, policy, recipients } = receiving;
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
  const author = resolution.as === 'agent' ? null : authorOf(receiving);
  if (author !== null && isOfTeams(author.address.toLowerCase(), policy)) {
    return {
      code: 'own-address',
      detail: 'It names an address of yours as its sender: an answer would go to yourselves.',
    };
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
  { held, isQuiet, isAside }: Restraint & { held: Reason | undefined },
): Promise<Command[]> {
  const { read, incoming, policy, ids, deps } = receiving;
  const forwarded = forwardedIn(receiving, resolution);
  const part = forwarded === null ? writtenPartOf(receiving, resolution) : { text: forwarded.text, html: null };
  const asked =
    resolution.as === 'agent' ? readCommands(part.text ?? textOfHtml(part.html ?? ''), resolution.agent, policy) : null;
  // In HTML, commands cannot be taken off so surely that the customer never sees one.
  const isCommanded = asked !== null && asked.text !== part.text;
  const words = isCommanded ? { text: asked.text, html: null } : part;
  const written = { text: words.text ?? undefined, html: words.html ?? undefined };
  const leaveOut = held?.code === 'virus' ? 'virus' : undefined;
  const whole = { ...place, owner: commandOwner(place.author) };
  const { attachments } = read.mail;
  const placed = await placeMail(written, attachments, whole, policy.source, leaveOut, { blobs: deps.blobs, ids });
  const facts = mailFactsOf(read, incoming.rawKey, resolution.found, placed.omitted);
  const mail = isQuiet ? { ...facts, unacknowledged: true as const } : facts;
  const message = { messageId: place.messageId, channel: 'email' as const, content: placed.content, mail };
  const isOwn = forwarded === null && authorOf(receiving) === read.from;
  const participants = isOwn ? participantsIn(read, resolution, isAside) : [];
  const joined = participants.length === 0 ? {} : { participants };
  if (resolution.as === 'agent' && asked !== null) {
    return commandsOfAgent(receiving, { place, asked, message, held, thread: resolution.thread });
  }
  const isNew = resolution.as === 'newcomer' && (await deps.threads.load(place.threadId))?.started !== true;
  const { customer } = place;
  const body: CommandBody = isNew
    ? { type: 'start', ...message, ...joined, customer, ...beginningOf(receiving, forwarded) }
    : { type: 'customer-message', ...message, ...joined, customer };
  const command = commandOf(receiving, place, body);
  return [held === undefined ? command : setAside(command, held), ...remarkOf(receiving, place, forwarded)];
}

/** What is known of a thread that a mail begins. */
function beginningOf(receiving: Receiving, forwarded: Forwarded | null) {
  const subject = (forwarded === null ? receiving.read.mail.subject : forwarded.subject) ?? '';
  return {
    ...{ subject: oneLine(subject).slice(0, SUBJECT_CHARS_MAX).toWellFormed() || null, topic: null, urgency: null },
    ...{ attributes: {}, followUpOf: null, team: teamOf(receiving) },
  };
}

/** What an agent says to a mail that they pass on is a note of theirs. */
function remarkOf(receiving: Receiving, place: Meant, forwarded: Forwarded | null): Command[] {
  const agent = forwarded === null ? undefined : receiving.policy.agent(forwarded.by);
  if (forwarded === null || agent === undefined) return [];
  const author: Author = { kind: 'agent', id: agent.id, name: agent.name };
  const entropy = Ids.derivedEntropy(place.commandId, 'remark');
  const commandId = receiving.ids.command(place.threadId, commandOwner(author), place.at, entropy);
  const text = [`Forwarded by ${agent.name}.`, forwarded.remark].filter((part) => part !== null).join('\n\n');
  const note = {
    messageId: messageIdOf(commandId),
    channel: 'email' as const,
    content: contentOf({ text, html: null }, []),
  };
  return [commandOf(receiving, { ...place, author, commandId }, { type: 'note', ...note })];
}

function teamOf({ recipients }: Receiving): string | null {
  for (const recipient of recipients) if (recipient.kind === 'team') return recipient.team;
  return null;
}

/**
 * Who else a customer's mail names, and a stranger who answers one: of a sender who is who they say, for else anybody
 * could have the answers to somebody else sent to themselves.
 */
function participantsIn(
  { mail, from, isAuthenticated }: ReadMail,
  resolution: Resolution,
  isAside: boolean,
): MailAddress[] {
  if (!isAuthenticated || isAside || resolution.as === 'agent' || resolution.as === 'unproved') return [];
  const joining = resolution.as === 'participant' && from !== null ? [from] : [];
  return [...joining, ...mail.to, ...mail.cc]
    .flatMap(({ name, address }) => {
      const { data } = addressSchema.safeParse(address);
      return data === undefined ? [] : [{ name: oneLine(name).slice(0, NAME_CHARS_MAX).toWellFormed(), address: data }];
    })
    .slice(0, NAMED_MAX);
}
