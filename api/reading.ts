/** Pages of threads, entries and records, for whoever may read them. */
import { InvalidCursor } from '../core/failures.ts';
import type { Page, PageRequest, ThreadList } from '../core/thread/commit.ts';
import { type Entry, entriesOf, type LogItem } from '../core/thread/entry.ts';
import type { Thread } from '../core/thread/thread.ts';
import { isVisibleToCustomer } from '../core/thread/visibility.ts';
import { shownTo } from './html-view.ts';
import { invalid } from './problem.ts';
import type { Call, Reply } from './route.ts';
import { sendingOf } from './sending.ts';
import { type Audience, bytesOf, entryViews } from './views.ts';

interface PageQuery {
  limit: number;
  after?: string | undefined;
}

/**
 * A page holds fewer than were asked for where they are large: an answer of a function has at most six megabytes, in
 * which quotes and line breaks of the JSON may count twice. One alone always fits.
 */
const PAGE_BYTES_MAX = 2_000_000;
/** Log items read at once; a page of a customer may need several reads, since not every entry is theirs to see. */
const LOG_ITEMS_READ = 100;

export async function pageOf<T>(
  { query }: Call<unknown, PageQuery, unknown>,
  list: (page: PageRequest) => Promise<Page<T>>,
  view: (item: T) => unknown,
): Promise<Reply> {
  const after = query.after === undefined ? null : Buffer.from(query.after, 'base64url').toString('utf8');
  try {
    for (let { limit } = query; ; limit = Math.ceil(limit / 2)) {
      const page = await list({ limit, after });
      const items = page.items.map(view);
      if (items.length > 1 && bytesOf(items) > PAGE_BYTES_MAX) continue;
      const next = page.next === null ? null : Buffer.from(page.next).toString('base64url');
      return { status: 200, body: { items, next } };
    }
  } catch (failure) {
    if (failure instanceof InvalidCursor) throw invalid('after', 'is not a cursor of this list');
    throw failure;
  }
}

export function threadsPage(
  call: Call<unknown, PageQuery, unknown>,
  list: ThreadList,
  view: (thread: Thread) => unknown,
): Promise<Reply> {
  return pageOf(call, (page) => call.deps.threads.list(list, page), view);
}

/** Entries after a sequence number; the cursor is the number itself. */
export async function entriesPage(
  call: Call<unknown, PageQuery & { remoteImages?: boolean }, unknown>,
  threadId: string,
  audience: Audience,
): Promise<Reply> {
  const { deps, query } = call;
  const after = query.after === undefined ? 0 : Number(query.after);
  if (!Number.isSafeInteger(after) || after < 0) throw invalid('after', 'is not the number of an entry');
  const found: Entry[] = [];
  const read: LogItem[] = [];
  let position = after;
  while (found.length <= query.limit) {
    const items = await deps.threads.log(threadId, position, LOG_ITEMS_READ);
    const entries = items.flatMap(entriesOf).filter(({ seq }) => seq > position);
    found.push(...(audience === 'agent' ? entries : entries.filter(isVisibleToCustomer)));
    read.push(...items);
    position = items.at(-1)?.lastSeq ?? position;
    if (items.length < LOG_ITEMS_READ) break;
  }
  const shown = { ...(await shownTo(call, threadId, query.remoteImages === true)), audience };
  const views = await entryViews(found.slice(0, query.limit), shown, {
    blobs: deps.blobs,
    bytesMax: PAGE_BYTES_MAX,
  });
  const seqs = new Set(audience === 'agent' ? views.map(({ seq }) => seq) : []);
  const sending = await sendingOf(read, seqs, threadId, deps);
  const items = views.map((view) => (sending.has(view.seq) ? { ...view, sending: sending.get(view.seq) } : view));
  return { status: 200, body: { items, next: found.length > items.length ? String(items.at(-1)?.seq) : null } };
}

/** A thread that is decided, or the word that it will be: its id is known to be real. */
export function threadReply(thread: Thread | undefined, threadId: string, view: (thread: Thread) => unknown): Reply {
  if (thread !== undefined) return { status: 200, body: view(thread) };
  return { status: 202, body: { status: 'accepted', threadId }, headers: { 'Retry-After': '1' } };
}
