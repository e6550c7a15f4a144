/** Reads what was said in a thread before one of its entries, for mails that tell it again. */
import type { Said } from '../email/said.ts';
import type { Blobs, ThreadStore } from '../ports.ts';
import { attachmentsOf } from '../thread/content.ts';
import { type Entry, entriesOf } from '../thread/entry.ts';
import { readableBodyOf, wholeBodyOf } from '../thread/whole-body.ts';

/** Of a log, only so many entries before the one that a mail is about are looked at. */
const LOOKED_BACK = 2_000;
const LOG_PAGE = 100;

interface Wanted {
  /** So many messages at most, the last. */
  messages: number;
  /** And no more, once they have so many characters. */
  chars: number;
  /** Whole bodies, or what entries hold of them. */
  isWhole: boolean;
}

/** Below an answer, all of what was said; mail programs cut a mail off at some 100 KB. */
export const HISTORY: Wanted = { messages: 20, chars: 30_000, isWhole: false };
export const TRANSCRIPT: Wanted = { messages: 200, chars: 500_000, isWhole: true };
/** What a colleague is told of at once. */
const DIGEST: Wanted = { messages: 50, chars: 100_000, isWhole: true };

interface ReadDeps {
  threads: ThreadStore;
  blobs: Blobs;
}

/** Messages alone, oldest first: the type keeps notes out. `nameless` is what a customer without a name is called. */
export async function saidBefore(
  threadId: string,
  seq: number,
  wanted: Wanted & { nameless: string },
  deps: ReadDeps,
): Promise<{ said: Said[]; isWhole: boolean }> {
  const from = Math.max(0, seq - LOOKED_BACK);
  const { said, isWhole } = await lastOf(await messagesBetween(threadId, from, seq, deps.threads), wanted, deps);
  return { said, isWhole: isWhole && from === 0 };
}

/** What the customer wrote from the entry `since` on, before the entry `seq`. */
export async function saidSince(
  threadId: string,
  { since, seq }: { since: number; seq: number },
  nameless: string,
  deps: ReadDeps,
): Promise<{ said: Said[]; isWhole: boolean }> {
  const from = Math.max(since - 1, seq - LOOKED_BACK);
  const messages = await messagesBetween(threadId, from, seq, deps.threads);
  const theirs = messages.filter(({ author }) => author.kind === 'customer');
  const { said, isWhole } = await lastOf(theirs, { ...DIGEST, nameless }, deps);
  return { said, isWhole: isWhole && from === since - 1 };
}

async function lastOf(messages: Message[], wanted: Wanted & { nameless: string }, deps: ReadDeps) {
  const said: Said[] = [];
  let chars = 0;
  for (const entry of messages.toReversed()) {
    const body = wanted.isWhole ? await wholeBodyOf(entry.content, deps.blobs) : readableBodyOf(entry.content);
    chars += body.text.length + (body.html?.length ?? 0);
    if (said.length === wanted.messages || (chars > wanted.chars && said.length > 0)) break;
    said.unshift(saidIn(entry, body, wanted.nameless));
  }
  return { said, isWhole: said.length === messages.length };
}

/** The customer's message that an answer is to; none where they had written nothing. */
export async function saidLast(
  threadId: string,
  seq: number,
  nameless: string,
  { threads }: ReadDeps,
): Promise<Said[]> {
  const from = Math.max(0, seq - LOG_PAGE);
  const messages = await messagesBetween(threadId, from, seq, threads);
  const last = messages.findLast(({ author }) => author.kind === 'customer');
  return last === undefined ? [] : [saidIn(last, readableBodyOf(last.content), nameless)];
}

type Message = Entry & { type: 'message' };

async function messagesBetween(threadId: string, from: number, seq: number, threads: ThreadStore): Promise<Message[]> {
  const messages: Message[] = [];
  for (let after = from; after < seq - 1; ) {
    const items = await threads.log(threadId, after, LOG_PAGE);
    const entries = items.flatMap(entriesOf).filter((entry) => entry.seq > after && entry.seq < seq);
    for (const entry of entries) if (entry.type === 'message') messages.push(entry);
    after = items.at(-1)?.lastSeq ?? seq;
  }
  return messages;
}

function saidIn({ author, at, content }: Message, body: Said['body'], nameless: string): Said {
  return { name: author.name ?? nameless, at, body, files: attachmentsOf(content).map(({ name }) => name) };
}
