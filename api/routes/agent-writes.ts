/** What agents call to write: threads they start, replies, notes. */
import { factsBy } from '../../core/customer/facts.ts';
import { customerByAddress } from '../../core/customer/record.ts';
import { aNobody, type Customer } from '../../core/thread/thread.ts';
import { invalid } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { contentFor, submit, submitChange } from '../submit.ts';
import { ACCEPTED, AGENT, agentIn } from './shared.ts';

const startThread = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads',
  operationId: 'startAgentThread',
  summary: 'Start a thread to a customer',
  right: 'reply',
  query: requests.noQuery,
  body: requests.agentThreadBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { body, policy } = call;
    const agent = agentIn(call);
    if (body.team !== undefined && policy.team(body.team) === undefined) throw invalid('/team', 'is not a team');
    const customer = await customerToWriteTo(call, body.customer);
    const [ownTeam] = policy.teamsOf(agent.id);
    return submit(call, {
      thread: { customerId: customer.id },
      author: () => ({ kind: 'agent', id: agent.id, name: agent.name }),
      isMessage: true,
      body: async ({ threadId }, messageId) => ({
        type: 'start',
        messageId,
        customer,
        subject: body.subject.toWellFormed(),
        topic: null,
        urgency: null,
        attributes: {},
        team: body.team ?? ownTeam ?? policy.defaultTeam.id,
        channel: 'api',
        content: await contentFor(call, body, { threadId, messageId }),
        followUpOf: null,
      }),
    });
  },
});

const reply = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/replies',
  operationId: 'replyToCustomer',
  summary: 'Answer the customer',
  right: 'reply',
  query: requests.noQuery,
  body: requests.replyBody,
  answers: ACCEPTED,
  handle: (call) =>
    submitChange(call, () => ({
      isMessage: true,
      body: async (messageId, threadId) => ({
        type: 'reply',
        messageId,
        channel: 'api',
        content: await contentFor(call, call.body, { threadId, messageId }),
        status: call.body.status,
      }),
    })),
});

const note = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/notes',
  operationId: 'addNote',
  summary: 'Add a note that the customer never sees',
  right: 'note',
  query: requests.noQuery,
  body: requests.noteBody,
  answers: ACCEPTED,
  handle: (call) =>
    submitChange(call, () => ({
      isMessage: true,
      body: async (messageId, threadId) => ({
        type: 'note',
        messageId,
        channel: 'api',
        content: await contentFor(call, call.body, { threadId, messageId }),
      }),
    })),
});

const sendTranscript = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/transcript',
  operationId: 'sendAgentTranscript',
  summary: 'Send the conversation, without notes, to the customer or to yourself',
  right: 'reply',
  query: requests.noQuery,
  body: requests.transcriptBody,
  answers: ACCEPTED,
  handle: (call) =>
    submitChange(call, () => ({
      body: () => ({ type: 'send-transcript', to: call.body.to === 'me' ? 'author' : 'customer' }),
    })),
});

export const agentWriteRoutes: Route[] = [startThread, reply, note, sendTranscript];

/**
 * The customer an agent writes to, with what is known of them: by their record, that of whoever has the address, or
 * else their latest thread. One who is only an address gets an id that follows from it, so that all threads to that
 * address are one customer's.
 */
async function customerToWriteTo(
  call: Call<unknown, unknown, unknown>,
  told: { id?: string | undefined; email?: string | undefined; name?: string | undefined },
): Promise<Customer> {
  const { ids, policy, deps } = call;
  const { business } = policy;
  const email = told.email ?? '';
  const owner = told.id ?? (await customerByAddress(deps.customers, business, email));
  const id = owner ?? `mail_${ids.seal(`address ${email.toLowerCase()}`)}`;
  const profile = await deps.customers.load('customer', business, id);
  const list = { by: 'customer', business, customer: id } as const;
  const known = profile
    ? await factsBy(call.deps.customers, call.policy.business, profile)
    : (await deps.threads.list(list, { limit: 1, after: null })).items[0]?.customer;
  return {
    ...(known ?? aNobody()),
    id,
    name: told.name ?? known?.name ?? null,
    email: told.email ?? known?.email ?? null,
  };
}
