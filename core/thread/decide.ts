/**
 * `decide`: what a command does to a thread. Pure: the same thread, command and world give the same decision, which
 * is what redelivery, simulation, replay and explanation stand on. Each kind of command is a list of rules, all of
 * which must hold, and what is said when they do.
 */
import type { Command, CommandBody, CommandType } from './command.ts';
import { offer, release } from './decide-assignment.ts';
import { assign, changeStatus, changeTags, setPriority, setSubject, snooze, wake } from './decide-changes.ts';
import { customerTold } from './decide-customer.ts';
import { absorb, completeMerge, merge, refuseMerge } from './decide-merge.ts';
import { customerMessage, customerSolve, note, reply, seen, start } from './decide-messages.ts';
import { rate } from './decide-rating.ts';
import { dismiss, fireTimers, pointOn, recordDelivery, recordMail, refuseMail, setAside } from './decide-system.ts';
import { type Decision, Draft, type World } from './draft.ts';
import type { Reason } from './entry.ts';
import { sendTranscript } from './letters.ts';
import { type Handling, isStillSetAside, versionIsSeen } from './rules.ts';
import { catchUp, settle } from './settle.ts';
import { blankThread, type Thread } from './thread.ts';

const HANDLINGS: { [T in Exclude<CommandType, 'fire-timers'>]: Handling<T> } = {
  start,
  'customer-message': customerMessage,
  'customer-solve': customerSolve,
  'send-transcript': sendTranscript,
  seen,
  rate,
  reply,
  note,
  'set-status': changeStatus,
  'set-priority': setPriority,
  'set-subject': setSubject,
  'change-tags': changeTags,
  assign,
  offer,
  release,
  snooze,
  wake,
  merge,
  absorb,
  'complete-merge': completeMerge,
  'refuse-merge': refuseMerge,
  'point-on': pointOn,
  dismiss,
  'customer-told': customerTold,
  'record-delivery': recordDelivery,
  'record-mail': recordMail,
  'refuse-mail': refuseMail,
  'set-aside': setAside,
};

/** @param thread the thread's head; undefined where nothing was committed yet */
export function decide(thread: Thread | undefined, command: Command, world: World): Decision {
  const draft = new Draft(thread ?? blankThread(command.thread, command.acceptedAt), command, world);
  const { body } = command;
  if (body.type === 'fire-timers') return fireTimers(draft, body);
  catchUp(draft);
  const { rules, apply, refuse } = HANDLINGS[body.type] as unknown as AnyHandling;
  for (const rule of [versionIsSeen, isStillSetAside, ...rules]) {
    const reason = rule(draft, body);
    if (reason === undefined) continue;
    refuse?.(draft, body, reason);
    return draft.rejected(reason);
  }
  apply(draft, body);
  if (command.redrives !== undefined) {
    const type = body.type === 'dismiss' ? 'dismissed' : 'redriven';
    draft.say({ type, setAside: command.redrives });
  }
  settle(draft, command.acceptedAt);
  return draft.done();
}

/** A handling, once its type has been matched with the body's by the table above. */
interface AnyHandling {
  rules: ((draft: Draft, body: CommandBody) => Reason | undefined)[];
  apply: (draft: Draft, body: CommandBody) => void;
  refuse?: (draft: Draft, body: CommandBody, reason: Reason) => void;
}
