/** Where anybody who may write asks for a place to put a file. */
import { pendingKey } from '../../core/blob-keys.ts';
import { isRefused } from '../../core/policy/refused-files.ts';
import * as answers from '../answers.ts';
import { ownerOf } from '../auth/principal.ts';
import { instantText } from '../instants.ts';
import { invalid } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';
import { entropy, keyMismatch } from '../submit.ts';
import { EVERYBODY } from './shared.ts';

const UPLOAD_MS = 3_600_000;

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
  handle: async ({ principal, body, ids, deps, idempotency, policy }) => {
    if (isRefused({ name: body.name, mediaType: body.type }, policy.source.refusedFiles)) {
      throw invalid('/type', 'is of files that are not taken here');
    }
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

export const uploadRoutes: Route[] = [createAttachment];
