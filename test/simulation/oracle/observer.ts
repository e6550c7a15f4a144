/**
 * Watches every commit, and follows each command in the order in which it was decided: what it should have done, by
 * the oracle's own account, against what the log says it did.
 */
import type { Command } from '../../../core/thread/command.ts';
import type { Commit, Outcome } from '../../../core/thread/commit.ts';
import type { Entry, StoredDecision } from '../../../core/thread/entry.ts';
import { VERSIONS } from '../world/policy-model.ts';
import type { World } from '../world/world.ts';
import { replyDueAt } from './clocks.ts';
import { defectsOfEntries } from './entries.ts';
import { House } from './house.ts';
import { noteHappenings } from './noting.ts';
import { type Sent, SentCommands } from './sent-commands.ts';
import { defectsOfSetAside } from './set-asides.ts';
import { eventOf, type SpecEvent } from './spec-event.ts';
import { mailOfLetter } from './spec-letters.ts';
import { alertOf, mailsOf, type SpecMail } from './spec-mail.ts';
import { tellingAfter } from './spec-notice.ts';
import { verdicts } from './spec-rules.ts';
import { carriedOut, refused, type SpecSend, type SpecStep } from './spec-step.ts';
import { defectsOfTimer } from './timers.ts';
import { differences, entriesOfDecision, takeOn, type Watched, watched } from './watched.ts';

/** One command as a commit decided it. */
export interface Decided {
  id: string;
  outcome: Outcome | undefined;
  decision: StoredDecision | undefined;
  entries: Entry[];
}

const HOUSES = VERSIONS.map((version) => new House(version));
const TIMER = 'fire_';
/** From reading its clock to the commit, a function may take so long. */
const UNDER_WAY_MS_MAX = 900_000;
const KIND_UNDER_WAY_MS_MAX = 10_000;
const DEFECTS_MAX = 50;

export class Observer {
  readonly defects: string[] = [];
  readonly sent: SentCommands;
  readonly threads = new Map<string, Watched>();
  /** What became of each command. */
  readonly outcomes = new Map<string, Outcome>();
  readonly mails: SpecMail[] = [];
  readonly events: SpecEvent[] = [];
  readonly sends: SpecSend[] = [];
  /** In the order in which they were decided, by thread. */
  readonly order = new Map<string, string[]>();
  readonly setAsides: { entry: Entry & { type: 'set-aside' }; sent: Sent }[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.sent = new SentCommands(world);
    world.onCommit = (commit) => this.#look(commit);
  }

  #look(commit: Commit): void {
    const { threadId, expectedSeq, change } = commit;
    const thread = this.threads.get(threadId) ?? watched(threadId);
    this.threads.set(threadId, thread);
    if (expectedSeq !== (thread.folded?.seq ?? 0)) this.#defect(thread, 'was written over');
    const order = decidedIn(commit);
    for (let next = order.shift(); next !== undefined; next = order.shift()) {
      // Of a timer there is no outcome to tell whether it came before or after commands that made no entries.
      const place = order.findIndex(({ entries }) => entries.length > 0);
      const timer = order[place];
      if (timer?.id.startsWith(TIMER) && next.entries.length === 0 && this.#isOutOfPlace(thread, next)) {
        order.splice(place, 1);
        this.#follow(thread, timer);
      }
      this.#follow(thread, next);
    }
    if (change === null) return;
    const { folded } = thread;
    if (JSON.stringify(folded) !== JSON.stringify(change.thread))
      this.#defect(thread, 'has a head that is not its fold');
    if (change.logItem.lastSeq !== folded?.seq) this.#defect(thread, 'has a log item under another number');
  }

  #follow(thread: Watched, decided: Decided): void {
    const { id, outcome, decision, entries } = decided;
    if (this.outcomes.has(id) || this.order.get(thread.id)?.includes(id))
      this.#defect(thread, `${id} was decided twice`);
    if (outcome !== undefined) this.outcomes.set(id, outcome);
    this.order.set(thread.id, [...(this.order.get(thread.id) ?? []), id]);
    const sent = this.sent.get(id);
    if (sent === undefined || sent.lane !== thread.id) {
      this.#defect(thread, `${id} was decided, and nobody had sent it`);
      return;
    }
    const command = this.#commandOf(decided, sent);
    const about = `${command.body.type} ${id}`;
    for (const defect of this.#verdictDefects(thread, decided)) this.#defect(thread, `${about}: ${defect}`);
    const step = this.#stepOf(thread, decided, command);
    const told = tellingAfter(thread, decided, command, step.thread, houseOf(decision?.policy ?? command.policy));
    const found = [
      ...this.#circumstantial(thread, decided, sent),
      ...defectsOfEntries(thread, command, step, entries),
      ...defectsOfOutcome(outcome, step, command),
      ...told.defects,
    ];
    for (const defect of found) this.#defect(thread, `${about}: ${defect}`);
    noteHappenings(this.#world, { thread, decided, command, sent });
    const before = thread.spec;
    const house = houseOf(decision?.policy ?? command.policy);
    for (const entry of entries) takeOn(thread, entry, this.#world.scheduler.now);
    thread.spec = step.thread;
    for (const difference of differences(thread)) this.#defect(thread, `${about}: ${difference}`);
    thread.telling = told.telling;
    this.sends.push(...step.sends);
    const event = eventOf(before, step.thread, entries);
    if (event !== undefined) this.events.push(event);
    const isOutOfTurn = this.#world.interferers.has(id);
    this.mails.push(...told.mails.map((mail) => ({ ...mail, isOutOfTurn })));
    for (const entry of entries) {
      if (entry.type === 'message') this.mails.push(...mailsOf(before, step.thread, command, entry.seq, house));
      this.mails.push(...mailOfLetter(step.thread, entry, thread.entries, house));
      if (entry.type === 'notified') this.mails.push({ ...alertOf(step.thread, entry, house), isOutOfTurn });
    }
  }

  /** Whether something that made no entries cannot have been decided now. */
  #isOutOfPlace(thread: Watched, decided: Decided): boolean {
    const sent = this.sent.get(decided.id);
    if (sent === undefined || this.#verdictDefects(thread, decided).length > 0) return true;
    const command = this.#commandOf(decided, sent);
    const { thread: spec } = this.#stepOf(thread, decided, command);
    const told = tellingAfter(thread, decided, command, spec, houseOf(command.policy));
    return differences({ ...thread, spec }).length + told.defects.length > 0;
  }

  /** The command or, where it was set aside, what stands in for it. */
  #commandOf({ id, decision, entries }: Decided, { command, lane, firstAt }: Sent): Command {
    const setAside = entries.find((entry) => entry.type === 'set-aside');
    const nobody = { kind: 'system', id: 'meanwhile', name: null } as const;
    const known: Command = command ?? {
      ...{ schema: 1, id, business: 'acme', thread: lane, acceptedAt: setAside?.at ?? firstAt, policy: '' },
      ...{ author: nobody, control: 'agent', body: { type: 'dismiss' } },
    };
    // A try that came later may have been accepted under another policy.
    if (setAside?.type !== 'set-aside') return { ...known, policy: decision?.policy ?? known.policy };
    const { reason, payload, payloadKey, waitingSince, customer } = setAside;
    const { redrives, ...rest } = known;
    const body = { type: 'set-aside' as const, reason, payload, payloadKey, waitingSince, customer };
    return { ...rest, ...(redrives === undefined ? {} : { redrives }), body };
  }

  #stepOf({ spec, folded, version }: Watched, { id, outcome, decision, entries }: Decided, command: Command): SpecStep {
    const firedAt = id.startsWith(TIMER) ? entries[0]?.at : undefined;
    const moved = entries.find((entry) => entry.type === 'moved');
    const setAsideSeq = entries.find(({ type }) => type === 'set-aside')?.seq;
    if (outcome?.status === 'rejected') return refused(spec, command, outcome.reason?.code ?? '');
    const house = houseOf(decision?.policy ?? command.policy);
    return carriedOut(spec, command, {
      house,
      ...{ firedAt, version },
      setAsideSeq,
      replyDueAt: replyDueAt(folded, entries, command.acceptedAt),
      movedTo: moved?.type === 'moved' ? moved.to : undefined,
    });
  }

  /** Whether it was refused for a reason, and not refused for none. */
  #verdictDefects(thread: Watched, decided: Decided): string[] {
    const { id, outcome } = decided;
    const sent = this.sent.get(id);
    if (sent === undefined || id.startsWith(TIMER)) return [];
    const command = this.#commandOf(decided, sent);
    const { now, skewMsMax } = this.#world.scheduler;
    const underWayMs = this.#world.regime.isKind ? KIND_UNDER_WAY_MS_MAX : UNDER_WAY_MS_MAX;
    const allowed = [...sent.policies, ...(sent.policies.size === 0 ? [''] : [])].flatMap((policy) =>
      verdicts(thread.spec, command, {
        house: houseOf(policy),
        seq: lastBefore(thread, decided),
        version: thread.version,
        ownerOf: (other) => this.#world.wishes.ownerOf(other) ?? this.threads.get(other)?.spec.customer.id,
        nowMin: now - skewMsMax - underWayMs,
        nowMax: now + skewMsMax,
      }),
    );
    const verdict = outcome?.status === 'rejected' ? (outcome.reason?.code ?? 'for no reason') : 'done';
    return allowed.includes(verdict) ? [] : [`${verdict}, and should be ${allowed.join(' or ')}`];
  }

  /** What can be said only knowing the world: of policies, timers and what was set aside. */
  #circumstantial(thread: Watched, { id, decision, entries }: Decided, sent: Sent): string[] {
    const setAside = entries.find((entry) => entry.type === 'set-aside');
    const poison = this.#world.director.poison.get(id);
    if (setAside?.type === 'set-aside') {
      this.setAsides.push({ entry: setAside, sent });
      return defectsOfSetAside(setAside, sent, poison, this.#world);
    }
    if (poison !== undefined) return ['it was understood'];
    if (id.startsWith(TIMER)) return defectsOfTimer(thread, id, entries, this.#world);
    // A provider tells of a mail also while nobody serves the business.
    const isUnderItsPolicy = decision === undefined || sent.policies.has(decision.policy) || sent.policies.has('');
    return isUnderItsPolicy ? [] : ['it was decided under another policy than it was accepted under'];
  }

  #defect({ id }: Watched, what: string): void {
    if (this.defects.length < DEFECTS_MAX) this.defects.push(`step ${this.#world.scheduler.steps}: ${id} ${what}`);
  }
}

/** The last entry when a command was looked at: what was due before it was accepted has happened by then. */
function lastBefore({ folded }: Watched, { entries }: Decided): number {
  const seen = entries.find(({ type }) => type === 'seen');
  return seen === undefined ? (entries.at(-1)?.seq ?? folded?.seq ?? 0) : seen.seq - 1;
}

function defectsOfOutcome(outcome: Outcome | undefined, { forward, wrote }: SpecStep, command: Command): string[] {
  if (outcome === undefined || outcome.status === 'rejected') return [];
  const { body } = command;
  const status = body.type === 'set-aside' ? 'set-aside' : forward === undefined ? 'done' : 'forwarded';
  const isWritten = wrote === 'message' || wrote === 'note';
  const messageId = isWritten && 'messageId' in body ? body.messageId : undefined;
  return [
    ...(outcome.status === status ? [] : [`its outcome is ${outcome.status}, and should be ${status}`]),
    ...(outcome.forwardedTo?.thread === forward?.thread ? [] : ['it was forwarded to somewhere else']),
    ...(outcome.messageId === messageId ? [] : ['its outcome names another message']),
  ];
}

/** What a commit decided, in order; a timer has no outcome, and what changed nothing has no decision in the log. */
function decidedIn({ change, outcomes }: Commit): Decided[] {
  const logged = (change?.logItem.decisions ?? []).map((decision) => ({
    id: decision.command,
    outcome: outcomes.find(({ command }) => command === decision.command)?.outcome,
    decision,
    entries: entriesOfDecision(decision),
  }));
  const order: Decided[] = [];
  for (const { command: id, outcome } of outcomes) {
    const place = logged.findIndex((decided) => decided.id === id);
    if (place < 0) order.push({ id, outcome, decision: undefined, entries: [] });
    else order.push(...logged.splice(0, place + 1));
  }
  return [...order, ...logged];
}

function houseOf(hash: string): House {
  const [first] = HOUSES;
  const house = HOUSES.find((candidate) => candidate.hash === hash) ?? first;
  if (house === undefined) throw new RangeError('There is a policy.');
  return house;
}
