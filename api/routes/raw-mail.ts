/** The raw mail of an entry: what was written is never further away than this, whatever was made of it. */

import { payloadOf } from '../../core/lane/set-aside.ts';
import { type Command, commandSchema } from '../../core/thread/command.ts';
import { type Entry, entriesOf } from '../../core/thread/entry.ts';
import { threadOf } from '../access.ts';
import { notFound } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { AGENT } from './shared.ts';

const DOWNLOAD_MS = 300_000;

const downloadMail = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/entries/{seq}/mail',
  operationId: 'downloadMail',
  summary: 'The mail that brought an entry, as it came, by a short-lived link',
  right: 'read',
  query: requests.noQuery,
  answers: {
    200: { description: 'The mail, for a client that follows the redirect.' },
    302: { description: 'Where the mail is, for five minutes.' },
  },
  handle: async (call) => {
    const { params, deps } = call;
    await threadOf(call, params.id);
    const key = await rawKeyOf(call);
    if (key === undefined || (await deps.blobs.describe(key)) === undefined) throw notFound('mail');
    const url = await deps.blobs.downloadUrl(key, deps.clock.now() + DOWNLOAD_MS);
    return { status: 302, headers: { Location: url } };
  },
});

async function rawKeyOf({ params, deps }: Call<{ id: string; seq: string }, unknown, unknown>) {
  const seq = Number(params.seq);
  const [item] = Number.isSafeInteger(seq) && seq > 0 ? await deps.threads.log(params.id, seq - 1, 1) : [];
  const entry: Entry | undefined = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  if (entry === undefined) return undefined;
  if (entry.type !== 'set-aside') return 'mail' in entry ? entry.mail?.rawKey : undefined;
  // Of what is held, the command that it would have been has it.
  const body: Command['body'] | undefined = commandSchema.safeParse(await payloadOf(entry, deps.blobs)).data?.body;
  return body !== undefined && 'mail' in body ? body.mail?.rawKey : undefined;
}

export const rawMailRoutes: Route[] = [downloadMail];
