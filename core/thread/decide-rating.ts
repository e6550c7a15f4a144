/** Decisions about how content a customer was: from when they were answered until their thread is closed. */
import type { Draft } from './draft.ts';
import type { Reason } from './entry.ts';
import { type Handling, isNotClosed, threadExists } from './rules.ts';
import type { Thread } from './thread.ts';

/** The last word counts, and is all of it: what is said again as it is already is not said twice. */
export const rate: Handling<'rate'> = {
  rules: [threadExists, isNotClosed, isSomethingToRate],
  apply: (draft, { score, comment }) => {
    const { rating } = draft.thread;
    if (rating?.score !== score || rating.comment !== comment) draft.say({ type: 'rating', score, comment });
  },
};

/** Also what was solved without a word: that may be just what somebody has to say. */
export function canBeRated({ answered, status }: Pick<Thread, 'answered' | 'status'>): boolean {
  return answered || status === 'solved';
}

function isSomethingToRate({ thread }: Draft): Reason | undefined {
  if (canBeRated(thread)) return undefined;
  return { code: 'nothing-to-rate', detail: 'Nobody has answered yet, and the thread is not solved.' };
}
