/** What comes in by the HTTP contract: these schemas validate it, and make the OpenAPI document. */
import * as z from 'zod';
import { ATTRIBUTE_NAME_CHARS_MAX, ATTRIBUTES_MAX } from '../core/customer/profile.ts';
import { addressSchema } from '../core/email/address.ts';
import { SAID } from '../core/rating/said.ts';
import { AVAILABILITIES } from '../core/team/pool-command.ts';
import { COMMENT_CHARS_MAX, scoreSchema } from '../core/thread/rating.ts';
import { PRIORITIES, SETTABLE_STATUSES } from '../core/thread/status.ts';
import { CHANNELS } from '../core/thread/thread.ts';

const TEXT_BYTES_MAX = 64 * 1024;
const SUBJECT_CHARS_MAX = 250;
const ATTACHMENTS_MAX = 15;
const ATTACHMENT_BYTES_MAX = 25 * 1024 * 1024;
const PAGE_MAX = 100;
const ATTRIBUTE_CHARS_MAX = 500;

/** RFC 6838 §4.2, with parameters as RFC 9110 §8.3.1 writes them. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*( *; *[\w!#$&^.+-]+=([\w!#$&^.+-]+|"[^"\\]*"))*$/i;

/** Marks what is refused with 413 rather than 422: the body is well-formed, only too large. */
export const TOO_LARGE = 'too-large';

const writtenText = z
  .string()
  .refine((text) => text.trim() !== '', { error: 'is empty' })
  .refine((text) => Buffer.byteLength(text) <= TEXT_BYTES_MAX, {
    error: `is over the limit of ${TEXT_BYTES_MAX} bytes: send it as an attachment`,
    params: { limit: TOO_LARGE },
  });

const subject = z
  .string()
  .max(SUBJECT_CHARS_MAX, { error: `is over the limit of ${SUBJECT_CHARS_MAX} characters` })
  .refine((text) => text.trim() !== '', { error: 'is empty' })
  .refine((text) => !hasControlCharacters(text), { error: 'has control characters, such as a line break' });

export const label = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !hasControlCharacters(text), { error: 'has control characters' });
const attachments = z
  .array(z.string())
  .max(ATTACHMENTS_MAX, { error: `are over the limit of ${ATTACHMENTS_MAX}` })
  .describe('Ids from POST /v1/attachments, uploaded.');
export const customerId = z.string().min(1).max(255);
export const attributeValue = z.union([
  z.string().max(ATTRIBUTE_CHARS_MAX, { error: `is over the limit of ${ATTRIBUTE_CHARS_MAX} characters` }),
  z.number(),
  z.boolean(),
]);
export const attributesSchema = z
  .record(z.string(), attributeValue)
  .refine((all) => Object.keys(all).length <= ATTRIBUTES_MAX, { error: `are over the limit of ${ATTRIBUTES_MAX}` })
  .refine((all) => Object.keys(all).every(isAttributeName), {
    error: `have a name that is empty or over the limit of ${ATTRIBUTE_NAME_CHARS_MAX} characters`,
  });
export const locale = z.string().max(35, { error: 'is over the limit of 35 characters' });
export const timeZone = z.string().refine(isTimeZone, { error: 'is not an IANA time zone' });
const instant = z.iso.datetime({ offset: true });

const writtenHtml = writtenText.refine((html) => /<img\b/i.test(html) || hasTextBetweenTags(html), {
  error: 'has no words, only tags',
});
const written = { text: writtenText.optional(), html: writtenHtml.optional() };
const hasWords = [
  (body: { text?: string | undefined; html?: string | undefined }) =>
    body.text !== undefined || body.html !== undefined,
  { error: 'text or html is needed' },
] as const;

export const newThreadBody = z
  .strictObject({
    ...written,
    subject: subject.optional(),
    topic: label.optional(),
    urgency: z.enum(PRIORITIES).optional(),
    attachments: attachments.optional(),
    attributes: attributesSchema.optional(),
    answerBy: z.enum(CHANNELS).optional().describe('`api`: no mail comes; answers are read here.'),
    customer: z
      .strictObject({ email: addressSchema.optional(), name: label.optional() })
      .optional()
      .describe('Only with a publishable key: who is writing, as they say.'),
  })
  .refine(...hasWords);
export const messageBody = z.strictObject({ ...written, attachments: attachments.optional() }).refine(...hasWords);
export const transcriptBody = z.strictObject({ to: z.enum(['customer', 'me']).default('customer') });
export const emptyBody = z.strictObject({});
export const ratingBody = z.strictObject({
  score: scoreSchema.describe('From 1, not content at all, to 5.'),
  comment: z
    .string()
    .max(COMMENT_CHARS_MAX, { error: `is over the limit of ${COMMENT_CHARS_MAX} characters` })
    .refine((text) => text.trim() !== '', { error: 'is empty' })
    .optional(),
});
/** Whatever else a link comes with on its way through mail programs. */
export const ratingPageQuery = z.object({
  said: z.enum(SAID).optional().catch(undefined).describe('What became of the form that was sent last.'),
});
export const seenBody = z.strictObject({ seq: z.int().min(0) });
export const attachmentBody = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(255)
    .refine((name) => !hasControlCharacters(name), { error: 'has control characters' })
    .refine((name) => !/[/\\]/.test(name), { error: 'is a path: give the file name alone' }),
  type: z.string().max(127).regex(MEDIA_TYPE, { error: 'is not a media type, such as image/png' }),
  bytes: z
    .int()
    .min(0)
    .refine((bytes) => bytes <= ATTACHMENT_BYTES_MAX, {
      error: `is over the limit of ${ATTACHMENT_BYTES_MAX} bytes`,
      params: { limit: TOO_LARGE },
    }),
});
export const agentThreadBody = z
  .strictObject({
    customer: z
      .strictObject({ id: customerId.optional(), email: addressSchema.optional(), name: label.optional() })
      .refine(({ id, email }) => id !== undefined || email !== undefined, { error: 'id or email is needed' }),
    subject,
    ...written,
    team: z.string().optional(),
  })
  .refine(...hasWords);
export const replyBody = z
  .strictObject({ ...written, attachments: attachments.optional(), status: z.enum(SETTABLE_STATUSES).optional() })
  .refine(...hasWords);
export const noteBody = z.strictObject({ text: writtenText });
export const statusBody = z.strictObject({ status: z.enum(SETTABLE_STATUSES) });
export const priorityBody = z.strictObject({ priority: z.enum(PRIORITIES) });
export const subjectBody = z.strictObject({ subject });
export const tagsBody = z
  .strictObject({ add: z.array(label).max(50).optional(), remove: z.array(label).max(50).optional() })
  .refine(({ add, remove }) => add !== undefined || remove !== undefined, { error: 'add or remove is needed' });
export const assignmentBody = z
  .strictObject({
    team: z.string().optional(),
    assignee: z.string().nullable().optional(),
    takeOver: z.literal(true).optional(),
  })
  .refine(({ team, assignee }) => team !== undefined || assignee !== undefined, {
    error: 'team or assignee is needed',
  });
export const availabilityBody = z.strictObject({
  availability: z.enum(AVAILABILITIES),
  agent: z.string().optional().describe('Whose, where it is not one’s own: needs the right take-over.'),
});
export const snoozeBody = z.strictObject({
  until: z.union([instant, z.literal('customer-message')], {
    error: 'is not an instant (RFC 3339) or customer-message',
  }),
});
export const mergeBody = z.strictObject({ into: z.string() });

const limit = z.coerce.number().int().min(1).max(PAGE_MAX).default(25).describe('How many at most.');
const cursor = z.string().min(1).max(1000).optional().describe('`next` of the page before.');
export const pageQuery = z.strictObject({ limit, after: cursor });
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const remoteImages = flag.describe(
  'Whether `html` loads images of other servers: whoever sent it learns that it was opened.',
);
export const agentEntriesQuery = z.strictObject({ limit, after: cursor, remoteImages });
export const originalQuery = z.strictObject({ remoteImages });
const unscanned = flag.describe('To agents: also what a scanner could not say anything of.');
export const downloadQuery = z.strictObject({ unscanned });
export const attachmentQuery = z.strictObject({
  unscanned,
  ticket: z.string().max(200).optional().describe('Instead of a token, in links of answers.'),
});
export const agentThreadsQuery = z.strictObject({
  limit,
  after: cursor,
  view: z.enum(['unassigned', 'mine', 'team', 'waiting', 'snoozed', 'solved', 'all']).default('all'),
  team: z.string().optional(),
});
export const hoursQuery = z.strictObject({ topic: label.optional() });
export const noQuery = z.strictObject({});

export function isAttributeName(name: string): boolean {
  return name.length > 0 && name.length <= ATTRIBUTE_NAME_CHARS_MAX;
}

/** Whether anything but space stands between the tags; in one pass, whatever the input. */
function hasTextBetweenTags(html: string): boolean {
  return html.split('<').some((part, index) => {
    const text = index === 0 ? part : part.slice(part.indexOf('>') + 1 || part.length);
    return text.trim() !== '';
  });
}

function hasControlCharacters(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  return /[\u0000-\u001f\u007f]/.test(text);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
