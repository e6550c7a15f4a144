/** What is wrong with the entries of a decision, by themselves: their numbers, instants, authors and words. */
import type { Command } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { defectsOfLetters } from './spec-letters.ts';
import type { SpecStep } from './spec-step.ts';
import type { Watched } from './watched.ts';
import { canonical } from './words.ts';

/** What may still be added to a closed thread: nothing that changes it. */
const AFTER_CLOSING = [
  'sla',
  'notified',
  'notice',
  'notice-off',
  'moved',
  'pointed-on',
  'set-aside',
  'redriven',
  'dismissed',
  'delivery',
  'seen',
  'merge',
  'transcript',
];

export function defectsOfEntries(thread: Watched, command: Command, step: SpecStep, entries: Entry[]): string[] {
  const { body, acceptedAt } = command;
  const first = (thread.folded?.seq ?? 0) + 1;
  const isTimer = body.type === 'fire-timers';
  return [
    ...(entries.some(({ seq }, index) => seq !== first + index) ? ['its entries are not numbered on'] : []),
    ...(!isTimer && entries.some(({ at }) => at !== acceptedAt) ? ['an entry is of another instant'] : []),
    ...(entries.some(({ cause }) => cause.command !== command.id) ? ['an entry names another cause'] : []),
    ...(thread.spec.status === 'closed' && entries.some(({ type }) => !AFTER_CLOSING.includes(type))
      ? ['a closed thread was changed']
      : []),
    ...defectsOfWords(thread, command, step, entries),
    ...defectsOfChanges(thread, entries),
    ...defectsOfLetters(step, entries),
    ...defectsOfRating(thread, step, entries),
  ];
}

/** What a customer says of their thread is there once, unless it is what they said before. */
function defectsOfRating({ spec }: Watched, { thread: { rating } }: SpecStep, entries: Entry[]): string[] {
  const found = entries.flatMap((entry) => (entry.type === 'rating' ? [[entry.score, entry.comment, entry.at]] : []));
  const isNew = rating !== null && canonical(rating) !== canonical(spec.rating);
  const expected = isNew ? [[rating.score, rating.comment, rating.at]] : [];
  return canonical(found) === canonical(expected) ? [] : ['a rating is not told, or told of nothing new'];
}

/** What was written is there once, word for word, under its id, by its author; or moved on, where it had to. */
function defectsOfWords(
  thread: Watched,
  { body, author }: Command,
  { wrote, forward }: SpecStep,
  entries: Entry[],
): string[] {
  const found = entries.filter(({ type }) => type === 'message' || type === 'note' || type === 'moved');
  const [entry, ...more] = found;
  if (wrote === undefined) return found.length === 0 ? [] : [`it wrote a ${entry?.type}`];
  if (entry === undefined || more.length > 0) return [`it wrote ${found.length} times`];
  if (!('messageId' in body)) return ['it had nothing to write'];
  const { messageId } = body;
  const { seq: _seq, at: _at, cause: _cause, author: by, ...said } = entry;
  if (canonical(by) !== canonical(author)) return ['what was written is by somebody else'];
  const because = thread.spec.mergedInto === null ? 'closed' : 'merged';
  const expected =
    wrote === 'moved'
      ? { type: wrote, messageId, to: forward?.thread, because }
      : { type: wrote, messageId, channel: body.channel, content: body.content };
  return canonical(said) === canonical(expected) ? [] : ['what was written is not what was sent'];
}

/** A change tells from what to what. */
function defectsOfChanges(thread: Watched, entries: Entry[]): string[] {
  const from = new Map<string, unknown>();
  return entries.flatMap((entry) => {
    if (entry.type === 'started') from.set('status', entry.status).set('assignee', entry.assignee);
    if (entry.type !== 'change') return [];
    const { field } = entry;
    const before = from.has(field) ? from.get(field) : thread.folded?.[field];
    from.set(field, entry.to);
    return before !== undefined && canonical(before) !== canonical(entry.from)
      ? [`it changed a ${field} that was not`]
      : [];
  });
}
