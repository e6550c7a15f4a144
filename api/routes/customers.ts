/** What customers call: start a thread, continue it, read it. */
import { mintCapability } from '../../core/capability.ts';
import { ENTROPY_BYTES } from '../../core/ids.ts';
import { placeContent } from '../../core/intake/content.ts';
import { expectedReplyAt } from '../../core/sla/promise.ts';
import type { Customer, Thread } from '../../core/thread/thread.ts';
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { invalid } from '../problem.ts';
import { entriesPage, threadReply, threadsPage } from '../reading.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { attachmentsFor, submit, submitChange } from '../submit.ts';
import { customerThreadView } from '../views.ts';
import { ACCEPTED } from './shared.ts';

const OWN_THREAD = ['customer', 'capability'] as const;
const SUBJECT_FROM_TEXT_CHARS = 60;

const startThread = route({
  method: 'POST',
  path: '/v1/threads',
  operationId: 'startThread',
  summary: 'Start a thread',
  tag: 'Customers',
  callers: ['customer', 'visitor'],
  query: requests.noQuery,
  body: requests.newThreadBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { principal, body, policy, deps } = call;
    const isVisitor = principal.kind === 'visitor';
    if (!isVisitor && body.customer !== undefined) {
      throw invalid('/customer', 'is only for publishable keys: your token says who you are');
    }
    const attachments = await attachmentsFor(call, body.attachments);
    const topic = body.topic ?? null;
    const customerOf = (id: string): Customer => (isVisitor ? visitor(id, body.customer) : customerIn(call));
    return submit(call, {
      thread: { customerId: isVisitor ? newVisitorId(call) : customerIn(call).id },
      author: ({ customerId }) => ({ kind: 'customer', id: customerId, name: customerOf(customerId).name }),
      expectedReplyAt: expectedReplyAt(policy, policy.teamForTopic(topic).id, 'first', deps.clock.now()),
      isMessage: true,
      body: async ({ threadId, customerId }, messageId) => {
        const content = await placeContent(body, attachments, { threadId, messageId }, deps.blobs);
        const [first] = content.parts;
        return {
          type: 'start',
          messageId,
          customer: customerOf(customerId),
          subject: body.subject?.toWellFormed() ?? subjectFrom(first?.type === 'text' ? first.text : ''),
          topic,
          urgency: body.urgency ?? null,
          attributes: body.attributes ?? {},
          team: null,
          channel: 'api',
          content,
          followUpOf: null,
        };
      },
      answer: async ({ threadId, customerId }) => {
        if (!isVisitor) return {} as Record<string, string>;
        const secrets = await deps.secrets.of(policy.business);
        return { token: mintCapability(secrets?.capabilityKeys ?? [], threadId, customerId) };
      },
    });
  },
});

const listThreads = route({
  method: 'GET',
  path: '/v1/threads',
  operationId: 'listThreads',
  summary: 'Your threads, newest first',
  tag: 'Customers',
  callers: ['customer'],
  query: requests.pageQuery,
  answers: { 200: { description: 'A page of threads.', schema: answers.threadPage } },
  handle: async (call) => {
    const { business } = call.policy;
    const list = { by: 'customer', business, customer: customerIn(call).id } as const;
    return threadsPage(call, list, customerThreadView);
  },
});

const readThread = route({
  method: 'GET',
  path: '/v1/threads/{id}',
  operationId: 'readThread',
  summary: 'One of your threads',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  answers: {
    200: { description: 'The thread.', schema: answers.customerThread },
    202: { description: 'Its first message is accepted, but not decided yet.' },
  },
  handle: async (call) => threadReply(await threadOf(call, call.params.id), call.params.id, customerThreadView),
});

const readEntries = route({
  method: 'GET',
  path: '/v1/threads/{id}/entries',
  operationId: 'readEntries',
  summary: 'What was written and what happened, oldest first',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.pageQuery,
  answers: { 200: { description: 'A page of entries.', schema: answers.entryPage } },
  handle: async (call) => {
    await threadOf(call, call.params.id);
    return entriesPage(call, call.params.id, 'customer');
  },
});

const continueThread = route({
  method: 'POST',
  path: '/v1/threads/{id}/messages',
  operationId: 'continueThread',
  summary: 'Write in a thread; on a closed or merged one the outcome names the thread it landed in',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  body: requests.messageBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { body, deps } = call;
    return submitChange(call, async (thread) => {
      const attachments = await attachmentsFor(call, body.attachments);
      return {
        expectedReplyAt: promiseFor(call, thread),
        isMessage: true,
        body: async (messageId, threadId) => ({
          type: 'customer-message',
          messageId,
          channel: 'api',
          content: await placeContent(body, attachments, { threadId, messageId }, deps.blobs),
          customer: customerIn(call),
        }),
      };
    });
  },
});

const solveThread = route({
  method: 'POST',
  path: '/v1/threads/{id}/solve',
  operationId: 'solveThread',
  summary: 'Say that no more answer is needed',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  body: requests.emptyBody,
  answers: ACCEPTED,
  handle: (call) => submitChange(call, () => ({ body: () => ({ type: 'customer-solve' }) })),
});

const markSeen = route({
  method: 'POST',
  path: '/v1/threads/{id}/seen',
  operationId: 'markSeen',
  summary: 'Say up to which entry you have read',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  body: requests.seenBody,
  answers: ACCEPTED,
  handle: (call) => submitChange(call, () => ({ body: () => ({ type: 'seen', upTo: call.body.seq }) })),
});

export const customerRoutes: Route[] = [
  startThread,
  listThreads,
  readThread,
  readEntries,
  continueThread,
  solveThread,
  markSeen,
];

/** A customer who already waits keeps the promise they have; one who was answered gets a new one. */
function promiseFor({ policy, deps }: Call<unknown, unknown, unknown>, thread: Thread | undefined): number | null {
  if (thread?.expectedReplyAt != null) return thread.expectedReplyAt;
  const isNext = thread?.answered === true && thread.status !== 'closed';
  return expectedReplyAt(policy, thread?.team ?? null, isNext ? 'next' : 'first', deps.clock.now());
}

function customerIn({ principal }: Call<unknown, unknown, unknown>): Customer {
  if (principal.kind !== 'customer' && principal.kind !== 'capability') {
    throw new RangeError('A route for customers lets others in.');
  }
  return principal.customer;
}

function visitor(id: string, told: { name?: string | undefined; email?: string | undefined } | undefined): Customer {
  return { id, name: told?.name ?? null, email: told?.email ?? null, locale: null, zoneinfo: null };
}

function newVisitorId({ deps }: Call<unknown, unknown, unknown>): string {
  return `visitor_${Buffer.from(deps.random.bytes(ENTROPY_BYTES)).toString('hex')}`;
}

/** A subject for a thread that was started without: its first words. */
function subjectFrom(text: string): string {
  const words = text.trim().replace(/\s+/g, ' ');
  if (words.length <= SUBJECT_FROM_TEXT_CHARS) return words;
  const cut = words.slice(0, SUBJECT_FROM_TEXT_CHARS);
  const whole = cut.lastIndexOf(' ');
  return `${(whole > 0 ? cut.slice(0, whole) : cut).toWellFormed()}…`;
}
