/** What agents call to see and to write: the inbox, threads, replies, notes, threads they start. */
import { placeContent } from '../../core/intake/content.ts';
import type { ThreadList } from '../../core/thread/commit.ts';
import type { Customer, InboxClass } from '../../core/thread/thread.ts';
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { invalid } from '../problem.ts';
import { entriesPage, threadReply, threadsPage } from '../reading.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { attachmentsFor, submit, submitChange } from '../submit.ts';
import { agentThreadView } from '../views.ts';
import { ACCEPTED, AGENT, agentIn } from './shared.ts';

interface View {
  classes: readonly InboxClass[];
  first: 'oldest' | 'newest';
}

/** What each view of the inbox shows: those who wait first, and of what is done the latest first. */
const VIEWS: Record<'unassigned' | 'team' | 'waiting' | 'snoozed' | 'solved' | 'all', View> = {
  unassigned: { classes: ['u', 'n'], first: 'oldest' },
  team: { classes: ['u', 'w', 'n', 'o'], first: 'oldest' },
  waiting: { classes: ['u', 'w'], first: 'oldest' },
  snoozed: { classes: ['z'], first: 'oldest' },
  solved: { classes: ['s'], first: 'newest' },
  all: { classes: ['u', 'w', 'n', 'o', 'z', 's', 'c'], first: 'newest' },
};

const listThreads = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads',
  operationId: 'listAgentThreads',
  summary: 'The inbox',
  right: 'read',
  query: requests.agentThreadsQuery,
  answers: { 200: { description: 'A page of threads.', schema: answers.agentThreadPage } },
  handle: async (call) => threadsPage(call, inboxOf(call), agentThreadView),
});

const readThread = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}',
  operationId: 'readAgentThread',
  summary: 'A thread, with all that an agent may know of it',
  right: 'read',
  query: requests.noQuery,
  answers: {
    200: { description: 'The thread.', schema: answers.agentThread },
    202: { description: 'Its first message is accepted, but not decided yet.' },
  },
  handle: async (call) => threadReply(await threadOf(call, call.params.id), call.params.id, agentThreadView),
});

const readEntries = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/entries',
  operationId: 'readAgentEntries',
  summary: 'The whole log of a thread, oldest first',
  right: 'read',
  query: requests.pageQuery,
  answers: { 200: { description: 'A page of entries.', schema: answers.entryPage } },
  handle: async (call) => {
    await threadOf(call, call.params.id);
    return entriesPage(call, call.params.id, 'agent');
  },
});

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
    const { body, policy, deps } = call;
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
        content: await placeContent(body, [], { threadId, messageId }, deps.blobs),
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
  handle: async (call) => {
    const { body, deps } = call;
    return submitChange(call, async () => {
      const attachments = await attachmentsFor(call, body.attachments);
      return {
        isMessage: true,
        body: async (messageId, threadId) => ({
          type: 'reply',
          messageId,
          channel: 'api',
          content: await placeContent(body, attachments, { threadId, messageId }, deps.blobs),
          status: body.status,
        }),
      };
    });
  },
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
        content: await placeContent(call.body, [], { threadId, messageId }, call.deps.blobs),
      }),
    })),
});

export const agentRoutes: Route[] = [listThreads, readThread, readEntries, startThread, reply, note];

function inboxOf(
  call: Call<unknown, { view: keyof typeof VIEWS | 'mine'; team?: string | undefined }, unknown>,
): ThreadList {
  const { query, policy } = call;
  const { business } = policy;
  const { view, team } = query;
  if (team !== undefined && policy.team(team) === undefined) throw invalid('team', 'is not a team');
  const agent = agentIn(call);
  if (view === 'mine') {
    if (team !== undefined) throw invalid('team', 'does not go with view=mine');
    return { by: 'assignee', business, assignee: agent.id };
  }
  const own = view === 'team' ? policy.teamsOf(agent.id) : null;
  return { by: 'inbox', business, teams: team === undefined ? own : [team], ...VIEWS[view] };
}

/**
 * The customer an agent writes to: with what is known of them from their latest thread. One who is only an address
 * gets an id that follows from it, so that all threads to that address are one customer's.
 */
async function customerToWriteTo(
  { ids, policy, deps }: Call<unknown, unknown, unknown>,
  told: { id?: string | undefined; email?: string | undefined; name?: string | undefined },
): Promise<Customer> {
  const id = told.id ?? `mail_${ids.seal(`address ${told.email?.toLowerCase()}`)}`;
  const list = { by: 'customer', business: policy.business, customer: id } as const;
  const known = (await deps.threads.list(list, { limit: 1, after: null })).items[0]?.customer;
  return {
    id,
    name: told.name ?? known?.name ?? null,
    email: told.email ?? known?.email ?? null,
    locale: known?.locale ?? null,
    zoneinfo: known?.zoneinfo ?? null,
  };
}
