/** Histories at random, under policies at random: what must hold of every clock and promise, whatever happens. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../core/sla/metric.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { fold } from '../../../core/thread/evolve.ts';
import { MINUTE, MONDAY } from '../../builders.ts';
import { history, live } from '../../support/histories.ts';
import type { TimedStory } from '../../support/timed-story.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 150);

function clocksIn(story: TimedStory): Map<string, (Entry & { type: 'sla' })[]> {
  const clocks = new Map<string, (Entry & { type: 'sla' })[]>();
  for (const entry of story.slaEntries) {
    const key = `${entry.metric} ${entry.instance}`;
    clocks.set(key, [...(clocks.get(key) ?? []), entry]);
  }
  return clocks;
}

describe('whatever happens to a thread', () => {
  it('each clock starts once, ends at most once, and nothing of it fires twice or out of order', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live(lived);
        for (const [, entries] of clocksIn(story)) {
          const events = entries.map(({ event }) => event);
          expect(events[0]).toBe('started');
          expect(events.filter((event) => event === 'started')).toHaveLength(1);
          expect(events.filter((event) => event === 'breached').length).toBeLessThanOrEqual(1);
          const ends = events.filter((event) => event === 'fulfilled' || event === 'cancelled');
          expect(ends.length).toBeLessThanOrEqual(1);
          if (ends.length > 0) expect(['fulfilled', 'cancelled']).toContain(events.at(-1));
          const breach = events.indexOf('breached');
          if (breach >= 0) expect(events.slice(breach)).not.toContain('warned');
          const pauses = events.filter((event) => event === 'paused' || event === 'resumed');
          expect(pauses).toEqual(pauses.map((_, index) => (index % 2 === 0 ? 'paused' : 'resumed')));
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('of each metric one clock runs at a time, and instances count up', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const running = new Map<Metric, number>();
        const last = new Map<Metric, number>();
        for (const { metric, instance, event } of live(lived).slaEntries) {
          if (event === 'started') {
            expect(running.has(metric)).toBe(false);
            expect(instance).toBe((last.get(metric) ?? 0) + 1);
            last.set(metric, instance);
            running.set(metric, instance);
          } else expect(running.get(metric)).toBe(instance);
          if (event === 'fulfilled' || event === 'cancelled') running.delete(metric);
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('a deadline that has passed is breached by then: no clock that runs is late and silent', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live(lived);
        for (const { dueAt, breachedAt, endedAt, nextAt } of story.head.clocks) {
          if (endedAt !== null || dueAt === null) continue;
          expect(breachedAt !== null || dueAt > story.now).toBe(true);
          expect(nextAt === null || nextAt > story.now).toBe(true);
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('a deadline leaves as much open time as its target gives, pauses left out', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live(lived);
        for (const clock of story.head.clocks) {
          const what = story.policy.source.sla.find(({ id }) => id === clock.target)?.metrics[clock.metric];
          if (what === undefined || clock.dueAt === null || clock.endedAt !== null || what.within.endsWith('d'))
            continue;
          const hours = story.policy.calendar(what.calendar) ?? story.policy.teamOrDefault(story.head.team).hours;
          const ms = Number.parseInt(what.within, 10) * (what.within.endsWith('h') ? 60 : 1) * MINUTE;
          expect(hours.elapsed(clock.startedAt, clock.dueAt, clock.pauses)).toBe(ms);
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('a breach comes at its instant, when everything fires in time', () => {
    fc.assert(
      fc.property(history, (lived) => {
        for (const entry of live(lived).slaEntries) {
          if (entry.event !== 'breached') continue;
          // Where a change made it due in the past, it is breached at that change.
          expect(entry.at).toBeGreaterThanOrEqual(entry.dueAt ?? 0);
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  it('the head is the fold of the log, and no rule of its own', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live(lived);
        expect(fold(story.id, story.entries)).toEqual(story.head);
      }),
      { numRuns: HISTORIES },
    );
  });

  it('no promise is later than the deadline of the reply that it is made with', () => {
    fc.assert(
      fc.property(history, (lived) => {
        const story = live(lived);
        let due: number | null = null;
        for (const entry of story.entries) {
          if (entry.type === 'sla' && entry.metric.endsWith('-reply')) {
            if ('dueAt' in entry) due = entry.dueAt;
            if (entry.event === 'fulfilled' || entry.event === 'cancelled' || entry.event === 'paused') due = null;
          }
          if (entry.type === 'promise' && due !== null && due >= entry.at) {
            expect(entry.expectedReplyAt).toBeLessThanOrEqual(due);
          }
        }
        expect(story.now).toBeGreaterThan(MONDAY);
      }),
      { numRuns: HISTORIES },
    );
  });
});
