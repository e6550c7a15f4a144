/** What carrying out a command does: to its thread, and to other lanes. */
import type { BodyOf, Command, CommandBody, CommandType } from '../../../core/thread/command.ts';
import { bodyOfContent, type Content } from '../../../core/thread/content.ts';
import type { House } from './house.ts';
import { known, noted } from './spec-customer.ts';
import { plans, writes } from './spec-letters.ts';
import { absorbed, asks, mergeCompleted, refusesMerge } from './spec-merge.ts';
import { answers, closes, moves, promises, type SpecThread, solves, stirs, tagsAfter, waits } from './spec-thread.ts';

/** A command for another lane, as it must come there but for its id. */
export type SpecSend = Omit<Command, 'id'>;

export interface SpecStep {
  thread: SpecThread;
  sends: SpecSend[];
  /** The command whose outcome is this one's; it is among the sends. */
  forward: SpecSend | undefined;
  /** The message that became an entry of this thread, and the one that moved on. */
  wrote: 'message' | 'note' | 'moved' | undefined;
  /** What was written to the customer that nobody wrote. */
  letter: { letter: 'reminder' | 'rating'; since?: number | null } | undefined;
}

export interface SpecFacts {
  house: House;
  /** The thread that is founded where the message moves on, as the log names it. */
  movedTo: string | undefined;
  /** The number of the entry that keeps what was set aside. */
  setAsideSeq: number | undefined;
  /** When the clock of the reply is due that runs then, as the log has it; undefined where it is late, or none. */
  replyDueAt: number | undefined;
  /** The instant for which the clock of a timer stood. */
  firedAt: number | undefined;
  /** How often people had changed it. */
  version: number;
}

type Doing<T extends CommandType> = (step: SpecStep, body: BodyOf<T>, command: Command, facts: SpecFacts) => void;

const DOINGS: { [T in CommandType]: Doing<T> } = {
  start: (step, body, command, facts) => {
    if (step.thread.status === 'closed') movesOn(step, { ...body, movedFrom: undefined }, body, command, facts);
    else begins(step, body, command, facts);
  },
  'customer-message': (step, body, command, facts) => {
    const { thread } = step;
    if (thread.status === 'closed') {
      movesOn(step, body, thread, command, facts);
      return;
    }
    thread.customer = noted(thread.customer, body.customer);
    customerWrites(step, command, facts);
  },
  'customer-solve': ({ thread }, _body, command, { house }) => solves(thread, command.acceptedAt, true, house),
  seen: ({ thread }, { upTo }) => {
    thread.seenSeq = Math.max(thread.seenSeq, upTo);
  },
  reply: (step, { status }, command, { house }) => {
    step.wrote = 'message';
    answers(step.thread, command.acceptedAt);
    if (status !== undefined) sets(step.thread, status, command, house);
    else if (step.thread.status === 'new') moves(step.thread, 'open', false);
  },
  note: (step) => {
    step.wrote = 'note';
  },
  'set-status': ({ thread }, { status }, command, { house }) => sets(thread, status, command, house),
  'set-priority': ({ thread }, { priority }) => {
    thread.priority = priority;
  },
  'set-subject': ({ thread }, { subject }) => {
    thread.subject = subject;
  },
  'change-tags': ({ thread }, body) => {
    thread.tags = tagsAfter(thread.tags, body);
  },
  assign: ({ thread }, { team, assignee }, _command, { house }) => {
    if (team !== undefined) thread.team = team;
    const { assignee: owner } = thread;
    if (assignee !== undefined) thread.assignee = assignee;
    else if (owner !== null && thread.team !== null && !isIn(owner, thread.team, house)) thread.assignee = null;
  },
  offer: ({ thread }, { agent }) => {
    thread.assignee = agent;
  },
  release: ({ thread }) => {
    thread.assignee = null;
  },
  snooze: ({ thread }, { until }) => {
    thread.snooze = { until };
  },
  wake: ({ thread }) => {
    thread.snooze = null;
  },
  dismiss: () => {},
  rate: ({ thread }, { score, comment }, { acceptedAt: at }) => {
    const isSaidAgain = thread.rating?.score === score && thread.rating.comment === comment;
    if (isSaidAgain) return;
    thread.rating = { score, comment, at };
    // Who has said it need not be asked.
    if (thread.letter?.kind === 'rating') thread.letter = null;
  },
  merge: (step, { into, intoVersion }, command) => {
    step.thread.mergingInto = into;
    step.thread.lateSince = null;
    step.forward = asks(step, into, step.thread.waitingSince, command);
    if (intoVersion !== undefined) step.forward.ifMatch = intoVersion;
  },
  absorb: (step, body, command) => absorbed(step, body, command),
  'complete-merge': (step, { into }, command) => mergeCompleted(step, into, command),
  'refuse-merge': ({ thread }) => {
    thread.mergingInto = null;
    thread.lateSince = null;
  },
  'point-on': ({ thread }, { to }) => {
    if (to !== thread.id) thread.followUp = to;
  },
  'fire-timers': (step, _body, _command, { firedAt = 0 }) => {
    const { thread } = step;
    writes(step, firedAt);
    const { snooze, closeAt } = thread;
    if (snooze?.until != null && snooze.until <= firedAt) thread.snooze = null;
    if (closeAt !== null && closeAt <= firedAt && thread.status === 'solved') closes(thread);
  },
  'set-aside': ({ thread }, { waitingSince, customer }, _command, { setAsideSeq }) => {
    if (thread.customer.id === '' && customer !== null) thread.customer = customer;
    if (setAsideSeq !== undefined) thread.setAsides.push(setAsideSeq);
    if (waitingSince === null) return;
    waits(thread, waitingSince);
    stirs(thread, false);
  },
  'customer-told': ({ thread }, { customer }) => {
    thread.customer = noted(thread.customer, customer);
  },
  'send-transcript': ({ thread }, _body, { acceptedAt }, { version }) => {
    thread.transcript = { at: acceptedAt, version };
  },
  ...{ 'record-delivery': () => {}, 'record-mail': () => {}, 'refuse-mail': () => {} },
};

/** What becomes of a thread when a command is carried out. */
export function carriedOut(before: SpecThread, command: Command, facts: SpecFacts): SpecStep {
  const thread = structuredClone(before);
  thread.exists = true;
  const step: SpecStep = { thread, sends: [], forward: undefined, wrote: undefined, letter: undefined };
  const doing = DOINGS[command.body.type] as Doing<CommandType>;
  doing(step, command.body as BodyOf<CommandType>, command, facts);
  if (command.redrives !== undefined) {
    thread.setAsides = thread.setAsides.filter((seq) => seq !== command.redrives);
    // A closed thread waits for nothing but that somebody sees to what was set aside there.
    if (thread.status === 'closed' && thread.setAsides.length === 0) thread.waitingSince = null;
  }
  plans(before, step, command, facts.house);
  return step;
}

/** What a refusal still tells another lane. */
export function refused(before: SpecThread, command: Command, code: string): SpecStep {
  const step: SpecStep = { thread: before, sends: [], forward: undefined, wrote: undefined, letter: undefined };
  if (command.body.type === 'absorb') refusesMerge(step, command.body, command, code);
  return step;
}

function begins(step: SpecStep, body: BodyOf<'start'>, command: Command, facts: SpecFacts): void {
  const { thread } = step;
  const { author } = command;
  const { customer, subject, topic, urgency, attributes, team, followUpOf, content } = body;
  Object.assign(thread, { customer, topic, urgency, attributes, followUpOf, started: true, assignee: null });
  thread.subject = subject ?? firstWords(content);
  thread.team = team ?? facts.house.teamForTopic(topic);
  if (author.kind === 'agent') {
    Object.assign(thread, { assignee: author.id, status: 'pending', closeAt: null });
    step.wrote = 'message';
    answers(thread, command.acceptedAt);
  } else customerWrites(step, command, facts);
}

function customerWrites(step: SpecStep, command: Command, { house, replyDueAt }: SpecFacts): void {
  const { thread } = step;
  const { acceptedAt, expectedReplyAt } = command;
  step.wrote = 'message';
  thread.letter = null;
  waits(thread, acceptedAt);
  stirs(thread, true);
  const usual = () => replyDueAt ?? house.repliesBy(thread.team, waiting(thread), acceptedAt);
  promises(thread, expectedReplyAt === undefined ? usual() : expectedReplyAt, acceptedAt);
}

function waiting({ answered }: SpecThread): 'first' | 'next' {
  return answered ? 'next' : 'first';
}

function sets(thread: SpecThread, status: BodyOf<'set-status'>['status'], command: Command, house: House): void {
  if (status === 'solved') solves(thread, command.acceptedAt, command.author.kind === 'customer', house);
  else moves(thread, status, command.author.kind === 'customer');
}

/** To where the thread goes on; the thread that was written to learns of it. */
function movesOn(
  step: SpecStep,
  message: Omit<BodyOf<'customer-message'>, 'type'>,
  about: Pick<BodyOf<'start'>, 'subject' | 'topic' | 'urgency' | 'attributes' | 'team'>,
  command: Command,
  facts: SpecFacts,
): void {
  const { thread } = step;
  const { messageId, channel, content, movedFrom } = message;
  const existing = thread.mergedInto ?? thread.followUp;
  const to = existing ?? facts.movedTo ?? 'a thread that the log does not name';
  step.wrote = 'moved';
  if (thread.mergedInto === null) thread.followUp = to;
  if (movedFrom !== undefined) step.sends.push(sent(command, movedFrom, { type: 'point-on', to }, SYSTEM));
  const moving = { messageId, channel, content };
  const { subject, topic, urgency, attributes, team } = about;
  const customer = known(thread.customer, message.customer);
  const body: CommandBody =
    existing === null
      ? { type: 'start', ...moving, customer, subject, topic, urgency, attributes, team, followUpOf: thread.id }
      : { type: 'customer-message', ...moving, customer: message.customer, movedFrom: movedFrom ?? thread.id };
  const { expectedReplyAt } = command;
  step.forward = {
    ...sent(command, to, body, command.author),
    ...(expectedReplyAt === undefined ? {} : { expectedReplyAt }),
  };
  step.sends.push(step.forward);
}

const SYSTEM = { kind: 'system', id: 'meanwhile', name: null } as const;

/** A command that follows from another: accepted when that was, under the same policy. */
export function sent(cause: Command, thread: string, body: CommandBody, author: Command['author']): SpecSend {
  const { business, acceptedAt, policy, control } = cause;
  return { schema: 1, business, thread, acceptedAt, policy, author, control, body };
}

function isIn(agent: string, team: string, house: House): boolean {
  // A team that there is not any more keeps nobody.
  return house.hasTeam(team) && house.team(team).agents.includes(agent);
}

/** The first words that fit into 60 characters. */
function firstWords(content: Content): string {
  const { text, html } = bodyOfContent(content);
  const words = (text ?? (html ?? '').replace(/<[^>]*>/g, '')).trim();
  if (words.length <= 60) return words;
  return `${words.slice(0, words.lastIndexOf(' ', 60))}…`;
}
