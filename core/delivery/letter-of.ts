/** Writes the mail of a job, from the entry it is about. */

import { attachmentKey } from '../blob-keys.ts';
import { partsOf } from '../effect/effect.ts';
import { composeAlert } from '../email/alert.ts';
import { composeMail, composePromise, type Letter, type LetterKind } from '../email/compose.ts';
import { composeLetter, composeTranscript, type PlannedMail } from '../email/letters.ts';
import type { OutgoingMail } from '../email/mail.ts';
import { marksOf } from '../email/marks.ts';
import { composeNotice } from '../email/notice.ts';
import { composeRefusal } from '../email/refusal.ts';
import type { Correspondent } from '../email/reply-token.ts';
import { fill } from '../email/texts/placeholders.ts';
import { MissingSecrets } from '../ids-by-secrets.ts';
import type { BusinessSecrets } from '../policy/business-secrets.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Blobs, Policies, Secrets, ThreadStore } from '../ports.ts';
import { mintRatingToken } from '../rating/rating-token.ts';
import { type Entry, entriesOf } from '../thread/entry.ts';
import { wholeBodyOf } from '../thread/whole-body.ts';
import { HISTORY, saidBefore, saidLast, saidSince, TRANSCRIPT } from './conversation.ts';
import type { MailJob } from './send.ts';

interface LetterDeps {
  threads: ThreadStore;
  secrets: Secrets;
  policies: Policies;
  blobs: Blobs;
  /** Where the API is reached by everybody: links in mails lead there. */
  baseUrl: () => string;
}

/** The log does not hold what a job is about, or its policy is gone: the store is another one, or was tampered with. */
class NothingToWrite extends Error {
  override readonly name = 'NothingToWrite';
}

/** @throws {NothingToWrite} */
export async function letterOf(job: MailJob, deps: LetterDeps): Promise<OutgoingMail> {
  const { threads, policies, blobs, secrets } = deps;
  const { business, thread: threadId, kind, seq, logSeq, to, facts } = job;
  const item = await threads.logItem(threadId, logSeq);
  const entry = item && entriesOf(item).find((candidate) => candidate.seq === seq);
  const policy = (await policies.version(business, job.policy)) ?? policies.current(business);
  if (policy === undefined || entry === undefined) throw new NothingToWrite(`Nothing is known of ${job.sendId}.`);
  const known = await secrets.of(business);
  if (known === undefined) throw new MissingSecrets(`There are no secrets for business ${business}.`);
  const mail = { business, threadId, to: correspondentOf(job, policy), at: entry.at };
  const about = { threadId, facts, to, policy, marks: marksOf(known, policy.source.mail, mail) };
  const nameless = facts.customer.email ?? facts.customer.id;
  switch (entry.type) {
    case 'notified':
      return composeAlert({ ...about, entry });
    case 'notice':
      return composeNotice({
        ...about,
        entry,
        ...(await saidSince(threadId, { since: entry.since, seq }, nameless, deps)),
      });
    case 'promise':
      return composePromise({ ...about, entry });
    case 'letter':
      return composeLetter({ ...about, entry, ratingUrl: ratingUrlOf(about, entry, known, deps) });
    case 'transcript':
      return composeTranscript({
        ...about,
        entry,
        ...(await saidBefore(threadId, seq, { ...TRANSCRIPT, nameless }, deps)),
      });
    case 'mail-refused':
      return composeRefusal({ ...about, entry, body: await wholeBodyOf(entry.content, blobs) });
    // That there is no note here is the rule that notes are never mailed.
    case 'message': {
      const body = await wholeBodyOf(entry.content, blobs);
      const keyOf = (attachmentId: string) => attachmentKey(threadId, attachmentId);
      const letter: Letter = { ...about, entry, body, keyOf };
      return composeMail(kind as LetterKind, {
        ...letter,
        history: kind === 'reply' ? await before(letter, nameless, deps) : [],
      });
    }
    default:
      throw new NothingToWrite(`Nothing is known of ${job.sendId}.`);
  }
}

/** A page of the business's own, else ours: either by a token that is for this thread alone. */
function ratingUrlOf(
  { threadId, policy }: Pick<PlannedMail, 'threadId' | 'policy'>,
  { letter, at }: Entry & { type: 'letter' },
  { capabilityKeys }: BusinessSecrets,
  { baseUrl }: LetterDeps,
): string | undefined {
  if (letter !== 'rating') return undefined;
  const page = policy.source.letters.rating?.url ?? `${baseUrl()}/v1/ratings/{token}`;
  const token = mintRatingToken(capabilityKeys, threadId, at);
  return fill(page, { thread: encodeURIComponent(threadId), token: encodeURIComponent(token) });
}

/** What an answer has below it. */
async function before({ threadId, entry, policy }: Letter, nameless: string, deps: LetterDeps) {
  const { history } = policy.source.letters;
  if (history === 'none') return [];
  if (history === 'last') return saidLast(threadId, entry.seq, nameless, deps);
  return (await saidBefore(threadId, entry.seq, { ...HISTORY, nameless }, deps)).said;
}

/** Who may answer: an agent that the policy has no more was stood in for by their team. */
function correspondentOf({ recipient, to, facts }: MailJob, policy: CompiledPolicy): Correspondent {
  if (recipient === 'customer') return `customer:${to.address}`;
  const { kind, id } = partsOf(recipient);
  if (kind === 'agent' && policy.agent(id) !== undefined) return `agent:${id}`;
  return `team:${policy.teamOrDefault(kind === 'team' ? id : facts.team).id}`;
}
