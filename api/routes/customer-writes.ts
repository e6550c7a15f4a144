/** What customers call to write: start a thread, continue it, say that it is done. */
import { mintCapability } from '../../core/capability.ts';
import { knownOf } from '../../core/customer/facts.ts';
import { ENTROPY_BYTES } from '../../core/ids.ts';
import type { Written } from '../../core/intake/content.ts';
import { foresee } from '../../core/thread/foresee.ts';
import { aNobody, type Customer, type Thread } from '../../core/thread/thread.ts';
import { customerWhoWrites } from '../known-customer.ts';
import { invalid } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { contentFor, submit, submitChange } from '../submit.ts';
import { ACCEPTED, OWN_THREAD, writerIn } from './shared.ts';

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
    const { principal, body, policy, ids, deps } = call;
    const acceptedAt = deps.clock.now();
    const isVisitor = principal.kind === 'visitor';
    if (!isVisitor && body.customer !== undefined) {
      throw invalid('/customer', 'is only for publishable keys: your token says who you are');
    }
    const topic = body.topic ?? null;
    const known = isVisitor ? visitor('', body.customer) : await customerWhoWrites(call, writerIn(call));
    const customerOf = (id: string): Customer => ({ ...known, id });
    const beginning = {
      customer: known,
      subject: body.subject?.toWellFormed() ?? null,
      ...{ topic, urgency: body.urgency ?? null, attributes: body.attributes ?? {} },
    };
    const foreseen = foresee(beginning, body, { policy, ids, now: acceptedAt });
    return submit(call, {
      thread: { customerId: isVisitor ? newVisitorId(call) : known.id },
      author: ({ customerId }) => ({ kind: 'customer', id: customerId, name: customerOf(customerId).name }),
      acceptedAt,
      expectedReplyAt: foreseen.expectedReplyAt,
      isMessage: true,
      body: async ({ threadId, customerId }, messageId) => {
        return {
          type: 'start',
          messageId,
          customer: customerOf(customerId),
          subject: beginning.subject,
          topic,
          urgency: body.urgency ?? null,
          attributes: body.attributes ?? {},
          team: null,
          channel: 'api',
          content: await contentFor(call, body, { threadId, messageId }),
          followUpOf: null,
          ...(body.answerBy === undefined ? {} : { answerBy: body.answerBy }),
        };
      },
      answer: async ({ threadId, customerId }) => {
        const advice = adviceIn(foreseen);
        if (!isVisitor) return advice;
        const secrets = await deps.secrets.of(policy.business);
        return { ...advice, token: mintCapability(secrets?.capabilityKeys ?? [], threadId, customerId) };
      },
    });
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
  handle: (call) =>
    submitChange(call, async (thread) => {
      const customer = await customerWhoWrites(call, writerIn(call), thread);
      const acceptedAt = call.deps.clock.now();
      const foreseen = foreseenFor(call, customer, thread, acceptedAt);
      return {
        acceptedAt,
        expectedReplyAt: foreseen.expectedReplyAt,
        answer: async () => adviceIn(foreseen),
        isMessage: true,
        body: async (messageId, threadId) => ({
          type: 'customer-message',
          messageId,
          channel: 'api',
          content: await contentFor(call, call.body, { threadId, messageId }),
          customer,
        }),
      };
    }),
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

const sendTranscript = route({
  method: 'POST',
  path: '/v1/threads/{id}/transcript',
  operationId: 'sendTranscript',
  summary: 'Have the whole conversation sent to your address',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  body: requests.emptyBody,
  answers: ACCEPTED,
  handle: (call) => submitChange(call, () => ({ body: () => ({ type: 'send-transcript', to: 'customer' }) })),
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

export const customerWriteRoutes: Route[] = [startThread, continueThread, solveThread, sendTranscript, markSeen];

/** Of a thread whose first message is not decided yet, nothing is known but who writes. */
function foreseenFor(
  call: Call<unknown, unknown, Written>,
  customer: Customer,
  thread: Thread | undefined,
  acceptedAt: number,
) {
  const { policy, ids, body } = call;
  const about = thread
    ? { ...thread, customer: knownOf(thread.customer, customer) }
    : { customer, topic: null, urgency: null, attributes: {} };
  return foresee(about, body, { policy, ids, now: acceptedAt });
}

function adviceIn({ advice }: { advice: string | null }): Record<string, string> {
  return advice === null ? {} : { advice };
}

function visitor(id: string, told: { name?: string | undefined; email?: string | undefined } | undefined): Customer {
  return { ...aNobody(id), name: told?.name ?? null, email: told?.email ?? null };
}

function newVisitorId({ deps }: Call<unknown, unknown, unknown>): string {
  return `visitor_${Buffer.from(deps.random.bytes(ENTROPY_BYTES)).toString('hex')}`;
}
