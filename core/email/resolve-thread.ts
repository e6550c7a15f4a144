/**
 * Which thread a mail is part of, and as whom its sender writes there. In this order, each with what it found or why
 * it did not: the token of the address it came to, then the mails that it says to answer. Never by a subject: people
 * write about new things under old ones, and machines give everything the same. Pure: what had to be looked up was.
 */
import type { Agent } from '../policy/compiled-policy.ts';
import type { MailPolicy } from '../policy/mail-policy.ts';
import type { MailFacts } from '../thread/mail-facts.ts';
import type { Thread } from '../thread/thread.ts';
import type { Correspondent } from './reply-token.ts';

export interface LookedUp {
  sender: {
    address: string | null;
    /** Of the policy, by that address; whether it is really theirs is another matter. */
    agent: Agent | undefined;
    /** The teams they are in. */
    teams: string[];
  };
  /** Those of the addresses it came to. `bearer`: for whom it was made; undefined where it was for nobody known. */
  tokens: { thread: Thread | undefined; bearer: Correspondent | undefined; isExpired: boolean }[];
  /** Mails that it answers and whose thread is known, the nearest first. */
  references: { id: string; thread: Thread }[];
  strangers: MailPolicy['strangers'];
}

type Found = MailFacts['found'];

export type Resolution =
  | { as: 'customer' | 'participant'; thread: Thread; found: Found }
  | { as: 'agent'; agent: Agent; thread: Thread; found: Found }
  /** By somebody to whom the mail that they answer was not: it says no more than that they have seen it. */
  | { as: 'unproved'; thread: Thread; found: Found }
  | { as: 'newcomer'; found: Found };

export function resolveThread(looked: LookedUp): Resolution {
  const failed: string[] = [];
  for (const token of looked.tokens) {
    const resolution = byToken(token, looked, failed);
    if (resolution !== undefined) return resolution;
  }
  const [nearest] = looked.references;
  if (nearest !== undefined) {
    const { thread, id } = nearest;
    const found: Found = { by: 'reference', what: id, failed };
    const resolution = bySender(thread, found, looked);
    if (resolution !== undefined) return resolution;
    failed.push('reference: of another customer');
  }
  return { as: 'newcomer', found: { by: 'address', what: '', failed } };
}

function byToken(token: LookedUp['tokens'][number], looked: LookedUp, failed: string[]): Resolution | undefined {
  const { thread, bearer, isExpired } = token;
  if (bearer === undefined || thread === undefined) {
    failed.push(bearer === undefined ? 'token: not ours' : 'token: of no thread');
    return undefined;
  }
  if (isExpired) {
    failed.push('token: expired');
    return undefined;
  }
  const { agent, address, teams } = looked.sender;
  const found: Found = { by: 'token', what: bearer.startsWith('customer:') ? 'customer' : bearer, failed: [...failed] };
  const [kind, id = ''] = splitOnce(bearer);
  if (kind === 'customer') {
    if (id.toLowerCase() === address?.toLowerCase()) return { as: 'customer', thread, found };
    const resolution =
      agent === undefined ? asStranger(thread, found, looked) : { as: 'unproved' as const, thread, found };
    if (resolution === undefined) failed.push('token: of another customer');
    return resolution;
  }
  const isTheirs = agent !== undefined && (kind === 'agent' ? agent.id === id : teams.includes(id));
  return isTheirs ? { as: 'agent', agent, thread, found } : { as: 'unproved', thread, found };
}

/** By what they answer alone: whose thread it is, or an agent; anybody else is a stranger. */
function bySender(thread: Thread, found: Found, looked: LookedUp): Resolution | undefined {
  const { agent, address } = looked.sender;
  if (address !== null && thread.customer.email?.toLowerCase() === address.toLowerCase()) {
    return { as: 'customer', thread, found };
  }
  return agent === undefined ? asStranger(thread, found, looked) : { as: 'agent', agent, thread, found };
}

function asStranger(thread: Thread, found: Found, { strangers }: LookedUp): Resolution | undefined {
  return strangers === 'join' ? { as: 'participant', thread, found } : undefined;
}

function splitOnce(bearer: Correspondent): [string, string] {
  const at = bearer.indexOf(':');
  return [bearer.slice(0, at), bearer.slice(at + 1)];
}
