/** What an entry did, in a sentence: of what somebody wrote, only that they did. */
import type { Entry } from '../thread/entry.ts';
import { SCORE_MAX } from '../thread/rating.ts';

/**
 * @param told of a customer's message: who was told of it by itself
 * @returns undefined for what explains nothing
 */
export function sentenceOf(entry: Entry, told?: string): string | undefined {
  switch (entry.type) {
    case 'started':
      return `Began with team ${entry.team ?? 'none'}, topic ${entry.topic ?? 'none'}, as ${entry.status}.`;
    case 'message': {
      const name = entry.author.kind === 'customer' ? 'The customer' : (entry.author.name ?? entry.author.id);
      return `${name} wrote${told === undefined ? '' : `, and ${told} was told at once`}.`;
    }
    case 'change':
      return `${entry.field}: ${wordsFor(entry.from)} → ${wordsFor(entry.to)}.`;
    case 'promise':
      return `An answer was promised by ${isoOf(entry.expectedReplyAt)}.`;
    case 'advice':
      return 'The customer was told of a faster way.';
    case 'rule':
      return `Rule ${entry.set}/${entry.name} held.`;
    case 'rules-bounded':
      return `Rules changed what rules act on, and were ended after ${entry.rounds} rounds.`;
    case 'assigned': {
      const { agent, mode, load, capacity, among } = entry;
      return `Given to ${agent} (${mode}), who had ${load} of ${capacity}; ${among} could have had it.`;
    }
    case 'notified':
      return `${entry.to} was told${entry.of === null ? '' : `: ${entry.of.metric} ${entry.of.event}`}.`;
    case 'notice-planned': {
      const what = `of what was written since entry ${entry.since}, if it is not answered by then`;
      return `${entry.to} is to be told at ${isoOf(entry.dueAt)} ${what}.`;
    }
    case 'notice':
      return `${entry.to} was told of what was written since entry ${entry.since}.`;
    case 'notice-off':
      return `${entry.to} was not told of what was written since entry ${entry.since}: they want no mail of it.`;
    case 'letter-planned':
      return `A ${entry.letter} is to be sent at ${isoOf(entry.dueAt)}, unless something happens before.`;
    case 'letter':
      return `A ${entry.letter} was sent.`;
    case 'transcript':
      return `A transcript was sent to ${entry.to}.`;
    case 'rating':
      return `The customer rated it ${entry.score} of ${SCORE_MAX}${entry.comment === null ? '' : ', and said why'}.`;
    case 'sla':
      return clockSentence(entry);
    case 'moved':
      return `A message went on to ${entry.to}, for this thread is ${entry.because}.`;
    case 'merge':
      return `Merge ${entry.phase}: ${entry.phase === 'absorbed' ? entry.from : entry.into}.`;
    case 'set-aside':
      return `Something could not be decided (${entry.reason.code}), and was set aside.`;
    case 'redriven':
    case 'dismissed':
      return `Entry ${entry.setAside}, which had been set aside, was ${entry.type}.`;
    case 'delivery':
      return `A mail was ${entry.state}.`;
    case 'machine-mail':
      return `A mail came that no person wrote (${entry.kind}): nothing follows from it.`;
    case 'mail-refused':
      return `A mail of ${entry.author.name ?? entry.author.id} was not posted, and they were told why.`;
    case 'look':
    case 'note':
    case 'seen':
    case 'pointed-on':
      return undefined;
  }
}

function clockSentence(entry: Entry & { type: 'sla' }): string {
  const name = `${entry.metric} ${entry.instance}`;
  const due = 'dueAt' in entry && entry.dueAt !== null ? `, due ${isoOf(entry.dueAt)}` : '';
  const target = 'target' in entry ? ` by target ${entry.target}` : '';
  const because = 'because' in entry ? ` (${entry.because})` : '';
  return `Clock ${name} ${entry.event}${target}${due}${because}.`;
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

/** Of a customer, who; what else is known of them is nobody’s explanation. */
function wordsFor(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  const { id, until } = value as { id?: string; until?: number | null };
  if (until !== undefined) return until === null ? 'until the customer writes' : `until ${isoOf(until)}`;
  return id ?? 'another';
}
