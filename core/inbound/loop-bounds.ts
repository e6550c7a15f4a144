/**
 * What ends a loop of mail where nothing in the mails tells of one. Whoever answers every mail by a machine that does
 * not say so gets no answer any more once they have had more than people write; what comes then is held, or taken
 * without an acknowledgement, and so is the last. All are buckets: at once so many, then so many an hour.
 */
import { domainOf, withoutPlus } from '../email/address.ts';
import type { Resolution } from '../email/resolve-thread.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Rate } from '../policy/policy.ts';
import { isParticipant } from '../thread/participants.ts';
import { authorOf } from './author.ts';
import { isMailboxProvider } from './mailbox-providers.ts';
import type { Receiving, Writer } from './receiving.ts';

/** A thread may be opened again by mail so often at once, and then once an hour. */
export const REOPENINGS: Rate = { perMinute: 1 / 60, burst: 5 };
/** So many strangers join a thread by answering what they were not sent, and then one a week. */
export const JOININGS: Rate = { perMinute: 1 / (7 * 24 * 60), burst: 2 };

/**
 * What one sender may write, one domain be acknowledged, and one agent answer one domain by mail. In buckets of their
 * own each: `rates.mail` of the policy.
 */
function correspondence({ source }: CompiledPolicy): Rate {
  const { perHour, burst } = source.rates.mail;
  return { perMinute: perHour / 60, burst };
}

/** Whether more comes from this sender, or into this thread, than people write. */
export async function isTooMuch(receiving: Receiving, resolution: Resolution): Promise<boolean> {
  const { read, business } = receiving;
  if (resolution.as === 'agent') {
    const { customer } = resolution.thread;
    return !(await take(receiving, `agent ${resolution.agent.id} ${machineOf(customer.email ?? customer.id)}`));
  }
  // In a bucket of its own, so that nobody uses up another's by writing in their name.
  const author = authorOf(receiving);
  const proof = read.isAuthenticated && author === read.from ? 'proved' : 'claimed';
  if (!(await take(receiving, `${proof} ${author?.address.toLowerCase() ?? ''}`))) return true;
  if (!isReopened(resolution)) return false;
  const { rates } = receiving.deps;
  return !(await rates.take(`${business} reopen ${resolution.thread.id}`, REOPENINGS, 1, receiving.now)).isAllowed;
}

/** What does not follow from a mail that is taken. */
export interface Restraint {
  /** It is not acknowledged. */
  isQuiet: boolean;
  /** A stranger who answered does not get what is answered from now on. */
  isAside: boolean;
}

export const NO_RESTRAINT: Restraint = { isQuiet: false, isAside: false };

/**
 * Of a machine that writes from another address each time, begins a thread with every mail, or joins one. Nothing is
 * held for it, since many people may write from one domain.
 */
export async function restraintOf(receiving: Receiving, resolution: Resolution, writer: Writer): Promise<Restraint> {
  return {
    isQuiet: await isAcknowledgedEnough(receiving, resolution, writer),
    isAside: await isJoinedEnough(receiving, resolution),
  };
}

async function isAcknowledgedEnough(receiving: Receiving, resolution: Resolution, { customer }: Writer) {
  if (resolution.as !== 'newcomer' && !isReopened(resolution)) return false;
  const { email } = resolution.as === 'newcomer' ? customer : resolution.thread.customer;
  return email !== null && !(await take(receiving, `acknowledged ${machineOf(email)}`));
}

async function isJoinedEnough({ business, read, deps, now }: Receiving, resolution: Resolution): Promise<boolean> {
  if (resolution.as !== 'participant') return false;
  const { thread } = resolution;
  if (read.from !== null && isParticipant(read.from.address, thread)) return false;
  return !(await deps.rates.take(`${business} join ${thread.id}`, JOININGS, 1, now)).isAllowed;
}

function isReopened(resolution: Resolution): resolution is Exclude<Resolution, { as: 'newcomer' }> {
  return 'thread' in resolution && ['solved', 'closed'].includes(resolution.thread.status);
}

async function take({ business, policy, deps, now }: Receiving, key: string): Promise<boolean> {
  return (await deps.rates.take(`${business} mail ${key}`, correspondence(policy), 1, now)).isAllowed;
}

/** What one machine can have: any address of a domain but, where everybody has their mailbox, its own. */
function machineOf(address: string): string {
  const domain = domainOf(address);
  return isMailboxProvider(domain) ? withoutPlus(address.toLowerCase()) : domain;
}
