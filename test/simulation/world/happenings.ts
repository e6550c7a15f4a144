/** How often each interesting thing happened: so that nothing silently stops happening. */

export const HAPPENINGS = [
  'commits in conflict',
  'commits of duplicates',
  'commits too large',
  'set aside as unreadable',
  'set aside by a defect',
  'set aside as too large',
  'redrives done',
  'dismissals',
  'follow-ups',
  'messages moved on',
  'threads pointed on',
  'merges requested',
  'merges completed',
  'merges refused',
  'merges asked again',
  'merges sent on',
  'takeovers of threads',
  'threads given',
  'threads released',
  'offers refused',
  'pools counted anew',
  'records told of',
  'records told of too late',
  'decisions rejected',
  'decisions under an older policy',
  'policy changes',
  'times not served',
  'messages left to a later version',
  'timers fired',
  'timers early',
  'rules on time',
  'letters planned',
  'reminders written',
  'ratings asked for',
  'transcripts sent',
  'transcripts refused',
  'deadlines warned of',
  'deadlines breached',
  'deadlines told of again',
  'clocks paused',
  'clocks moved',
  'claims taken over',
  'claims refused',
  'mails refused',
  'mails abandoned',
  'mails sent twice',
  'mails bounced',
  'replays answered',
  'keys reused for another request',
  'keys reused after a day',
  'sends taken in part',
  'messages taken twice',
  'long bodies',
  'attachments moved on',
  'writes by another writer',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

export class Happenings {
  readonly counts = Object.fromEntries(HAPPENINGS.map((name) => [name, 0])) as Record<Happening, number>;

  note(what: Happening, times = 1): void {
    this.counts[what] += times;
  }
}
