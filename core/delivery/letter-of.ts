/** Writes the mail of a job, from the entry it is about. */
import { attachmentKey } from '../blob-keys.ts';
import { composeAlert } from '../email/alert.ts';
import { composeMail, composePromise, type LetterKind } from '../email/compose.ts';
import type { OutgoingMail } from '../email/mail.ts';
import { marksOf } from '../email/marks.ts';
import { composeRefusal } from '../email/refusal.ts';
import type { Correspondent } from '../email/reply-token.ts';
import { MissingSecrets } from '../ids-by-secrets.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Blobs, Policies, Secrets, ThreadStore } from '../ports.ts';
import { entriesOf } from '../thread/entry.ts';
import { wholeBodyOf } from '../thread/whole-body.ts';
import type { MailJob } from './send.ts';

interface LetterDeps {
  threads: ThreadStore;
  secrets: Secrets;
  policies: Policies;
  blobs: Blobs;
}

/** The log does not hold what a job is about, or its policy is gone: the store is another one, or was tampered with. */
class NothingToWrite extends Error {
  override readonly name = 'NothingToWrite';
}

/** @throws {NothingToWrite} */
export async function letterOf(job: MailJob, { threads, policies, blobs, secrets }: LetterDeps): Promise<OutgoingMail> {
  const { business, thread: threadId, kind, seq, logSeq, to, facts } = job;
  const item = await threads.logItem(threadId, logSeq);
  const entry = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  const policy = (await policies.version(business, job.policy)) ?? policies.current(business);
  if (policy === undefined || entry === undefined) throw new NothingToWrite(`Nothing is known of ${job.sendId}.`);
  const known = await secrets.of(business);
  if (known === undefined) throw new MissingSecrets(`There are no secrets for business ${business}.`);
  const mail = { business, threadId, to: correspondentOf(job, policy), at: entry.at };
  const about = { threadId, facts, to, policy, marks: marksOf(known, policy.source.mail, mail) };
  if (entry.type === 'notified') return composeAlert({ ...about, entry });
  if (entry.type === 'promise') return composePromise({ ...about, entry });
  // The type check is the rule that notes are never mailed.
  if (entry.type !== 'message' && entry.type !== 'mail-refused') {
    throw new NothingToWrite(`Nothing is known of ${job.sendId}.`);
  }
  const body = await wholeBodyOf(entry.content, blobs);
  if (entry.type === 'mail-refused') return composeRefusal({ ...about, entry, body });
  const keyOf = (attachmentId: string) => attachmentKey(threadId, attachmentId);
  return composeMail(kind as LetterKind, { ...about, entry, body, keyOf });
}

/** Who may answer: an agent that the policy has no more was stood in for by their team. */
function correspondentOf({ recipient, to, facts }: MailJob, policy: CompiledPolicy): Correspondent {
  if (recipient === 'customer') return `customer:${to.address}`;
  const [kind, id = ''] = recipient.split(':');
  if (kind === 'agent' && policy.agent(id) !== undefined) return `agent:${id}`;
  return `team:${policy.teamOrDefault(kind === 'team' ? id : facts.team).id}`;
}
