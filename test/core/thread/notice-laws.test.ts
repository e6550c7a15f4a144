import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, CommandBody } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { ANA, aCustomerMessage, aReply, aStart, BEN, MINUTE, MONDAY } from '../../builders.ts';
import { Noted, SECOND } from '../../support/noted-story.ts';

const ANAS: CommandBody = { type: 'assign', assignee: 'ana', takeOver: false };
const MAIL = { channel: 'email' } as const;

/** What may happen in a thread, and after how many seconds. */
const happening = fc.record({
  afterSeconds: fc.integer({ min: 0, max: 400 }),
  what: fc.constantFrom<[body: () => CommandBody, by?: Command['author']]>(
    [aCustomerMessage],
    [aCustomerMessage],
    [aCustomerMessage],
    [() => aCustomerMessage(MAIL)],
    [() => ({ type: 'customer-solve' })],
    [aReply, ANA],
    [() => aReply(MAIL), BEN],
    [() => ANAS, ANA],
    [() => ({ type: 'assign', assignee: 'ben', takeOver: true }), ANA],
    [() => ({ type: 'assign', team: 'billing', assignee: null, takeOver: true }), ANA],
    [() => ({ type: 'change-tags', add: ['x'], remove: [] }), BEN],
    [() => ({ type: 'set-status', status: 'solved' }), ANA],
    [() => ({ type: 'snooze', until: null }), ANA],
  ),
});
const policies = fc.record({
  digestMinutes: fc.constantFrom(0, 1, 5),
  firstWaits: fc.boolean(),
  onThreadMinutes: fc.constantFrom(0, 5),
});

describe('laws of notices', () => {
  const numRuns = Number(process.env['HISTORIES'] ?? 200);

  it('each message is told of once, if its customer still waits, and nobody is told again within the minute', () => {
    fc.assert(
      fc.property(policies, fc.array(happening, { maxLength: 30 }), (notices, happenings) => {
        const story = new Noted(notices);
        story.tell(aStart());
        let now = MONDAY;
        for (const { afterSeconds, what } of happenings) {
          now += afterSeconds * SECOND;
          story.tell(what[0](), { now, ...(what[1] === undefined ? {} : { author: what[1] }) });
        }
        story.passTo(now + 24 * 60 * MINUTE);
        const told = story.notices.flatMap(({ of }) => of);
        expect(new Set(told).size).toBe(told.length);
        for (const seq of story.written.filter((one) => !told.includes(one))) expectEnded(story, seq);
        expect(story.head.notice).toBeNull();
        story.notices.forEach((notice, index) => {
          const next = story.notices[index + 1];
          if (next === undefined || disturbances(story).some((at) => at > notice.at && at < next.at)) return;
          expect(next.after - notice.after).toBeGreaterThanOrEqual(60 * notices.digestMinutes);
        });
      }),
      { numRuns },
    );
  });
});

/** Entries by which the customer waits no more, or somebody else has the thread. */
function disturbances({ entries }: Noted): number[] {
  return entries.flatMap((entry) => {
    const isAnswer = entry.type === 'message' && entry.author.kind === 'agent';
    const isChange = entry.type === 'change' && ['status', 'team', 'assignee'].includes(entry.field);
    return isAnswer || isChange ? entry.seq : [];
  });
}

/** After it, somebody answered or nothing was wanted any more. */
function expectEnded({ entries }: Noted, seq: number): void {
  const ends = (entry: Entry) =>
    (entry.type === 'message' && entry.author.kind === 'agent') ||
    (entry.type === 'change' && entry.field === 'status' && entry.to === 'solved');
  expect(entries.some((entry) => entry.seq > seq && ends(entry))).toBe(true);
}
