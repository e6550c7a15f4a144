/** Mails that are held, and what is kept of every mail beside its words. */
import type { Command } from '../thread/command.ts';
import { type Reason, SYSTEM } from '../thread/entry.ts';
import type { MailFacts } from '../thread/mail-facts.ts';
import type { ReadMail } from './incoming-mail.ts';

export const UNREADABLE = 'unreadable-mail';

/** Kept in the thread as it would be decided: an agent may let it go, as anything that was set aside. */
export function setAside(command: Command, reason: Reason): Command {
  const customer = command.body.type === 'start' ? command.body.customer : null;
  // What nobody could read may be a customer's message: better a clock too many than a customer forgotten.
  const waitingSince = reason.code === UNREADABLE ? command.acceptedAt : null;
  const kept = { reason, payload: command, payloadKey: null, waitingSince, customer };
  return { ...command, author: SYSTEM, body: { type: 'set-aside', ...kept } };
}

export function mailFactsOf(
  { mail, from, verdicts, isAuthenticated, nature: { kind } }: ReadMail,
  rawKey: string,
  found: MailFacts['found'],
  omitted: MailFacts['omitted'],
): MailFacts {
  const { messageId, subject, cutAt } = mail;
  const address = from?.address ?? null;
  const facts = { rawKey, from: address, messageId, subject, verdicts, isAuthenticated, found, omitted, cutAt };
  return kind === 'person' ? facts : { ...facts, machine: kind };
}
