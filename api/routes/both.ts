/** What customers and agents both call: commands, hours, attachments. */
import { attachmentKey, pendingKey } from '../../core/blob-keys.ts';
import { expectedReplyAt } from '../../core/sla/promise.ts';
import { checkThreadId } from '../access.ts';
import * as answers from '../answers.ts';
import { ownerOf } from '../auth/principal.ts';
import { readOutcome } from '../outcomes.ts';
import { notFound } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';
import { entropy, keyMismatch } from '../submit.ts';
import { instantText, nullableInstantText } from '../views.ts';

const UPLOAD_MS = 3_600_000;
const DOWNLOAD_MS = 300_000;
const EVERYBODY = ['customer', 'capability', 'visitor', 'agent'] as const;

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

const readHours = route({
  method: 'GET',
  path: '/v1/hours',
  operationId: 'readHours',
  summary: 'Whether the team that answers is there, and when an answer to a message sent now can be expected',
  tag: 'Both',
  callers: EVERYBODY,
  query: requests.hoursQuery,
  answers: { 200: { description: 'The hours.', schema: answers.hours } },
  handle: async ({ policy, query, deps }) => {
    const team = policy.teamForTopic(query.topic ?? null);
    const now = deps.clock.now();
    const open = team.hours.isOpen(now);
    return {
      status: 200,
      body: {
        open,
        opensAt: open ? null : nullableInstantText(team.hours.nextOpen(now)),
        closesAt: open ? nullableInstantText(team.hours.nextClose(now)) : null,
        expectedReplyAt: nullableInstantText(expectedReplyAt(policy, team.id, 'first', now)),
        timeZone: team.hours.timeZone,
      },
    };
  },
});

/** The upload is minted like a command: a replay is given the same attachment. */
const createAttachment = route({
  method: 'POST',
  path: '/v1/attachments',
  operationId: 'createAttachment',
  summary: 'Ask for a place to upload a file to; name its id in a message within a day',
  tag: 'Both',
  callers: EVERYBODY,
  right: 'reply',
  query: requests.noQuery,
  body: requests.attachmentBody,
  answers: { 201: { description: 'Where to PUT the bytes, and with which headers.', schema: answers.upload } },
  handle: async ({ principal, body, ids, deps, idempotency }) => {
    const now = deps.clock.now();
    const minted = { attachmentId: ids.attachment(ownerOf(principal), now, entropy(deps)), at: now };
    const stored = idempotency && (await deps.idempotency.claim(idempotency.key, { ...idempotency, minted }, now));
    if (stored !== undefined && stored.request !== idempotency?.request) throw keyMismatch();
    const { attachmentId, at } = (stored?.minted ?? minted) as typeof minted;
    const info = { name: body.name.toWellFormed(), mediaType: body.type.toLowerCase(), bytes: body.bytes };
    const { url, headers } = await deps.blobs.uploadUrl(pendingKey(attachmentId), info, at + UPLOAD_MS);
    return {
      status: 201,
      body: { id: attachmentId, uploadUrl: url, headers, expiresAt: instantText(at + UPLOAD_MS) },
      headers: stored === undefined ? {} : { 'Idempotent-Replayed': 'true' },
    };
  },
});

const downloadAttachment = route({
  method: 'GET',
  path: '/v1/threads/{id}/attachments/{attachmentId}',
  operationId: 'downloadAttachment',
  summary: 'An attachment of a message of the thread, by a short-lived link',
  tag: 'Both',
  callers: ['customer', 'capability', 'agent'],
  right: 'read',
  query: requests.noQuery,
  answers: {
    200: { description: 'The file, for a client that follows the redirect.' },
    302: { description: 'Where the file is, for five minutes.' },
  },
  handle: async (call) => {
    const { params, ids, deps } = call;
    checkThreadId(call, params.id);
    if (ids.verify(params.attachmentId)?.kind !== 'att') throw notFound('attachment');
    const key = attachmentKey(params.id, params.attachmentId);
    if ((await deps.blobs.describe(key)) === undefined) throw notFound('attachment');
    const url = await deps.blobs.downloadUrl(key, deps.clock.now() + DOWNLOAD_MS);
    return { status: 302, headers: { Location: url } };
  },
});

export const bothRoutes: Route[] = [readCommand, readHours, createAttachment, downloadAttachment];
