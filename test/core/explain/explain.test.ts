/** What an explanation says adds up, whatever happened to the thread. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../core/explain/explain.ts';
import { hoursOf } from '../../../core/sla/deadline.ts';
import { chooseTarget } from '../../../core/sla/keep-clocks.ts';
import { entriesOf } from '../../../core/thread/entry.ts';
import { evolve, fold } from '../../../core/thread/evolve.ts';
import { blankThread } from '../../../core/thread/thread.ts';
import { aCustomerMessage, aPolicy, aReply, aStart, HOUR, MINUTE, MONDAY, Story } from '../../builders.ts';
import { history, live } from '../../support/histories.ts';
import { TimedStory } from '../../support/timed-story.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 60);

describe('the arithmetic of a deadline', () => {
  it('is the sum of what counted, none of it paused, and what is left of what was allowed', () => {
    let left = 0;
    fc.assert(
      fc.property(history, fc.nat(), fc.nat({ max: 600 }), (lived, some, minutes) => {
        const story = live({ ...lived, change: Number.POSITIVE_INFINITY });
        const { policy } = story;
        const count = 1 + (some % story.log.length);
        const log = story.log.slice(0, count);
        const head = fold(story.id, log.flatMap(entriesOf)) ?? story.head;
        const until = story.log[count]?.decisions[0]?.at ?? Number.POSITIVE_INFINITY;
        const now = Math.min(head.updatedAt + minutes * MINUTE, until);
        for (const deadline of explain(head, log, () => policy, now).deadlines) {
          const { metric, counted, pauses, startedAt, countedUntil, elapsedMs, remainingMs, dueAt, target } = deadline;
          expect(countedUntil).toBeLessThanOrEqual(now);
          for (const { from, to } of counted) {
            expect(from).toBeGreaterThanOrEqual(startedAt);
            expect(to).toBeLessThanOrEqual(countedUntil);
            for (const pause of pauses) expect(to <= pause.from || from >= (pause.to ?? Infinity)).toBe(true);
          }
          if (counted.length < 50) expect(counted.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(elapsedMs);
          const what = policy.source.sla.find(({ id }) => id === target)?.metrics[metric];
          if (what === undefined || deadline.state !== 'running' || Number(remainingMs) <= 0) continue;
          expect(hoursOf({ target, metric, what }, head, policy).elapsed(countedUntil, dueAt ?? 0)).toBe(remainingMs);
          left += 1;
        }
      }),
      { numRuns: HISTORIES },
    );
    expect(left).toBeGreaterThan(HISTORIES / 10);
  });
});

describe('who was told of a message', () => {
  it('is said with it, or with what came of it', () => {
    const story = new TimedStory(aPolicy());
    story.tell(aStart());
    story.tell(aCustomerMessage(), { now: MONDAY + 1_000 });
    story.passTo(MONDAY + MINUTE);
    const texts = explain(story.head, story.log, () => story.policy, story.now).entries.map(({ text }) => text);
    expect(texts.filter((text) => text.includes('told') || text.includes('wrote'))).toEqual([
      'The customer wrote, and team:support was told at once.',
      'The customer wrote.',
      'team:support is to be told at 2026-11-23T11:01:00.000Z of what was written since entry 4, ' +
        'if it is not answered by then.',
      'team:support was told of what was written since entry 4.',
    ]);
  });
});

describe('what targets were chosen by', () => {
  it('is found again, as it was when they were', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live({ ...lived, change: Number.POSITIVE_INFINITY });
        let thread = blankThread(story.id, MONDAY);
        for (const entry of story.entries) {
          if (entry.type === 'sla' && 'target' in entry) {
            expect(chooseTarget(thread, story.policy, entry.at).target?.id).toBe(entry.target);
          }
          thread = evolve(thread, entry);
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('is told with the clock: what each condition found until one held', () => {
    const metrics = { 'first-reply': { within: '1h' } };
    const policy = aPolicy({
      sla: [
        { id: 'vip', when: { segment: ['vip'] }, metrics },
        { id: 'hurried', when: { urgency: ['high'] }, metrics },
        { id: 'all', when: { topic: ['never'] }, metrics },
      ],
    });
    const story = new Story();
    story.tell(aStart({ urgency: 'high' }), { policy });
    const told = (log = story.log) =>
      explain(story.head, log, () => policy, MONDAY).entries.filter(({ rule }) => rule === 'sla/hurried');
    expect(told()[0]).toMatchObject({ inputs: { segment: null, urgency: 'high' }, policy: policy.hash });
    story.tell(aReply(), { policy, now: MONDAY + HOUR });
    // Without its beginning nobody knows what the thread was like.
    expect(told(story.log.slice(1)).every(({ inputs }) => inputs === null)).toBe(true);
  });
});
