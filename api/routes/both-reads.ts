/** What customers and agents both read: outcomes of commands, attachments. */
import { attachmentKey } from '../../core/blob-keys.ts';
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { DOWNLOAD_ANSWERS, downloadReply } from '../download.ts';
import { readOutcome } from '../outcomes.ts';
import { notFound } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';

const readCommand = route({
  method: 'GET',
  path: '/v1/commands/{id}',
  operationId: 'readCommand',
  summary: 'What became of a command; for its author and the agents of the business',
  tag: 'Both',
  callers: ['customer', 'capability', 'agent'],
  right: 'read',
  query: requests.noQuery,
  answers: { 200: { description: 'The command with its outcome, once there is one.', schema: answers.accepted } },
  handle: async (call) => ({ status: 200, body: await readOutcome(call) }),
});

const downloadAttachment = route({
  method: 'GET',
  path: '/v1/threads/{id}/attachments/{attachmentId}',
  operationId: 'downloadAttachment',
  summary: 'An attachment of a message of the thread, by a short-lived link',
  tag: 'Both',
  callers: ['customer', 'capability', 'agent', 'link'],
  right: 'read',
  query: requests.attachmentQuery,
  answers: DOWNLOAD_ANSWERS,
  handle: async (call) => {
    const { params, query, ids, principal } = call;
    if (principal.kind !== 'link') await threadOf(call, params.id);
    if (ids.verify(params.attachmentId)?.kind !== 'att') throw notFound('attachment');
    return downloadReply(call, attachmentKey(params.id, params.attachmentId), 'attachment', query.unscanned);
  },
});

export const bothReadRoutes: Route[] = [readCommand, downloadAttachment];
