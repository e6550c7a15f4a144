/** The mail of an entry, raw and as it reads whole: what was written is never further away, whatever was made of it. */
import { textOfHtml } from '../../core/email/html.ts';
import { readMail } from '../../core/email/received/read-mail.ts';
import { payloadOf } from '../../core/lane/set-aside.ts';
import { commandSchema } from '../../core/thread/command.ts';
import { attachmentsOf } from '../../core/thread/content.ts';
import { type Entry, entriesOf } from '../../core/thread/entry.ts';
import { threadOf } from '../access.ts';
import * as answers from '../answers.ts';
import { DOWNLOAD_ANSWERS, downloadReply } from '../download.ts';
import { cutText, htmlView, shownTo } from '../html-view.ts';
import { nullableInstantText } from '../instants.ts';
import { notFound } from '../problem.ts';
import * as requests from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { bytesOf } from '../views.ts';
import { AGENT } from './shared.ts';

const WORDS_BYTES_MAX = 2_000_000;

const downloadMail = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/entries/{seq}/mail',
  operationId: 'downloadMail',
  summary: 'The mail that brought an entry, as it came, by a short-lived link',
  right: 'read',
  query: requests.downloadQuery,
  answers: DOWNLOAD_ANSWERS,
  handle: async (call) => {
    await threadOf(call, call.params.id);
    return downloadReply(call, (await mailOf(call))?.rawKey, 'mail', call.query.unscanned);
  },
});

const readOriginal = route({
  ...AGENT,
  method: 'GET',
  path: '/v1/agent/threads/{id}/entries/{seq}/original',
  operationId: 'readOriginal',
  summary: 'All that the mail says which brought an entry, with what it quotes and its signature',
  right: 'read',
  query: requests.originalQuery,
  answers: { 200: { description: 'The mail, read.', schema: answers.original } },
  handle: async (call) => {
    const { params, query, deps } = call;
    await threadOf(call, params.id);
    const found = await mailOf(call);
    const bytes = found && (await deps.blobs.get(found.rawKey));
    const mail = bytes && readMail(bytes);
    if (found === undefined || mail === undefined || 'unreadable' in mail) throw notFound('mail that can be read');
    const { from, to, cc, subject, sentAt, text, cutAt } = mail;
    const html = htmlView(mail.html, found.attachments, await shownTo(call, params.id, query.remoteImages));
    const whole = { from, to, cc, subject, sentAt: nullableInstantText(sentAt), text, ...html, cutAt };
    if (bytesOf(whole) <= WORDS_BYTES_MAX) return { status: 200, body: whole };
    const cut = { html: null, text: cutText(text ?? textOfHtml(mail.html ?? '')) };
    return { status: 200, body: { ...whole, ...cut, cutAt: [...cutAt, 'answer'] } };
  },
});

/** The mail of the entry that the path names, and the files that it brought. */
async function mailOf({ params, deps }: Call<{ id: string; seq: string }, unknown, unknown>) {
  const seq = Number(params.seq);
  const [item] = Number.isSafeInteger(seq) && seq > 0 ? await deps.threads.log(params.id, seq - 1, 1) : [];
  const entry: Entry | undefined = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  // Of what is held, the command that it would have been has it.
  const held =
    entry?.type === 'set-aside' ? commandSchema.safeParse(await payloadOf(entry, deps.blobs)).data?.body : undefined;
  const brought = held ?? entry;
  if (brought === undefined || !('mail' in brought) || brought.mail === undefined) return undefined;
  return { rawKey: brought.mail.rawKey, attachments: attachmentsOf(brought.content) };
}

export const rawMailRoutes: Route[] = [downloadMail, readOriginal];
