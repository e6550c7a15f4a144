/** What agents call to change a thread: status, priority, tags, subject, assignment, snooze, merge, set-asides. */

import { isOlderThread } from '../../core/ids.ts';
import { payloadOf } from '../../core/lane/set-aside.ts';
import { type CommandBody, commandSchema } from '../../core/thread/command.ts';
import { entriesOf } from '../../core/thread/entry.ts';
import { checkThreadId, threadOf } from '../access.ts';
import { invalid, notFound, Problem } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { submit, submitChange } from '../submit.ts';
import { ACCEPTED, AGENT, agentIn } from './shared.ts';

/** A change that a body says in full. */
function change<B>(bodyOf: (body: B) => CommandBody) {
  return (call: Call<{ id: string }, unknown, B>) => submitChange(call, () => ({ body: () => bodyOf(call.body) }));
}

const setStatus = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/status',
  operationId: 'setStatus',
  summary: 'Set the status',
  right: 'manage',
  query: requests.noQuery,
  body: requests.statusBody,
  answers: ACCEPTED,
  handle: change(({ status }) => ({ type: 'set-status', status })),
});

const setPriority = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/priority',
  operationId: 'setPriority',
  summary: 'Set the priority',
  right: 'manage',
  query: requests.noQuery,
  body: requests.priorityBody,
  answers: ACCEPTED,
  handle: change(({ priority }) => ({ type: 'set-priority', priority })),
});

const changeTags = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/tags',
  operationId: 'changeTags',
  summary: 'Add and remove tags',
  right: 'manage',
  query: requests.noQuery,
  body: requests.tagsBody,
  answers: ACCEPTED,
  handle: change(({ add = [], remove = [] }) => ({ type: 'change-tags', add, remove })),
});

const setSubject = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/subject',
  operationId: 'setSubject',
  summary: 'Set the subject',
  right: 'manage',
  query: requests.noQuery,
  body: requests.subjectBody,
  answers: ACCEPTED,
  handle: change(({ subject }) => ({ type: 'set-subject', subject: subject.toWellFormed() })),
});

const assign = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/assignment',
  operationId: 'assign',
  summary: 'Assign a team or an agent; take over from an owner only with takeOver and the right to',
  right: 'assign',
  query: requests.noQuery,
  body: requests.assignmentBody,
  answers: ACCEPTED,
  handle: (call) => {
    const { policy, body } = call;
    const { team, assignee, takeOver } = body;
    if (team !== undefined && policy.team(team) === undefined) throw invalid('/team', 'is not a team');
    if (typeof assignee === 'string' && policy.agent(assignee) === undefined) {
      throw invalid('/assignee', 'is not an agent');
    }
    if (takeOver && !agentIn(call).rights.has('take-over')) throw missingRight('take-over');
    return submitChange(call, () => ({
      body: () => ({ type: 'assign', team, assignee, takeOver: takeOver === true }),
    }));
  },
});

const snooze = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/snooze',
  operationId: 'snooze',
  summary: 'Put the thread out of the inbox until an instant or the next message of the customer',
  right: 'manage',
  query: requests.noQuery,
  body: requests.snoozeBody,
  answers: ACCEPTED,
  handle: change(({ until }) => ({
    type: 'snooze',
    until: until === 'customer-message' ? null : new Date(until).getTime(),
  })),
});

const wake = route({
  ...AGENT,
  method: 'DELETE',
  path: '/v1/agent/threads/{id}/snooze',
  operationId: 'wake',
  summary: 'End a snooze',
  right: 'manage',
  query: requests.noQuery,
  answers: ACCEPTED,
  handle: (call) => submitChange(call, () => ({ body: () => ({ type: 'wake' }) })),
});

/** The command goes to the newer thread's lane, whichever of the two is named. */
const merge = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/merge',
  operationId: 'mergeThreads',
  summary: 'Merge two threads of a customer: the newer goes into the older, whichever is named',
  right: 'merge',
  query: requests.noQuery,
  body: requests.mergeBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { params, body } = call;
    checkThreadId(call, params.id);
    const other = await threadOf(call, body.into).catch(() => undefined);
    if (other === undefined) throw invalid('/into', 'is not a thread of this business');
    if (isOlderThread(body.into, params.id)) {
      const intoCustomer = other.customer.id;
      return submitChange(call, () => ({ body: () => ({ type: 'merge', into: body.into, intoCustomer }) }));
    }
    const intoCustomer = (await threadOf(call, params.id))?.customer.id;
    // The version that the author saw is that of the thread they named: the older one's lane judges it.
    const { ifMatch: intoVersion, ...rest } = call;
    const newer = { ...rest, ifMatch: undefined, params: { id: body.into } };
    return submitChange(newer, () => ({ body: () => ({ type: 'merge', into: params.id, intoCustomer, intoVersion }) }));
  },
});

/** The set-aside entry of a number. @throws {Problem} 404 */
async function setAsideEntry({ params, deps }: Call<{ id: string; seq: string }, unknown, unknown>) {
  const seq = Number(params.seq);
  const [item] = Number.isSafeInteger(seq) && seq > 0 ? await deps.threads.log(params.id, seq - 1, 1) : [];
  const entry = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  if (entry?.type !== 'set-aside') throw notFound('set-aside entry');
  return entry;
}

/** The kept command goes onto the lane again, under an id of its own that names the entry it came from. */
const redrive = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/set-asides/{seq}/redrive',
  operationId: 'redrive',
  summary: 'Decide a command again that had to be set aside',
  right: 'redrive',
  query: requests.noQuery,
  body: requests.emptyBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { params, deps } = call;
    await threadOf(call, params.id);
    const entry = await setAsideEntry(call);
    const kept = commandSchema.safeParse(await payloadOf(entry, deps.blobs));
    if (!kept.success) {
      throw new Problem(409, 'unreadable', { detail: 'What was kept is no command of this version.' });
    }
    const { author, acceptedAt, expectedReplyAt, body } = kept.data;
    return submit(call, {
      thread: { id: params.id },
      author: () => author,
      acceptedAt,
      redrives: entry.seq,
      ...(expectedReplyAt === undefined ? {} : { expectedReplyAt }),
      body: () => body,
    });
  },
});

const dismiss = route({
  ...AGENT,
  method: 'POST',
  path: '/v1/agent/threads/{id}/set-asides/{seq}/dismiss',
  operationId: 'dismiss',
  summary: 'Say that nothing has to be done about a command that was set aside',
  right: 'redrive',
  query: requests.noQuery,
  body: requests.emptyBody,
  answers: ACCEPTED,
  handle: async (call) => {
    await threadOf(call, call.params.id);
    const { seq } = await setAsideEntry(call);
    return submitChange(call, () => ({ redrives: seq, body: () => ({ type: 'dismiss' }) }));
  },
});

export const agentChangeRoutes: Route[] = [
  setStatus,
  setPriority,
  changeTags,
  setSubject,
  assign,
  snooze,
  wake,
  merge,
  redrive,
  dismiss,
];

export function missingRight(right: string): Problem {
  return new Problem(403, 'missing-right', { detail: `You lack the right ${right}.` });
}
