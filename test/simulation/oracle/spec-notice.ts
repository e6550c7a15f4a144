/**
 * When colleagues are told of what a customer wrote, and of which messages: by the words of docs/policies.md, from the
 * commands in the order in which they were decided.
 */
import type { Command } from '../../../core/thread/command.ts';
import type { Outcome } from '../../../core/thread/commit.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { MINUTE } from '../../builders.ts';
import type { House } from './house.ts';
import { noticeOf, type SpecMail } from './spec-mail.ts';
import type { SpecThread } from './spec-thread.ts';
import { canonical, wordsOf } from './words.ts';

export interface Telling {
  /** Messages that nobody was told of, the oldest first. */
  untold: { seq: number; at: number; says: SpecMail['says'][0] }[];
  /** When whoever has the thread was last told of this wait. */
  toldAt: number | null;
  planned: { to: string; at: number } | null;
  /** The agent who did something last. */
  there: { agent: string; at: number; isByMail: boolean } | null;
}

export const NOBODY_TOLD: Telling = { untold: [], toldAt: null, planned: null, there: null };

interface Told {
  before: SpecThread;
  after: SpecThread;
  command: Command;
  entries: Entry[];
  house: House;
}

type Verdict = { is: 'nothing' | 'at once' | 'notice' | 'notice-off' } | { is: 'notice-planned'; dueAt: number };

/** @returns what is to be told from then on, the mail that tells of it now, and what was said otherwise */
export function tellingAfter(
  { telling: known, spec: before }: { telling: Telling; spec: SpecThread },
  { outcome, entries }: { outcome: Outcome | undefined; entries: Entry[] },
  command: Command,
  after: SpecThread,
  house: House,
): { telling: Telling; mails: SpecMail[]; defects: string[] } {
  if (outcome?.status === 'rejected') return { telling: known, mails: [], defects: [] };
  const told = { before, after, command, entries, house };
  const at = command.body.type === 'fire-timers' ? (entries[0]?.at ?? 0) : command.acceptedAt;
  const telling = heard(known, told, at);
  const said = entries.find(({ type }) => type.startsWith('notice'));
  // What was set aside may be kept without what follows, for there may be the defect.
  const isSpared = command.body.type === 'set-aside' && said === undefined;
  const verdict: Verdict = isSpared ? { is: 'nothing' } : verdictOf(telling, told, at);
  const { untold } = telling;
  const should = { type: verdict.is, to: ownerOf(after), since: untold[0]?.seq };
  const dueAt = 'dueAt' in verdict ? { dueAt: verdict.dueAt } : {};
  const isSilent = verdict.is === 'nothing' || verdict.is === 'at once';
  const [is, expected] = [canonical(wordsOfNotice(said)), canonical(isSilent ? {} : { ...should, ...dueAt })];
  const seq = verdict.is === 'at once' ? untold[0]?.seq : verdict.is === 'notice' ? said?.seq : undefined;
  const says = untold.slice(-LONG_MAX).map((message) => message.says);
  return {
    telling: applied(telling, after, verdict, at),
    mails: seq === undefined ? [] : [noticeOf(after, says, seq, house)],
    defects: is === expected ? [] : [`it says ${is} of a notice, and should say ${expected}`],
  };
}

/** Of so many messages, however long, each is in the mail. */
const LONG_MAX = 5;

function wordsOfNotice(entry: Entry | undefined): object {
  if (entry?.type === 'notice-planned') {
    const { type, to, since, dueAt } = entry;
    return { type, to, since, dueAt };
  }
  if (entry?.type !== 'notice' && entry?.type !== 'notice-off') return {};
  const { type, to, since } = entry;
  return { type, to, since };
}

/** What there is to tell, and who is there, once the decision is made. */
function heard(known: Telling, { before, after, command, entries }: Told, at: number): Telling {
  const telling = structuredClone(known);
  const { body, author } = command;
  const isOthers = before.team !== after.team || before.assignee !== after.assignee;
  if (isOthers && telling.toldAt !== at) telling.toldAt = null;
  if (entries.some((entry) => entry.author.kind === 'agent')) {
    telling.there = { agent: author.id, at, isByMail: 'channel' in body && body.channel === 'email' };
  }
  for (const { type, author: by, seq } of entries) {
    const { words: text, times } = wordsOf(command);
    if (type === 'message' && by.kind === 'customer') telling.untold.push({ seq, at, says: { text, times } });
  }
  return telling;
}

function verdictOf({ untold, toldAt, planned, there }: Telling, told: Told, at: number): Verdict {
  const { before, after, house } = told;
  const [first] = untold;
  const owner = ownerOf(after);
  const isMergedAway = before.mergedInto === null && after.mergedInto !== null;
  if (first === undefined || (after.waitingSince === null && !isMergedAway)) return { is: 'nothing' };
  if (planned !== null && planned.at > at && planned.to === owner && !isMergedAway) return { is: 'nothing' };
  const { digestMinutes, firstWaits, onThreadMinutes, off } = house.source.notices;
  if (off.some((colleague) => colleague === owner)) return { is: 'notice-off' };
  const from = firstWaits ? first.at : toldAt;
  const isSeen = there !== null && !there.isByMail && there.agent === after.assignee;
  const dueAt = Math.max(
    digestMinutes > 0 && from !== null ? from + digestMinutes * MINUTE : 0,
    onThreadMinutes > 0 && isSeen ? there.at + onThreadMinutes * MINUTE : 0,
  );
  if (dueAt > at && !isMergedAway) return { is: 'notice-planned', dueAt };
  return { is: planned === null ? 'at once' : 'notice' };
}

function applied(
  { untold, toldAt, planned, there }: Telling,
  after: SpecThread,
  verdict: Verdict,
  at: number,
): Telling {
  // Of what nobody waits for, nobody has to be told.
  if (after.waitingSince === null) return { ...NOBODY_TOLD, there };
  if (verdict.is === 'at once' || verdict.is === 'notice') return { untold: [], toldAt: at, planned: null, there };
  if (verdict.is === 'notice-off') return { ...NOBODY_TOLD, there };
  return {
    untold,
    toldAt,
    planned: verdict.is === 'notice-planned' ? { to: ownerOf(after), at: verdict.dueAt } : planned,
    there,
  };
}

function ownerOf({ assignee, team }: SpecThread): string {
  return assignee === null ? `team:${team ?? ''}` : `agent:${assignee}`;
}
