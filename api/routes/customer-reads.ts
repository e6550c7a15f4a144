/** What customers call to read their threads. */
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { entriesPage, threadReply, threadsPage } from '../reading.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';
import { customerThreadView } from '../views.ts';
import { OWN_THREAD, writerIn } from './shared.ts';

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
    const list = { by: 'customer', business, customer: writerIn(call).customer.id } as const;
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

export const customerReadRoutes: Route[] = [listThreads, readThread, readEntries];
