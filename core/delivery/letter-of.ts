/** Writes the mail of a job, from the entry it is about. */
import { attachmentKey } from '../blob-keys.ts';
import { composeAlert } from '../email/alert.ts';
import { composeMail, composePromise } from '../email/compose.ts';
import type { OutgoingMail } from '../email/mail.ts';
import type { Blobs, Policies, ThreadStore } from '../ports.ts';
import { entriesOf } from '../thread/entry.ts';
import { wholeBodyOf } from '../thread/whole-body.ts';
import type { MailJob } from './send.ts';

interface LetterDeps {
  threads: ThreadStore;
  policies: Policies;
  blobs: Blobs;
}

/** The log does not hold what a job is about, or its policy is gone: the store is another one, or was tampered with. */
class NothingToWrite extends Error {
  override readonly name = 'NothingToWrite';
}

/** @throws {NothingToWrite} */
export async function letterOf(job: MailJob, { threads, policies, blobs }: LetterDeps): Promise<OutgoingMail> {
  const { business, thread: threadId, kind, seq, logSeq, to, facts } = job;
  const item = await threads.logItem(threadId, logSeq);
  const entry = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  const policy = (await policies.version(business, job.policy)) ?? policies.current(business);
  if (policy !== undefined && entry?.type === 'notified') return composeAlert({ threadId, facts, entry, to, policy });
  if (policy !== undefined && entry?.type === 'promise') return composePromise({ threadId, facts, entry, to, policy });
  // The type check is the rule that notes are never mailed.
  if (entry?.type !== 'message' || policy === undefined || kind === 'alert' || kind === 'promise')
    throw new NothingToWrite(`Nothing is known of ${job.sendId}.`);
  const body = await wholeBodyOf(entry.content, blobs);
  const keyOf = (attachmentId: string) => attachmentKey(threadId, attachmentId);
  return composeMail(kind, { threadId, facts, entry, body, to, policy, keyOf });
}
