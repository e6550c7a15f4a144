/**
 * Public events: what happened in a thread, for other systems, as CloudEvents 1.0 in the JSON format. A decision makes
 * at most one, named after the weightiest that happened; `changed` tells what else is different now. They hold ids and
 * states, never what somebody wrote: whoever may read it asks the API. Two may be of one id: they are the same.
 */
import * as z from 'zod';
import { DELIVERY_STATES, type Fields } from '../thread/entry.ts';
import { scoreSchema } from '../thread/rating.ts';
import { PRIORITIES, STATUSES } from '../thread/status.ts';

/** Fields of a thread whose changes events tell of. */
const CHANGES = [
  'status',
  'priority',
  'team',
  'assignee',
  'tags',
  'subject',
  'snooze',
  'customer',
] as const satisfies (keyof Fields)[];
const status = z.enum(STATUSES);

/** What every event says of its thread, as it was when this had happened. */
const common = {
  thread: z.string().describe('The thread’s id.'),
  seq: z.int().min(1).describe('The number of the entry of the thread’s log that this event is named after.'),
  author: z.enum(['customer', 'agent', 'assistant', 'system']).describe('Who did it.'),
  customer: z.string().nullable().describe('The customer’s id, as the business knows it.'),
  team: z.string().nullable(),
  assignee: z.string().nullable().describe('The agent who owns the thread.'),
  status,
  statusBefore: status.nullable().describe('What the status was before; null where there was no thread.'),
  priority: z.enum(PRIORITIES),
  changed: z.array(z.enum(CHANGES)).describe('What is different than before.'),
};
const messageId = z.string().describe('The message’s id, as entries of the API have it.');

/** What each event says, by its name. */
export const EVENT_DATA = {
  'thread.started': z.strictObject(common).describe('A thread began, with its first message.'),
  'thread.changed': z.strictObject(common).describe('Status, owner or something else of a thread changed.'),
  'thread.merged': z
    .strictObject({ ...common, into: z.string().describe('The older thread, where it goes on.') })
    .describe('A thread went into an older one.'),
  'message.received': z
    .strictObject({ ...common, messageId })
    .describe('A customer wrote to a thread that there was already.'),
  'message.sent': z.strictObject({ ...common, messageId }).describe('An agent answered.'),
  'thread.rated': z
    .strictObject({ ...common, score: scoreSchema })
    .describe('A customer said how content they are, or said so anew.'),
  'mail.undelivered': z
    .strictObject({ ...common, state: z.enum(DELIVERY_STATES).describe('What became of it.') })
    .describe('A mail did not arrive, or was unwelcome.'),
  'command.set-aside': z
    .strictObject({ ...common, reason: z.string().describe('The reason’s code.') })
    .describe('Something could not be decided, and waits for a person.'),
};
export type EventName = keyof typeof EVENT_DATA;

/** The envelope of one event. */
export function envelopeSchema<Name extends EventName>(name: Name) {
  return z.strictObject({
    specversion: z.literal('1.0'),
    id: z.string().describe('The same for the same happening, however often it is told.'),
    source: z.string().describe('The business: `/businesses/ID`.'),
    type: z.literal(`meanwhile.${name}`),
    subject: z.string().describe('The thread’s id.'),
    time: z.iso.datetime().describe('When it happened.'),
    datacontenttype: z.literal('application/json'),
    data: EVENT_DATA[name],
  });
}

export type CloudEvent = { [Name in EventName]: z.infer<ReturnType<typeof envelopeSchema<Name>>> }[EventName];
