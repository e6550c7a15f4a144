/**
 * Setting aside: a command that cannot be decided neither freezes its lane nor vanishes. It becomes an entry that
 * keeps its payload and names the reason; the customer's clock starts as if it had been decided.
 */
import { setAsideKey } from '../blob-keys.ts';
import { claimedBusinessOf, TIMER_PREFIX } from '../ids.ts';
import type { Blobs, LaneMessage } from '../ports.ts';
import { type Command, commandSchema, INSTANT_MAX } from '../thread/command.ts';
import { INLINE_BYTES_MAX } from '../thread/content.ts';
import type { Reason } from '../thread/entry.ts';
import { SYSTEM } from '../thread/entry.ts';

/** The command that stands in for `message` under its id: deciding it makes the set-aside entry. */
export function setAsideCommand(message: LaneMessage, reason: Reason, policy: string, now: number): Command {
  const known = commandSchema.safeParse(message.body).data;
  const writes = known?.body.type === 'start' || known?.body.type === 'customer-message' ? known.body : undefined;
  const isCustomers = known?.author.kind === 'customer' && writes !== undefined;
  const acceptedAt = known?.acceptedAt ?? Math.min(acceptedAtOf(message) ?? now, now);
  return {
    schema: 1,
    id: known?.id ?? idOf(message),
    business: claimedBusinessOf(message.lane),
    thread: message.lane,
    acceptedAt,
    policy,
    author: known?.author ?? SYSTEM,
    control: 'agent',
    // A command that was sent again and had to be set aside once more takes the place of the first.
    ...(known?.redrives === undefined ? {} : { redrives: known.redrives }),
    body: {
      type: 'set-aside',
      reason,
      payload: message.body,
      payloadKey: null,
      // What cannot even be read may be a customer's message: better a clock too many than a customer forgotten.
      waitingSince: known === undefined || isCustomers ? acceptedAt : null,
      customer: writes?.customer ?? null,
    },
  };
}

/** Puts a payload too long for an entry into a blob. Doing so twice puts the same thing there. */
export async function withSmallPayload(command: Command, blobs: Blobs): Promise<Command> {
  const { body } = command;
  if (body.type !== 'set-aside') return command;
  const payload = Buffer.from(JSON.stringify(body.payload) ?? 'null');
  if (payload.length <= INLINE_BYTES_MAX) return command;
  const payloadKey = setAsideKey(command.thread, command.id);
  await blobs.put(payloadKey, payload, 'application/json');
  return { ...command, body: { ...body, payload: null, payloadKey } };
}

/** What a set-aside entry kept. */
export async function payloadOf(
  entry: { payload: unknown; payloadKey: string | null },
  blobs: Blobs,
): Promise<unknown> {
  if (entry.payloadKey === null) return entry.payload;
  const bytes = await blobs.get(entry.payloadKey);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** Whether a message is a timer: it holds nothing that anybody wrote, and comes again by itself. */
export function isTimerMessage({ id }: LaneMessage): boolean {
  return id.startsWith(TIMER_PREFIX);
}

/** When the message says that it was accepted, even where nothing else of it can be read: the clock starts then. */
function acceptedAtOf({ body }: LaneMessage): number | undefined {
  const at = typeof body === 'object' && body !== null && 'acceptedAt' in body ? body.acceptedAt : undefined;
  return typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at <= INSTANT_MAX ? at : undefined;
}

/** The id the message says its command has, even where nothing else of it can be read. */
function idOf(message: LaneMessage): string {
  const { body } = message;
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof id === 'string' && id.length > 0 && id.length <= 128 ? id : message.id;
}
