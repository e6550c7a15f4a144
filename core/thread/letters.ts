/**
 * Letters that nobody writes: a reminder where the customer's answer is waited for, a question how content they were
 * once they are answered, and the transcript that somebody asks for. The first two are planned by the decision that
 * begins the wait, and forgotten as soon as the status changes or the customer writes.
 */
import { isWrittenTo } from '../effect/effects-of.ts';
import type { BodyOf } from './command.ts';
import type { Draft } from './draft.ts';
import { type Reason, SYSTEM } from './entry.ts';
import { type Handling, threadExists } from './rules.ts';
import type { PlannedLetter } from './thread.ts';

const HOUR_MS = 3_600_000;

export function planLetters(draft: Draft, at: number): void {
  const { before, entries, thread, world } = draft;
  const { reminder, rating } = world.policy.source.letters;
  if (!isWrittenTo(thread)) return;
  const isMoved = thread.status !== before.status;
  const isSaid = entries.some(({ type, author }) => type === 'message' && author.kind === 'agent');
  if (reminder !== undefined && thread.status === 'pending' && thread.lastReplyAt !== null && (isMoved || isSaid)) {
    plan(draft, 'reminder', reminder.after, at);
  }
  const isUnasked = !thread.ratingAsked && thread.rating === null;
  if (rating !== undefined && thread.status === 'solved' && isMoved && thread.answered && isUnasked) {
    plan(draft, 'rating', rating.after, at);
  }
}

function plan(draft: Draft, letter: PlannedLetter, after: string, at: number): void {
  const dueAt = draft.world.policy.teamOrDefault(draft.thread.team).hours.add(at, after);
  if (dueAt === null) return;
  draft.say({ type: 'letter-planned', letter, dueAt }, { author: SYSTEM, at, rule: `letters/${letter}` });
}

/** The time of what was planned has come. */
export function writeLetter(draft: Draft): void {
  const { letter, lastReplyAt } = draft.thread;
  if (letter === null) return;
  const since = letter.kind === 'reminder' && lastReplyAt !== null ? { since: lastReplyAt } : {};
  const saying = { author: SYSTEM, at: draft.world.now, rule: `letters/${letter.kind}` };
  draft.say({ type: 'letter', letter: letter.kind, ...since }, saying);
}

/** A closed thread may be asked for, too: it changes nothing. */
export const sendTranscript: Handling<'send-transcript'> = {
  rules: [threadExists, hasSomebodyToSendTo, isNotSentYet],
  apply: (draft, { to }) => {
    draft.say({ type: 'transcript', to: to === 'customer' ? 'customer' : `agent:${draft.command.author.id}` });
  },
};

function hasSomebodyToSendTo({ thread }: Draft, { to }: BodyOf<'send-transcript'>): Reason | undefined {
  if (to !== 'customer' || thread.customer.email !== null) return undefined;
  return { code: 'no-address', detail: 'Nothing is known of an address of the customer.' };
}

/** Asking again and again fills a mailbox, and it may be a stranger's who was named by a visitor. */
function isNotSentYet({ thread, command }: Draft): Reason | undefined {
  const { transcript, version } = thread;
  if (transcript === null || transcript.version !== version || command.acceptedAt - transcript.at >= HOUR_MS) {
    return undefined;
  }
  return { code: 'transcript-sent', detail: 'A transcript was sent within the hour, and nothing was said since.' };
}
