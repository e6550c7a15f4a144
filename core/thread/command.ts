/**
 * Commands: wishes to change a thread, as they travel on its lane. Parsed again where they are taken off it: a lane
 * outlives deployments, so what comes out may have been put in by another version.
 */
import * as z from 'zod';
import { addressSchema } from '../email/address.ts';
import { ASSIGNMENT_MODES } from '../team/assignment.ts';
import { contentSchema } from './content.ts';
import { DELIVERY_STATES } from './entry.ts';
import { MACHINE_KINDS, mailFactsSchema, mailProblemSchema } from './mail-facts.ts';
import { COMMENT_CHARS_MAX, scoreSchema } from './rating.ts';
import { PRIORITIES, SETTABLE_STATUSES } from './status.ts';
import { CHANNELS } from './thread.ts';

/** Until the end of the year 9999: what is later has no RFC 3339 form, and no calendar. */
export const INSTANT_MAX = 253_402_300_799_999;
const instant = z.int().nonnegative().max(INSTANT_MAX);
const nullableText = z.string().nullable();

const authorSchema = z.object({
  kind: z.enum(['customer', 'agent', 'assistant', 'system']),
  id: z.string(),
  name: nullableText,
});

const attributesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const customerSchema = z.object({
  id: z.string(),
  name: nullableText,
  email: nullableText,
  locale: nullableText,
  zoneinfo: nullableText,
  attributes: attributesSchema,
  segments: z.array(z.string()).optional(),
  organisation: z.string().optional(),
  record: z.int().positive().optional(),
});

const channelSchema = z.enum(CHANNELS);

/** Who else a mail was for, or came from: they get what is answered, unless they are of the business. */
const participantsSchema = z
  .array(z.object({ name: z.string(), address: addressSchema }))
  .max(100)
  .optional();

const startShape = {
  messageId: z.string(),
  customer: customerSchema,
  /** Null: its first words. */
  subject: nullableText,
  topic: nullableText,
  urgency: z.enum(PRIORITIES).nullable(),
  attributes: attributesSchema,
  team: nullableText,
  channel: channelSchema,
  content: contentSchema,
  followUpOf: nullableText,
  answerBy: channelSchema.optional(),
  participants: participantsSchema,
  mail: mailFactsSchema.optional(),
};

const reasonSchema = z.object({ code: z.string(), detail: z.string() });

const bodySchema = z.discriminatedUnion('type', [
  // from customers
  z.object({ type: z.literal('start'), ...startShape }),
  z.object({
    type: z.literal('customer-message'),
    messageId: z.string(),
    channel: channelSchema,
    content: contentSchema,
    customer: customerSchema,
    participants: participantsSchema,
    /** The closed thread at which the message began to move on. */
    movedFrom: z.string().optional(),
    mail: mailFactsSchema.optional(),
  }),
  z.object({ type: z.literal('customer-solve') }),
  z.object({ type: z.literal('seen'), upTo: z.int().nonnegative() }),
  z.object({ type: z.literal('rate'), score: scoreSchema, comment: z.string().max(COMMENT_CHARS_MAX).nullable() }),
  // from both
  /** To the customer, or to the agent who asks. */
  z.object({ type: z.literal('send-transcript'), to: z.enum(['customer', 'author']) }),
  // from agents
  z.object({
    type: z.literal('reply'),
    messageId: z.string(),
    channel: channelSchema,
    content: contentSchema,
    status: z.enum(SETTABLE_STATUSES).optional(),
    participants: participantsSchema,
    mail: mailFactsSchema.optional(),
  }),
  z.object({
    type: z.literal('note'),
    messageId: z.string(),
    channel: channelSchema,
    content: contentSchema,
    mail: mailFactsSchema.optional(),
  }),
  z.object({ type: z.literal('set-status'), status: z.enum(SETTABLE_STATUSES) }),
  z.object({ type: z.literal('set-priority'), priority: z.enum(PRIORITIES) }),
  z.object({ type: z.literal('set-subject'), subject: z.string() }),
  z.object({ type: z.literal('change-tags'), add: z.array(z.string()), remove: z.array(z.string()) }),
  z.object({
    type: z.literal('assign'),
    team: z.string().optional(),
    assignee: z.string().nullable().optional(),
    takeOver: z.boolean(),
  }),
  /** The pool has found an agent. */
  z.object({
    type: z.literal('offer'),
    team: z.string(),
    agent: z.string(),
    mode: z.enum(ASSIGNMENT_MODES),
    /** Threads the agent had, of how many they may have, and of how many agents they were chosen. */
    load: z.int(),
    capacity: z.int(),
    among: z.int(),
  }),
  /** The agent is not there, or has no room for it: the thread goes back to its team. */
  z.object({ type: z.literal('release'), agent: z.string(), because: z.enum(['away', 'no-room']) }),
  z.object({ type: z.literal('snooze'), until: instant.nullable() }),
  z.object({ type: z.literal('wake') }),
  /** Of what was set aside (`redrives` names it): nothing has to be done about it any more. */
  z.object({ type: z.literal('dismiss') }),
  /**
   * The record of the thread's customer changed or, with `linked`, whoever wrote under that id has turned out to be
   * this customer. By an agent, or the customer's own token.
   */
  z.object({ type: z.literal('customer-told'), customer: customerSchema, linked: z.string().optional() }),
  z.object({
    type: z.literal('merge'),
    into: z.string(),
    /** Whose thread that is by now, as far as was known when this was accepted: its id tells who began it. */
    intoCustomer: z.string().optional(),
    /** The other thread's version that the author saw, where that is the one they named. */
    intoVersion: z.int().nonnegative().optional(),
  }),
  // from other lanes, timers and the delivery of mail
  z.object({
    type: z.literal('absorb'),
    from: z.string(),
    customerId: z.string(),
    waitingSince: instant.nullable(),
    status: z.enum(SETTABLE_STATUSES),
  }),
  z.object({ type: z.literal('complete-merge'), into: z.string() }),
  z.object({ type: z.literal('refuse-merge'), into: z.string(), reason: reasonSchema }),
  /** Where the messages that this closed thread sends on have come to by now. */
  z.object({ type: z.literal('point-on'), to: z.string() }),
  z.object({ type: z.literal('fire-timers'), generation: z.int() }),
  /** Stands in for a command that could not be decided, under its id. */
  z.object({
    type: z.literal('set-aside'),
    reason: reasonSchema,
    payload: z.unknown(),
    payloadKey: nullableText,
    waitingSince: instant.nullable(),
    customer: customerSchema.nullable(),
  }),
  /** A mail that no person wrote to us. */
  z.object({
    type: z.literal('record-mail'),
    kind: z.enum(MACHINE_KINDS),
    content: contentSchema,
    mail: mailFactsSchema,
  }),
  /** An agent's mail that cannot be what it wants to be: they are told why, and nothing is posted. */
  z.object({
    type: z.literal('refuse-mail'),
    problems: z.array(mailProblemSchema).min(1),
    content: contentSchema,
    mail: mailFactsSchema,
  }),
  z.object({
    type: z.literal('record-delivery'),
    send: z.string(),
    state: z.enum(DELIVERY_STATES),
    detail: z.string(),
    /** The address takes no mail, and will not. */
    isFinal: z.boolean().optional(),
    /** Which addresses, where that is known: a copy may have gone to others than the customer. */
    bouncedFrom: z.array(z.string()).optional(),
  }),
]);

export const COMMAND_SCHEMA = 1;

export const commandSchema = z.object({
  schema: z.literal(COMMAND_SCHEMA),
  id: z.string().max(128),
  business: z.string(),
  thread: z.string(),
  acceptedAt: instant,
  /** Hash of the policy version under which it was accepted. */
  policy: z.string(),
  author: authorSchema,
  /** Who held control of the thread when the command was accepted. */
  control: z.enum(['agent', 'assistant']),
  /** The thread's version that the author saw (If-Match). */
  ifMatch: z.int().nonnegative().optional(),
  /** The expected reply that the customer was told on acceptance. */
  expectedReplyAt: instant.nullable().optional(),
  /** The set-aside entry, of this thread, that this command sends again. */
  redrives: z.int().positive().optional(),
  body: bodySchema,
});

export type Command = z.infer<typeof commandSchema>;
export type CommandBody = Command['body'];
export type CommandType = CommandBody['type'];
export type BodyOf<T extends CommandType> = Extract<CommandBody, { type: T }>;
