/** Ways to break the letters that nobody writes, and the transcripts that somebody asks for. */
import type { Performance } from '../../../core/ports.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import type { Thread } from '../../../core/thread/thread.ts';
import { HOUR } from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import { itemOf, onThreads, performing, writing } from './broken-ports.ts';
import type { Sabotage } from './sabotage.ts';

/** Transcripts are asked for often. */
const WANTED = { features: { 'transcript wanted': 0.5 } };

export const LETTER_SABOTAGES = {
  'no reminders': () => ({ lane: performing((whole) => without(whole, 'reminder')) }),
  'no questions how content they were': () => ({ lane: performing((whole) => without(whole, 'rating')) }),
  'no transcripts': () => ({ lane: performing((whole) => without(whole, 'transcript')), worlds: WANTED }),
  'letters planned for an hour later': () => ({ lane: writing(later) }),
  'questions asked again after an answer': () => ({
    lane: remembering((thread) => ({ ...thread, ratingAsked: false })),
  }),
  'ratings forgotten': () => ({
    lane: remembering((thread) => ({ ...thread, rating: null })),
    worlds: { features: { 'rating given': 0.5 } },
  }),
  'transcripts whenever they are asked for': () => ({
    lane: remembering((thread) => ({ ...thread, transcript: null })),
    worlds: WANTED,
  }),
  'transcripts that tell notes': () => ({
    delivery: (deps) => {
      const log: typeof deps.threads.log = async (...args) => {
        return (await deps.threads.log(...args)).map((item) => itemOf(item, asMessage));
      };
      return { ...deps, threads: instead(deps.threads, { log }) };
    },
    worlds: WANTED,
  }),
  'transcripts without their first words': () => ({
    delivery: (deps) => {
      const log: typeof deps.threads.log = (id, _after, ...rest) => deps.threads.log(id, 5, ...rest);
      return { ...deps, threads: instead(deps.threads, { log }) };
    },
    worlds: WANTED,
  }),
} satisfies Record<string, () => Sabotage>;

function without(whole: Performance, kind: string): Performance {
  return { ...whole, mails: whole.mails.filter((job) => job.kind !== kind) };
}

function later(entry: Entry): Entry {
  return entry.type === 'letter-planned' ? { ...entry, dueAt: entry.dueAt + HOUR } : entry;
}

/** Remembers otherwise what was written; what is stored is right. */
function remembering(change: (thread: Thread) => Thread) {
  return onThreads((threads) => ({
    load: async (id) => {
      const thread = await threads.load(id);
      return thread && change(thread);
    },
  }));
}

function asMessage(entry: Entry): Entry {
  return entry.type === 'note' ? ({ ...entry, type: 'message' } as Entry) : entry;
}
