/** Decisions about what nobody wrote: timers, deliveries, and commands that could not be decided. */
import type { Colleague, MailKind } from '../effect/effect.ts';
import { noticeTo } from '../effect/effects-of.ts';
import { dueAtOf, timersOf } from './armed-timers.ts';
import type { BodyOf } from './command.ts';
import type { Decision, Draft } from './draft.ts';
import { type MailTrouble, SYSTEM } from './entry.ts';
import { writeLetter } from './letters.ts';
import { isParticipant } from './participants.ts';
import { type Handling, threadExists } from './rules.ts';
import { settle } from './settle.ts';

/** Fires every timer that is due, in order. One message of a generation does it; any other finds nothing to do. */
export function fireTimers(draft: Draft, { generation }: BodyOf<'fire-timers'>): Decision {
  const { thread, world } = draft;
  const dueAt = dueAtOf(thread);
  if (generation !== thread.generation || dueAt === null) return { outcome: 'stale' };
  if (dueAt > world.now) return { outcome: 'early', dueAt };
  for (const { kind, at } of timersOf(thread)) {
    if (at > world.now) break;
    const saying = { author: SYSTEM, at: world.now };
    if (kind === 'close') draft.happen('auto-close', { ...saying, rule: 'auto-close' });
    else if (kind === 'letter') writeLetter(draft);
    else if (kind === 'wake') draft.wake({ at: world.now, rule: 'snooze-over' });
  }
  settle(draft, world.now);
  return draft.done();
}

const TO_CUSTOMERS: MailKind[] = ['acknowledgement', 'reply', 'promise', 'reminder', 'rating'];

export const recordDelivery: Handling<'record-delivery'> = {
  rules: [threadExists],
  apply: (draft, { send, state, detail, isFinal = false, bouncedFrom = [] }) => {
    const isCopy = bouncedFrom.length > 0 && bouncedFrom.every((address) => isParticipant(address, draft.thread));
    draft.say({ type: 'delivery', send, state, detail: isCopy ? `${detail}, of a copy` : detail });
    const isLost = isFinal || state === 'rejected' || state === 'unsure';
    if (isLost && !isCopy) tellOfLoss(draft, send.slice(send.lastIndexOf('_') + 1) as MailKind, isFinal);
  },
};

/**
 * Whoever has the thread learns that the customer cannot be reached, and that what they wrote did not arrive; of that
 * the team's leads, too, and of a notice that its reader did not get. Of a lost alert nobody is told by another.
 */
function tellOfLoss(draft: Draft, kind: MailKind, isAddressDead: boolean): void {
  const tell = (to: Colleague, rule: MailTrouble) => draft.notify(to, { of: null, author: SYSTEM, rule });
  const owner = noticeTo(draft.thread);
  const leads = leadsOf(draft).filter((lead) => lead !== owner);
  if (kind === 'notice') for (const lead of leads) tell(lead, 'notice-lost');
  if (isAddressDead && TO_CUSTOMERS.includes(kind)) tell(owner, 'address-bounced');
  if (kind !== 'reply') return;
  if (!isAddressDead) tell(owner, 'reply-lost');
  for (const lead of leads) tell(lead, isAddressDead ? 'address-bounced' : 'reply-lost');
}

/** The agents of its team who see to what went wrong. */
function leadsOf({ thread, world: { policy } }: Draft): Colleague[] {
  const { agents } = policy.teamOrDefault(thread.team);
  return agents.filter((agent) => policy.agent(agent)?.rights.has('redrive')).map((agent) => `agent:${agent}` as const);
}

/** Kept, also where the thread is closed, and nothing follows: what a machine says is no reason to do anything. */
export const recordMail: Handling<'record-mail'> = {
  rules: [threadExists],
  apply: (draft, { kind, content, mail }) => draft.say({ type: 'machine-mail', kind, content, mail }),
};

export const refuseMail: Handling<'refuse-mail'> = {
  rules: [threadExists],
  apply: (draft, { problems, content, mail }) => draft.say({ type: 'mail-refused', problems, content, mail }),
};

/** A message that this thread sent on was sent on again: the next one takes the short way. */
export const pointOn: Handling<'point-on'> = {
  rules: [threadExists],
  apply: (draft, { to }) => {
    const { id, followUp } = draft.thread;
    if (to !== id && to !== followUp) draft.say({ type: 'pointed-on', to }, { author: SYSTEM });
  },
};

/** Keeps what could not be decided, and lets the customer's clock run as if it had been. */
export const setAside: Handling<'set-aside'> = {
  rules: [],
  apply: (draft, { reason, payload, payloadKey, waitingSince, customer }) => {
    draft.say({ type: 'set-aside', reason, payload, payloadKey, waitingSince, customer }, { author: SYSTEM });
    if (waitingSince !== null) draft.customerWaits({ author: SYSTEM, rule: 'set-aside-reopens' });
  },
};

/** Nothing happens but that the entry which the command names is seen to. */
export const dismiss: Handling<'dismiss'> = {
  rules: [
    threadExists,
    ({ command }) =>
      command.redrives === undefined
        ? { code: 'names-nothing', detail: 'Nothing is named to be dismissed.' }
        : undefined,
  ],
  apply: () => {},
};
