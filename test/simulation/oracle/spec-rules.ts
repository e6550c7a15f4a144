/** Why a command is refused, by the hard rules: in the order in which they are told. */
import type { BodyOf, Command } from '../../../core/thread/command.ts';
import type { House } from './house.ts';
import { type SpecThread, tagsAfter } from './spec-thread.ts';

export interface Circumstances {
  house: House;
  /** Number of the thread's last entry, and how often people changed it. */
  seq: number;
  version: number;
  /** Whose thread an id is of. */
  ownerOf: (thread: string) => string | undefined;
  /** Between these the deciding clock stood. */
  nowMin: number;
  nowMax: number;
}

const TAGS_MAX = 50;
const TRANSCRIPT_AGAIN_MS = 3_600_000;

/** @returns the codes of all refusals that are right; `done` among them where carrying it out is right too */
export function verdicts(thread: SpecThread, command: Command, circumstances: Circumstances): string[] {
  const { ifMatch, redrives } = command;
  if (ifMatch !== undefined && ifMatch !== circumstances.version) return ['version-mismatch'];
  if (redrives !== undefined && !thread.setAsides.includes(redrives)) return ['not-set-aside'];
  return ofBody(thread, command, circumstances);
}

function ofBody(thread: SpecThread, command: Command, circumstances: Circumstances): string[] {
  const { body } = command;
  if (body.type === 'start') return ofStart(thread, command);
  if (body.type === 'set-aside') return ['done'];
  if (['complete-merge', 'refuse-merge'].includes(body.type)) {
    return thread.mergingInto === null ? ['no-merge-under-way'] : ['done'];
  }
  if (!thread.exists) return ['unknown-thread'];
  if (['customer-message', 'record-delivery', 'point-on'].includes(body.type)) return ['done'];
  if (body.type === 'seen') return body.upTo > circumstances.seq ? ['unknown-entry'] : ['done'];
  if (body.type === 'dismiss') return command.redrives === undefined ? ['names-nothing'] : ['done'];
  if (body.type === 'absorb') return ofAbsorb(thread, body);
  if (body.type === 'customer-told') return ofTelling(thread, body);
  if (body.type === 'send-transcript') return ofTranscript(thread, body, command, circumstances);
  if (thread.status === 'closed') return ['closed-is-immutable'];
  if (body.type === 'rate') return thread.answered || thread.status === 'solved' ? ['done'] : ['nothing-to-rate'];
  if (body.type === 'merge') return ofMerge(thread, body, circumstances);
  if (body.type === 'assign') return ofAssignment(thread, command, body, circumstances);
  if (body.type === 'change-tags') return tagsAfter(thread.tags, body).length > TAGS_MAX ? ['too-many-tags'] : ['done'];
  if (body.type === 'offer') return isInNeed(thread, body.team) ? ['done'] : ['needs-nobody'];
  if (body.type === 'release') return thread.assignee === body.agent ? ['done'] : ['not-theirs'];
  if (body.type === 'snooze') return ofSnooze(thread, body, circumstances);
  return ['done'];
}

/** What was set aside may come to a thread that was closed meanwhile; only what a customer wrote moves on. */
function ofStart({ started, status }: SpecThread, { author }: Command): string[] {
  if (started) return ['thread-exists'];
  return status === 'closed' && author.kind === 'agent' ? ['closed-is-immutable'] : ['done'];
}

/** The same is not sent again within the hour; a closed thread may be told, too. */
function ofTranscript(
  { transcript, customer }: SpecThread,
  { to }: BodyOf<'send-transcript'>,
  { acceptedAt }: Command,
  { version }: Circumstances,
): string[] {
  if (to === 'customer' && customer.email === null) return ['no-address'];
  const isKnown = transcript?.version === version && acceptedAt < transcript.at + TRANSCRIPT_AGAIN_MS;
  return isKnown ? ['transcript-sent'] : ['done'];
}

function ofTelling({ started, customer, status }: SpecThread, told: BodyOf<'customer-told'>): string[] {
  if (!started) return ['not-begun'];
  if (customer.id !== told.customer.id) return ['other-customer'];
  return status === 'closed' ? ['closed-is-immutable'] : ['done'];
}

function ofAbsorb(thread: SpecThread, { customerId }: BodyOf<'absorb'>): string[] {
  if (thread.mergedInto === null && thread.status === 'closed') return ['closed-is-immutable'];
  if (thread.mergingInto !== null) return ['merge-under-way'];
  return thread.customer.id === customerId ? ['done'] : ['merge-same-customer'];
}

/** Only the newer into the older, and of one customer. */
function ofMerge(thread: SpecThread, { into }: BodyOf<'merge'>, { ownerOf }: Circumstances): string[] {
  if (thread.mergingInto !== null) return ['merge-under-way'];
  if (into === thread.id) return ['merge-into-itself'];
  if (into >= thread.id) return ['merge-newer-into-older'];
  const isSame = thread.customer.id !== '' && ownerOf(into) === thread.customer.id;
  return isSame ? ['done'] : ['merge-same-customer'];
}

function ofAssignment(
  thread: SpecThread,
  { author }: Command,
  { team, assignee, takeOver }: BodyOf<'assign'>,
  { house }: Circumstances,
): string[] {
  if (team !== undefined && !house.hasTeam(team)) return ['unknown-team'];
  if (typeof assignee === 'string') {
    if (house.agent(assignee) === undefined) return ['unknown-agent'];
    if (house.agent(assignee)?.role === 'observer') return ['assignee-cannot-reply'];
  }
  const { assignee: owner } = thread;
  const isTaken = assignee === undefined ? isSentAway(owner, team, house) : assignee !== owner;
  if (owner === null || owner === author.id || !isTaken) return ['done'];
  if (!takeOver) return ['owned'];
  return house.mayTakeOver(author.id) ? ['done'] : ['take-over-right'];
}

/** Whether a thread of that team waits for an agent. */
function isInNeed({ status, snooze, assignee, team }: SpecThread, by: string): boolean {
  return (status === 'new' || status === 'open') && snooze === null && assignee === null && team === by;
}

function isSentAway(owner: string | null, team: string | undefined, house: House): boolean {
  return owner !== null && team !== undefined && !house.team(team).agents.includes(owner);
}

/** Only while it ends in the future, by the clock of whoever decides. */
function ofSnooze(thread: SpecThread, { until }: BodyOf<'snooze'>, { nowMin, nowMax }: Circumstances): string[] {
  if (thread.status === 'solved') return ['solved-is-not-snoozed'];
  if (until === null || until > nowMax) return ['done'];
  return until <= nowMin ? ['snooze-in-the-past'] : ['done', 'snooze-in-the-past'];
}
