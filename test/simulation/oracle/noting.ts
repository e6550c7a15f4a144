/** Notes the interesting things that a decision did. */
import type { Command } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { Happening } from '../world/happenings.ts';
import type { World } from '../world/world.ts';
import type { Decided } from './observer.ts';
import type { Sent } from './sent-commands.ts';
import type { Watched } from './watched.ts';

interface Noted {
  thread: Watched;
  decided: Decided;
  command: Command;
  sent: Sent;
}

const SET_ASIDE: Record<string, Happening> = {
  unreadable: 'set aside as unreadable',
  defect: 'set aside by a defect',
  'too-large': 'set aside as too large',
};
const MERGE: Record<string, Happening> = {
  requested: 'merges requested',
  completed: 'merges completed',
  refused: 'merges refused',
};

export function noteHappenings({ happenings, policies }: World, noted: Noted): void {
  const { decided, command, thread } = noted;
  const { outcome, decision, entries } = decided;
  if (outcome?.status === 'rejected') happenings.note('decisions rejected');
  const current = policies.current('acme')?.hash;
  if (decision !== undefined && current !== undefined && decision.policy !== current) {
    happenings.note('decisions under an older policy');
  }
  if (command.body.type === 'fire-timers') happenings.note('timers fired');
  if (command.body.type === 'absorb' && outcome?.status === 'forwarded') happenings.note('merges sent on');
  if (command.body.type === 'assign' && thread.spec.assignee !== null && takesOver(noted)) {
    happenings.note('takeovers of threads');
  }
  if (command.body.type === 'start' && command.body.followUpOf !== null) happenings.note('follow-ups');
  if (command.body.type === 'release' && outcome?.status === 'done') happenings.note('threads released');
  if (command.body.type === 'offer' && outcome?.status === 'rejected') happenings.note('offers refused');
  if (command.body.type === 'send-transcript' && outcome?.status === 'rejected') {
    happenings.note('transcripts refused');
  }
  if (command.body.type === 'rate' && outcome?.status === 'rejected') happenings.note('ratings refused');
  if (command.body.type === 'customer-told' && outcome?.status === 'done') {
    const isLate = (command.body.customer.record ?? 0) < (thread.spec.customer.record ?? 0);
    happenings.note(isLate ? 'records told of too late' : 'records told of');
  }
  for (const entry of entries) {
    const what = happeningOf(entry);
    if (what !== undefined) happenings.note(what);
  }
}

function takesOver({ thread, decided, command }: Noted): boolean {
  const { assignee } = thread.spec;
  return decided.entries.some(
    (entry) => entry.type === 'change' && entry.field === 'assignee' && assignee !== command.author.id,
  );
}

const NOTICES: Record<string, Happening> = {
  'notice-planned': 'notices that wait',
  notice: 'notices of what waited',
  'notice-off': 'notices left out',
};

const CLOCKS: Partial<Record<(Entry & { type: 'sla' })['event'], Happening>> = {
  warned: 'deadlines warned of',
  breached: 'deadlines breached',
  repeated: 'deadlines told of again',
  paused: 'clocks paused',
  moved: 'clocks moved',
};

function happeningOf(entry: Entry): Happening | undefined {
  if (entry.type === 'sla') return CLOCKS[entry.event];
  if (entry.type === 'set-aside') return SET_ASIDE[entry.reason.code];
  if (entry.type in NOTICES) return NOTICES[entry.type];
  if (entry.type === 'letter-planned') return 'letters planned';
  if (entry.type === 'letter') return entry.letter === 'reminder' ? 'reminders written' : 'ratings asked for';
  if (entry.type === 'transcript') return 'transcripts sent';
  if (entry.type === 'rating') return 'ratings given';
  if (entry.type === 'rule') return 'rules on time';
  if (entry.type === 'assigned') return 'threads given';
  if (entry.type === 'redriven') return 'redrives done';
  if (entry.type === 'dismissed') return 'dismissals';
  if (entry.type === 'moved') return 'messages moved on';
  if (entry.type === 'pointed-on') return 'threads pointed on';
  if (entry.type !== 'merge') return undefined;
  return entry.cause.rule === 'customer-wrote-meanwhile' ? 'merges asked again' : MERGE[entry.phase];
}
