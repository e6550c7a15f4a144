/** Letters that nobody writes: when each is planned, when it is forgotten, when it is written, and what it says. */
import type { Command } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { House } from './house.ts';
import { addressOf, answering, envelope, inWords, isGerman, type SpecMail, zoneOf } from './spec-mail.ts';
import type { SpecStep } from './spec-step.ts';
import type { SpecThread } from './spec-thread.ts';
import { canonical, timesIn, wordsIn } from './words.ts';

/** After every decision: the customer's answer is waited for from now on, or what they were answered is done. */
export function plans(before: SpecThread, { thread, wrote }: SpecStep, command: Command, house: House): void {
  const { status, customer, team, lastReplyAt } = thread;
  if (customer.email === null) return;
  const isMoved = status !== before.status;
  const isSaid = wrote === 'message' && command.author.kind === 'agent';
  const isWaitedFor = status === 'pending' && lastReplyAt !== null && (isMoved || isSaid);
  const isUnrated = !thread.ratingAsked && thread.rating === null;
  const isDone = status === 'solved' && isMoved && thread.answered && isUnrated;
  const kind = isWaitedFor ? 'reminder' : isDone ? 'rating' : undefined;
  const at = kind === undefined ? null : house.writesAt(kind, team, command.acceptedAt);
  if (kind !== undefined && at !== null) thread.letter = { kind, at };
}

/** A timer has come: what is due before the thread is closed is written. */
export function writes(step: SpecStep, firedAt: number): void {
  const { letter, closeAt, lastReplyAt } = step.thread;
  if (letter === null || letter.at > firedAt || (closeAt !== null && closeAt < letter.at)) return;
  step.letter = { letter: letter.kind, ...(letter.kind === 'reminder' ? { since: lastReplyAt } : {}) };
  step.thread.letter = null;
  if (letter.kind === 'rating') step.thread.ratingAsked = true;
}

export function defectsOfLetters({ letter }: SpecStep, entries: Entry[]): string[] {
  const found = entries.flatMap((entry) => {
    if (entry.type !== 'letter') return [];
    return [{ letter: entry.letter, ...(entry.since === undefined ? {} : { since: entry.since }) }];
  });
  const expected = letter === undefined ? [] : [letter];
  return canonical(found) === canonical(expected)
    ? []
    : [`it wrote the letters ${canonical(found)}, and should ${canonical(expected)}`];
}

/** @param said all entries of the thread up to this one */
export function mailOfLetter(thread: SpecThread, entry: Entry, said: Entry[], house: House): SpecMail[] {
  if (entry.type === 'letter') return [letterTo(thread, entry, house)];
  return entry.type === 'transcript' ? [transcriptTo(thread, entry, said, house)] : [];
}

const WORDS = {
  reminder: ['have not heard from you', 'nichts von Ihnen gehört'],
  rating: ['Were you content', 'Waren Sie mit uns zufrieden'],
} as const;

function letterTo(thread: SpecThread, { letter, since, seq, at }: Entry & { type: 'letter' }, house: House): SpecMail {
  const { customer, subject } = thread;
  const [english, german] = WORDS[letter];
  const when = inWords(since ?? at, isGerman(customer) ? 'de-DE' : 'en-GB', zoneOf(thread, house));
  return {
    ...fromUs(letter, thread, seq, house),
    to: addressOf(customer),
    says: [
      { text: isGerman(customer) ? german : english, times: 1 },
      { text: letter === 'reminder' ? when : subject, times: 1 },
      { text: letter === 'rating' ? (house.ratingPage(thread.id) ?? '') : '', times: 1 },
    ],
  };
}

/** Every message before it, from the first to the last, with its words as often as it has them. */
function transcriptTo(
  thread: SpecThread,
  { to, seq }: Entry & { type: 'transcript' },
  said: Entry[],
  house: House,
): SpecMail {
  const agent = house.agent(to.slice('agent:'.length));
  const words = said.flatMap((entry) => (entry.type === 'message' && entry.seq < seq ? [entry.content] : []));
  return {
    ...fromUs('transcript', thread, seq, house),
    recipient: to,
    to: agent === undefined ? addressOf(thread.customer) : { name: agent.name, address: agent.email },
    says: words.map((content) => {
      const text = wordsIn(content);
      return { text, times: content.body === undefined ? timesIn(JSON.stringify(content.parts), text) : 2 };
    }),
  };
}

function fromUs(kind: SpecMail['kind'], thread: SpecThread, seq: number, house: House) {
  return {
    ...envelope(kind, thread, seq),
    from: { name: house.name, address: house.team(thread.team).address },
    subject: answering(thread.subject),
  };
}
