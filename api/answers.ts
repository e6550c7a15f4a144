/** What goes out by the HTTP contract: these schemas type it, and make the OpenAPI document. */
import * as z from 'zod';
import { AVAILABILITIES } from '../core/team/pool-command.ts';
import { mailFactsSchema } from '../core/thread/mail-facts.ts';
import { scoreSchema } from '../core/thread/rating.ts';
import { PRIORITIES, STATUSES } from '../core/thread/status.ts';
import { CHANNELS } from '../core/thread/thread.ts';
import { sendingSchema } from './sending.ts';

const nullableInstant = z.iso.datetime().nullable();
export const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const reason = z.object({ code: z.string(), detail: z.string() });
export const accepted = z
  .object({
    status: z.enum(['accepted', 'done', 'rejected']),
    commandId: z.string(),
    threadId: z.string(),
    messageId: z.string().optional(),
    expectedReplyAt: nullableInstant.optional(),
    advice: z.string().optional().describe('A faster way than waiting for the answer, such as a telephone number.'),
    token: z.string().optional().describe('The capability token of the thread, for a visitor.'),
    reason: reason.optional(),
  })
  .meta({ id: 'Accepted' });
const threadShape = {
  id: z.string(),
  subject: z.string(),
  status: z.enum(STATUSES),
  topic: z.string().nullable(),
  urgency: z.enum(PRIORITIES).nullable(),
  channels: z.array(z.enum(CHANNELS)),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expectedReplyAt: nullableInstant,
  followUpOf: z.string().nullable(),
  mergedInto: z.string().nullable(),
  rating: z
    .object({ score: scoreSchema, comment: z.string().nullable(), at: z.iso.datetime() })
    .nullable()
    .describe('How content the customer said they are, from 1 to 5.'),
};
export const customerThread = z.object(threadShape).meta({ id: 'Thread' });
export const agentThread = z
  .object({
    ...threadShape,
    business: z.string(),
    customer: z.object({
      id: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      locale: z.string().nullable(),
      zoneinfo: z.string().nullable(),
      segments: z.array(z.string()),
      organisation: z.string().nullable(),
      attributes,
    }),
    priority: z.enum(PRIORITIES),
    team: z.string().nullable(),
    assignee: z.string().nullable(),
    tags: z.array(z.string()),
    attributes,
    answerBy: z.enum(CHANNELS),
    participants: z
      .array(z.object({ name: z.string(), address: z.string() }))
      .describe('Who else is in the conversation by mail, and gets its answers.'),
    waitingSince: nullableInstant,
    snoozedUntil: z.union([z.iso.datetime(), z.literal('customer-message')]).nullable(),
    deadlines: z.array(z.object({ metric: z.string(), dueAt: z.iso.datetime() })),
    guidelines: z
      .array(z.object({ id: z.string(), title: z.string(), text: z.string().describe('Markdown.') }))
      .optional()
      .describe('Of a single thread: what the business wants its agents to know, where its policy has any.'),
    seenSeq: z.int(),
    setAsides: z.array(z.int()).describe('Entries that were set aside and not redriven.'),
    version: z.int(),
  })
  .meta({ id: 'AgentThread' });
export const agentList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        teams: z.array(z.string()),
        skills: z.array(z.string()),
        availability: z.enum(AVAILABILITIES),
        load: z.record(z.string(), z.int()).describe('Threads in work, by channel.'),
        capacity: z
          .record(z.string(), z.int())
          .describe('Threads they may have in work, by team that gives them some.'),
      }),
    ),
    queued: z.record(z.string(), z.int()).describe('Threads that wait for an agent, by team.'),
  })
  .meta({ id: 'Agents' });
export const availabilityAccepted = z
  .object({ status: z.literal('accepted'), agent: z.string(), availability: z.enum(AVAILABILITIES) })
  .meta({ id: 'AvailabilityAccepted' });
const attachment = z.object({
  ...{ id: z.string(), name: z.string(), type: z.string(), bytes: z.int() },
  contentId: z.string().optional().describe('What the HTML of its mail calls it: it may be shown in its place.'),
});
const html = z
  .string()
  .nullable()
  .describe('Fit to be shown: nothing in it acts. Images of the mail itself are links relative to the API.');
const blockedImages = z
  .int()
  .optional()
  .describe('Images of other servers that `html` does not load; agents get them by `remoteImages=true`.');
export const entry = z
  .looseObject({
    id: z.string(),
    seq: z.int(),
    type: z.string(),
    at: z.iso.datetime(),
    author: z.object({
      kind: z.enum(['customer', 'agent', 'assistant', 'system']),
      id: z.string(),
      name: z.string().nullable(),
    }),
    cause: z.object({ command: z.string(), rule: z.string().optional() }).optional(),
    text: z.string().nullable().optional(),
    html: html.optional(),
    blockedImages,
    isCut: z.boolean().optional().describe('True where it is too long for an answer: this is its beginning, as text.'),
    parts: z.array(z.looseObject({ type: z.string() })).optional(),
    channel: z.string().optional(),
    attachments: z.array(attachment).optional(),
    score: scoreSchema.optional(),
    comment: z.string().nullable().optional(),
    field: z.string().optional(),
    from: z.unknown().optional(),
    to: z.unknown().optional(),
    expectedReplyAt: z.iso.datetime().optional(),
    reason: reason.optional(),
    problems: z.array(reason).optional().describe('Why a mail of an agent was not posted.'),
    mail: mailFactsSchema
      .omit({ rawKey: true })
      .optional()
      .describe('To agents: of the mail that brought it, who says to have sent it, and what that is worth.'),
    sending: sendingSchema.optional().describe('To agents: the mails that it has caused, and how far each is.'),
  })
  .meta({ id: 'Entry' });
const correspondents = z.array(z.object({ name: z.string(), address: z.string() }));
export const original = z
  .object({
    ...{ from: correspondents, to: correspondents, cc: correspondents },
    subject: z.string().nullable(),
    sentAt: nullableInstant,
    text: z.string().nullable(),
    html,
    blockedImages,
    cutAt: z.array(z.string()).describe('Where reading was cut off; `answer`: it is too long for one, and text alone.'),
  })
  .meta({ id: 'Original' });
const stretch = z.object({ from: z.iso.datetime(), to: nullableInstant });
export const explanation = z
  .object({
    entries: z.array(
      z.object({
        seq: z.int(),
        at: z.iso.datetime(),
        author: z.string(),
        policy: z.string().describe('The version of the policy that decided it.'),
        rule: z.string().nullable(),
        inputs: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .nullable()
          .describe('What the condition of the rule, or those of the targets until one held, found.'),
        text: z.string().describe('The same in words.'),
      }),
    ),
    deadlines: z.array(
      z.object({
        metric: z.string(),
        instance: z.int(),
        target: z.string(),
        policy: z.string().nullable(),
        state: z.enum(['running', 'paused', 'ended']),
        startedAt: z.iso.datetime(),
        within: z.string().nullable(),
        calendar: z.string().nullable(),
        timeZone: z.string().nullable(),
        pauses: z.array(stretch),
        counted: z.array(stretch).describe('The open time that was counted so far: the last fifty stretches.'),
        countedUntil: z.iso.datetime().describe('Its end, its pause, or now.'),
        elapsedMs: z.int().nullable().describe('The sum of what was counted.'),
        remainingMs: z
          .int()
          .nullable()
          .describe('What is left of the time allowed; below zero, by how much it is over.'),
        dueAt: nullableInstant,
        breachedAt: nullableInstant,
        next: z.object({ event: z.string(), at: z.iso.datetime() }).nullable(),
      }),
    ),
    isWhole: z.boolean().describe('False where the log is so long that its beginning is left out.'),
  })
  .meta({ id: 'Explanation' });
export const upload = z
  .object({
    id: z.string(),
    uploadUrl: z.string(),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Upload' });
export const hours = z
  .object({
    open: z.boolean(),
    opensAt: nullableInstant,
    closesAt: nullableInstant,
    expectedReplyAt: nullableInstant,
    timeZone: z.string(),
  })
  .meta({ id: 'Hours' });
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Problem' });
export const nextCursor = z.string().nullable().describe('The cursor of the next page; null at the end.');
export const threadPage = z.object({ items: z.array(customerThread), next: nextCursor }).meta({ id: 'ThreadPage' });
export const agentThreadPage = z
  .object({ items: z.array(agentThread), next: nextCursor })
  .meta({ id: 'AgentThreadPage' });
export const entryPage = z.object({ items: z.array(entry), next: nextCursor }).meta({ id: 'EntryPage' });
