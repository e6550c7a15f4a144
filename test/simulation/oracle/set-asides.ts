/** What was set aside: for a reason, with all that was sent, and with the clock of whoever may have written it. */
import { payloadOf } from '../../../core/lane/set-aside.ts';
import type { Command } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { Poison } from '../world/director.ts';
import { DEFECTS } from '../world/policy-model.ts';
import type { World } from '../world/world.ts';
import { asRead, type Sent } from './sent-commands.ts';
import { canonical } from './words.ts';

type SetAside = Entry & { type: 'set-aside' };

/** Below this nothing is too large by itself. */
const TOO_LARGE_CHARS = 36_000;

export function defectsOfSetAside(entry: SetAside, sent: Sent, poison: Poison | undefined, world: World): string[] {
  const { code } = entry.reason;
  const reasons = poison === undefined ? reasonsFor(sent, world) : ['unreadable'];
  return [
    ...(reasons.includes(code) ? [] : [`it was set aside as ${code}`]),
    ...defectsOfClock(entry, sent, poison, world),
    ...defectsOfCustomer(entry, sent, poison),
  ];
}

/** Looked at only when the world rests: what is long lies among the blobs. */
export async function defectsOfPayload(entry: SetAside, { message }: Sent, world: World): Promise<string[]> {
  const kept = await payloadOf(entry, world.blobs);
  const isSent = withoutPolicy(kept) === withoutPolicy(asRead(message.body));
  return isSent ? [] : ['what was kept is not what was sent'];
}

/** A try that came later may have been accepted under another policy. */
function withoutPolicy(body: unknown): string {
  return canonical(typeof body === 'object' && body !== null && 'policy' in body ? { ...body, policy: null } : body);
}

function reasonsFor({ message, firstAt }: Sent, { director, scheduler }: World): string[] {
  const wasBroken = director.troubles.some(
    ({ what, from, until }) => DEFECTS.some((defect) => defect === what) && from <= scheduler.now && until >= firstAt,
  );
  const isLarge = JSON.stringify(message.body).length > TOO_LARGE_CHARS;
  return [...(wasBroken ? ['defect'] : []), ...(isLarge ? ['too-large'] : [])];
}

/** The customer waits since their message was accepted, or may have been. */
function defectsOfClock(entry: SetAside, sent: Sent, poison: Poison | undefined, { scheduler }: World): string[] {
  const { waitingSince } = entry;
  const since = poison === undefined ? sinceOf(sent.command) : poison.acceptedAt;
  if (poison === undefined || since !== null) {
    // Not in the future, by whoever's clock.
    const isInTime =
      since === null ||
      (waitingSince !== null && waitingSince <= since && waitingSince >= since - 2 * scheduler.skewMsMax);
    return waitingSince === since || (poison !== undefined && isInTime)
      ? []
      : [`who wrote it waits since ${waitingSince}, and should since ${since}`];
  }
  const skewMs = scheduler.skewMsMax;
  const isSince =
    waitingSince !== null && waitingSince >= poison.sentAt - skewMs && waitingSince <= scheduler.now + skewMs;
  return isSince ? [] : [`who wrote it waits since ${waitingSince}`];
}

function sinceOf(command: Command | undefined): number | null {
  if (command?.author.kind !== 'customer') return null;
  return command.body.type === 'start' || command.body.type === 'customer-message' ? command.acceptedAt : null;
}

/** Whose message it is, where that can be read. What is told of a customer is no message of theirs. */
function defectsOfCustomer(entry: SetAside, { command }: Sent, poison: Poison | undefined): string[] {
  if (poison !== undefined || command === undefined || !('customer' in command.body)) return [];
  if (command.body.type === 'customer-told') return entry.customer === null ? [] : ['somebody wrote who was told of'];
  const { customer } = command.body;
  return canonical(entry.customer) === canonical(customer) ? [] : ['nobody knows whose message was set aside'];
}
