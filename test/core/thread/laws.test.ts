import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueAtOf, timersOf } from '../../../core/thread/armed-timers.ts';
import { decide } from '../../../core/thread/decide.ts';
import type { Decision } from '../../../core/thread/draft.ts';
import { entriesOf, UnknownLogSchema } from '../../../core/thread/entry.ts';
import { fold } from '../../../core/thread/evolve.ts';
import { isVisibleToCustomer } from '../../../core/thread/visibility.ts';
import { aCommand, aReply, aStart, aWorld, DAY, HOUR, MONDAY, Story } from '../../builders.ts';
import { anyBody, history, told } from './histories.ts';

describe('for every history', () => {
  it('the log is gapless and the head is its fold', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, head, id } = told(steps);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
        expect(fold(id, entries)).toEqual(head);
      }),
    );
  });

  it('new never comes back, closed never changes, and what waits is never solved or closed', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, id } = told(steps);
        let wasLeft = false;
        let wasClosed = false;
        for (let length = 1; length <= entries.length; length += 1) {
          const thread = fold(id, entries.slice(0, length));
          if (thread === undefined) continue;
          if (thread.status !== 'new') wasLeft = true;
          expect(thread.status === 'new' && wasLeft && thread.started).toBe(false);
          expect(wasClosed && thread.status !== 'closed').toBe(false);
          wasClosed = thread.status === 'closed';
          if (thread.status === 'solved' && entries[length - 1]?.type === 'change') {
            expect(thread.waitingSince).toBeNull();
          }
          if (thread.status === 'closed') expect(dueAtOf(thread)).toBeNull();
        }
      }),
    );
  });

  it('a customer waits exactly from their oldest message that nobody has answered or solved', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, head } = told(steps);
        let oldest: number | null = null;
        let givenUp: number | null = null; // while the thread is solved, by somebody other than its customer
        for (const entry of entries) {
          if (entry.type === 'message') oldest = entry.author.kind === 'customer' ? (oldest ?? entry.at) : null;
          if (entry.type === 'message' && entry.author.kind !== 'customer') givenUp = null;
          if (entry.type === 'set-aside' && entry.waitingSince !== null)
            oldest = Math.min(oldest ?? entry.at, entry.waitingSince);
          if (entry.type !== 'change' || entry.field !== 'status') continue;
          const isByCustomer = entry.author.kind === 'customer';
          if (entry.to === 'solved') [oldest, givenUp] = [null, isByCustomer ? null : oldest];
          else if (entry.to === 'closed') [oldest, givenUp] = [null, null];
          else {
            if (givenUp !== null && !isByCustomer) oldest = Math.min(oldest ?? givenUp, givenUp);
            givenUp = null;
          }
        }
        expect(head.waitingSince).toBe(oldest);
      }),
    );
  });

  it('the generation moves exactly when the earliest timer does', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, id, head } = told(steps);
        let changes = 0;
        let due: number | null = null;
        for (let length = 1; length <= entries.length; length += 1) {
          const thread = fold(id, entries.slice(0, length));
          const now = thread === undefined ? null : dueAtOf(thread);
          if (now !== due) changes += 1;
          due = now;
        }
        expect(head.generation).toBe(changes);
        expect(timersOf(head).map(({ at }) => at)).toEqual(
          timersOf(head)
            .map(({ at }) => at)
            .sort(),
        );
      }),
    );
  });

  it('no note is visible to the customer, and no mail to them is about one', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const story = new Story();
        story.tell(aStart());
        for (const { body: wish } of steps) {
          const decision = story.tell(wish);
          if (decision.outcome !== 'done') continue;
          const notes = decision.entries.filter(({ type }) => type === 'note').map(({ seq }) => seq);
          const mailed = decision.effects.flatMap((effect) => (effect.type === 'mail' ? [effect.seq] : []));
          expect(mailed.filter((seq) => notes.includes(seq))).toEqual([]);
        }
        expect(JSON.stringify(story.entries.filter(isVisibleToCustomer))).not.toContain('SECRET');
      }),
    );
  });

  it('deciding the same command on the same thread decides the same', () => {
    fc.assert(
      fc.property(history, anyBody, (steps, wish) => {
        const { thread, id } = told(steps);
        const command = aCommand(id, wish);
        expect(decide(thread, command, aWorld())).toEqual(decide(thread, command, aWorld()));
      }),
    );
  });
});

describe('the version', () => {
  it('counts messages, notes and changes by people, and nothing that timers do', () => {
    const story = new Story();
    story.tell(aStart());
    story.tell(aReply({ status: 'solved' }));
    expect(story.head.version).toBe(3);
    story.tell({ type: 'fire-timers', generation: story.head.generation }, { now: MONDAY + 30 * DAY });
    expect(story.head).toMatchObject({ status: 'closed', version: 3 });
  });
});

describe('a log item of a later schema', () => {
  it('is not read as if it were of this one', () => {
    expect(() => entriesOf({ schema: 2 as 1, lastSeq: 1, decisions: [] })).toThrow(UnknownLogSchema);
  });
});

describe('timers', () => {
  it('of another generation are stale, whatever their time', () => {
    const story = new Story();
    story.tell(aStart());
    story.tell({ type: 'snooze', until: MONDAY + HOUR });
    const { generation } = story.head;
    expect(story.tell({ type: 'fire-timers', generation: generation - 1 }, { now: MONDAY + DAY })).toEqual({
      outcome: 'stale',
    });
    story.tell({ type: 'fire-timers', generation }, { now: MONDAY + DAY });
    expect(story.tell({ type: 'fire-timers', generation }, { now: MONDAY + DAY })).toEqual({ outcome: 'stale' });
  });

  it('within the sweep’s horizon are armed by the commit itself', () => {
    const story = new Story();
    story.tell(aStart());
    const timersOf = (decision: Decision) =>
      decision.outcome === 'done' ? decision.effects.filter(({ type }) => type === 'timer') : [];
    const near = story.tell({ type: 'snooze', until: MONDAY + 60_000 });
    expect(timersOf(near)).toEqual([{ type: 'timer', dueAt: MONDAY + 60_000, generation: 1 }]);
    expect(timersOf(story.tell({ type: 'snooze', until: MONDAY + HOUR }))).toEqual([]);
  });
});
