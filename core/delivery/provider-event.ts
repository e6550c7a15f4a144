/** What a provider tells of a mail after it was handed over: it settles the send, or becomes an entry of the thread. */
import { claimedBusinessOf } from '../ids.ts';
import { bouncedKey } from '../inbound/mail-index.ts';
import type { Clock, Lanes, MailIndex, Policies, Sends } from '../ports.ts';
import type { Command } from '../thread/command.ts';
import { SYSTEM } from '../thread/entry.ts';
import type { Fate } from './send.ts';

export interface ProviderEvent {
  /** `sent`: the provider has taken it. The others are what became of it then. */
  state: 'sent' | Fate;
  /** `snd_<business>_<body>_<seq>_<kind>` */
  sendId: string;
  attempt: number;
  providerId: string;
  /** Why, in the provider's own terms; never an address. */
  detail: string;
  /** Addresses that the mail bounced from for good. */
  bouncedFrom: string[];
  /** Whether it is of those alone who got a copy. */
  isOfCopy: boolean;
}

interface ProviderEventDeps {
  sends: Sends;
  mailIndex: MailIndex;
  lanes: Lanes;
  policies: Policies;
  clock: Clock;
}

/**
 * Events may come twice, late and in any order. What became of a mail is kept with its send, where agents see it; only
 * that it did not arrive, or was unwelcome, changes the thread, which is told once, by the command's id.
 */
export async function recordProviderEvent(event: ProviderEvent, deps: ProviderEventDeps): Promise<void> {
  const { state, sendId, attempt, providerId, detail, bouncedFrom, isOfCopy } = event;
  if (state === 'sent') {
    // Mostly it was settled long ago, by whoever sent it: looking is cheaper than writing it again.
    const record = await deps.sends.record(sendId);
    if (record?.state !== 'sent') await deps.sends.settle(sendId, attempt, { state: 'sent', providerId });
    return;
  }
  if (!isOfCopy) await deps.sends.tell(sendId, state, deps.clock.now());
  if (state === 'delivered' || state === 'delayed') return;
  const [, business = '', body = ''] = sendId.split('_');
  const thread = `thr_${business}_${body}`;
  for (const address of bouncedFrom) {
    await deps.mailIndex.claim(bouncedKey(business, address), { thread, send: sendId, at: deps.clock.now() });
  }
  const command: Command = {
    schema: 1,
    id: `dlv${sendId.slice('snd'.length)}_${state}`,
    business,
    thread,
    acceptedAt: deps.clock.now(),
    policy: deps.policies.current(claimedBusinessOf(thread))?.hash ?? '',
    author: SYSTEM,
    control: 'agent',
    body: {
      ...{ type: 'record-delivery', send: sendId, state, detail },
      ...(bouncedFrom.length > 0 ? { isFinal: true, bouncedFrom } : {}),
    },
  };
  await deps.lanes.send([{ lane: thread, id: command.id, body: command }]);
}
