/** What agents call to see: the inbox, threads, their logs. */
import { explanationPage, PAGE_POLICY } from '../../core/explain/page.ts';
import { guidelinesFor } from '../../core/policy/guideline.ts';
import type { ThreadList } from '../../core/thread/commit.ts';
import type { InboxClass, Thread } from '../../core/thread/thread.ts';
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { explained, explanationView } from '../explaining.ts';
import { invalid } from '../problem.ts';
import { entriesPage, threadReply, threadsPage } from '../reading.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { agentThreadView } from '../views.ts';
import { AGENT, agentIn } from './shared.ts';

interface View {
  classes: readonly InboxClass[];
  first: 'oldest' | 'newest';
}

/** What each view of the inbox shows: those who wait first, and of what is done the latest first. */
const VIEWS: Record<'unassigned' | 'team' | 'waiting' | 'snoozed' | 'solved', View> = {
  unassigned: { classes: ['u', 'n'], first: 'oldest' },
  team: { classes: ['u', 'w', 'n', 'o'], first: 'oldest' },
  waiting: { classes: ['u', 'w'], first: 'oldest' },
  snoozed: { classes: ['z'], first: 'oldest' },
  solved: { classes: ['s'], first: 'newest' },
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
  handle: async (call) => {
    const { policy, params, deps } = call;
    const withGuidelines = (thread: Thread) => {
      const found = guidelinesFor(thread, policy, deps.clock.now());
      const guidelines = found.map(({ id, title, text }) => ({ id, title, text }));
      return { ...agentThreadView(thread), ...(guidelines.length === 0 ? {} : { guidelines }) };
    };
    return threadReply(await threadOf(call, params.id), params.id, withGuidelines);
  },
});

const readEntries = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/entries',
  operationId: 'readAgentEntries',
  summary: 'The whole log of a thread, oldest first',
  right: 'read',
  query: requests.agentEntriesQuery,
  answers: { 200: { description: 'A page of entries.', schema: answers.entryPage } },
  handle: async (call) => {
    await threadOf(call, call.params.id);
    return entriesPage(call, call.params.id, 'agent');
  },
});

const readExplanation = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/explanation',
  operationId: 'readExplanation',
  summary:
    'Why a thread is where it is: each decision with its rule, inputs and policy, each deadline with its arithmetic',
  right: 'read',
  query: requests.noQuery,
  answers: {
    200: {
      description: 'The explanation; as a page to who wants `text/html`.',
      schema: answers.explanation,
      page: true,
    },
    202: { description: 'Its first message is accepted, but not decided yet.' },
  },
  handle: async (call) => {
    const { id } = call.params;
    const thread = await threadOf(call, id);
    if (thread === undefined) return threadReply(thread, id, agentThreadView);
    const about = await explained(thread, call.policy, call.deps);
    const headers = { Vary: 'Accept' };
    if (!call.wantsPage) return { status: 200, body: explanationView(about), headers };
    return {
      status: 200,
      page: explanationPage(about),
      headers: { ...headers, 'Content-Security-Policy': PAGE_POLICY },
    };
  },
});

export const agentReadRoutes: Route[] = [listThreads, readThread, readEntries, readExplanation];

function inboxOf(
  call: Call<unknown, { view: keyof typeof VIEWS | 'mine' | 'all'; team?: string | undefined }, unknown>,
): ThreadList {
  const { query, policy } = call;
  const { business } = policy;
  const { view, team } = query;
  if (team !== undefined && policy.team(team) === undefined) throw invalid('team', 'is not a team');
  const agent = agentIn(call);
  const teams = team === undefined ? null : [team];
  if (view === 'mine') return { by: 'assignee', business, assignee: agent.id, teams };
  if (view === 'all') return { by: 'business', business, teams };
  return {
    by: 'inbox',
    business,
    teams: view === 'team' ? (teams ?? policy.teamsOf(agent.id)) : teams,
    ...VIEWS[view],
  };
}
