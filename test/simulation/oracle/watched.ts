/** What is known of a thread that is being watched. */
import { type Entry, entriesOf, LOG_SCHEMA, type StoredDecision } from '../../../core/thread/entry.ts';
import { evolve } from '../../../core/thread/evolve.ts';
import { blankThread, type Thread } from '../../../core/thread/thread.ts';
import { NOBODY_TOLD, type Telling } from './spec-notice.ts';
import { nothingYet, type SpecThread } from './spec-thread.ts';
import { canonical } from './words.ts';

export interface Watched {
  id: string;
  /** By the oracle's own account. */
  spec: SpecThread;
  /** By the product's, folded from the entries. */
  folded: Thread | undefined;
  entries: Entry[];
  /** How often people changed it. */
  version: number;
  /** How often its earliest timer changed, that timer, and since when it is armed. */
  generation: number;
  armed: number | null;
  armedAt: number;
  snoozedUntil: number | null;
  letterAt: number | null;
  isRatingPlanned: boolean;
  lookAt: number | null;
  closeAt: number | null;
  noticeAt: number | null;
  telling: Telling;
}

export function watched(id: string): Watched {
  return {
    ...{ id, spec: nothingYet(id), folded: undefined, entries: [], version: 0, generation: 0 },
    ...{ armed: null, armedAt: 0, snoozedUntil: null, letterAt: null, lookAt: null, closeAt: null },
    ...{ isRatingPlanned: false, noticeAt: null, telling: NOBODY_TOLD },
  };
}

/** The entries of one decision, each complete. */
export function entriesOfDecision(decision: StoredDecision): Entry[] {
  return entriesOf({ schema: LOG_SCHEMA, lastSeq: 0, decisions: [decision] });
}

/** Takes an entry on: in the product's fold, and in the oracle's own numbers. */
export function takeOn(thread: Watched, entry: Entry, now: number): void {
  thread.folded = evolve(thread.folded ?? blankThread(thread.id, entry.at), entry);
  thread.entries.push(entry);
  const isByPeople = entry.author.kind === 'customer' || entry.author.kind === 'agent';
  const isChange = entry.type === 'change' || (entry.type === 'merge' && entry.phase === 'absorbed');
  if (entry.type === 'message' || entry.type === 'note' || (isChange && isByPeople)) thread.version += 1;
  setTimers(thread, entry);
  const steps = thread.folded.clocks.map(({ nextAt }) => nextAt ?? Infinity);
  const earliest = Math.min(
    thread.lookAt ?? Infinity,
    thread.snoozedUntil ?? Infinity,
    thread.letterAt ?? Infinity,
    thread.closeAt ?? Infinity,
    thread.noticeAt ?? Infinity,
    ...steps,
  );
  const armed = earliest === Infinity ? null : earliest;
  if (armed === thread.armed) return;
  thread.generation += 1;
  thread.armed = armed;
  thread.armedAt = now;
}

function setTimers(thread: Watched, entry: Entry): void {
  if (entry.type === 'started' && entry.status !== 'solved') thread.closeAt = null;
  if (entry.type === 'notice-planned') thread.noticeAt = entry.dueAt;
  if (entry.type === 'notice' || entry.type === 'notice-off' || endsWait(entry)) thread.noticeAt = null;
  if (entry.type === 'letter-planned') {
    thread.letterAt = entry.dueAt;
    thread.isRatingPlanned = entry.letter === 'rating';
  }
  if (entry.type === 'rating' && thread.isRatingPlanned) thread.letterAt = null;
  const isCustomers = entry.type === 'message' && entry.author.kind === 'customer';
  const isMove = entry.type === 'change' && entry.field === 'status';
  if (entry.type === 'letter' || isCustomers || isMove) thread.letterAt = null;
  if (entry.type === 'look') thread.lookAt = entry.lookAt;
  if (entry.type !== 'change') return;
  if (entry.field === 'snooze') thread.snoozedUntil = entry.to?.until ?? null;
  if (entry.field === 'status') thread.closeAt = entry.to === 'solved' ? (entry.closeAt ?? null) : null;
  if (entry.field === 'status' && entry.to === 'closed') thread.snoozedUntil = thread.lookAt = null;
}

/** Whether nobody waits for an answer after it. */
function endsWait(entry: Entry): boolean {
  if (entry.type === 'message') return entry.author.kind === 'agent';
  return entry.type === 'change' && entry.field === 'status' && (entry.to === 'solved' || entry.to === 'closed');
}

/** Fields in which the product's thread is not as it should be. */
export function differences({ spec, folded, version, generation }: Watched): string[] {
  if (folded === undefined) return spec.exists ? ['it is not there'] : [];
  const { exists: _, ...fields } = spec;
  return Object.entries({ ...fields, version, generation }).flatMap(([field, expected]) => {
    const found = folded[field as keyof Thread];
    if (found === expected) return [];
    const [is, should] = [canonical(found), canonical(expected)];
    return is === should ? [] : [`${field} is ${is}, and should be ${should}`];
  });
}
