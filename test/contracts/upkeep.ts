/** What every audit and every set of dead letters does. */
import { describe, expect, it } from 'vitest';
import type { ThreadStore } from '../../core/ports.ts';
import { type Audit, verify } from '../../core/upkeep/audit.ts';
import type { DeadLetter, DeadLetters, QueueName } from '../../core/upkeep/dead-letters.ts';
import { aCommand, aCustomerMessage, aReply, aStart, aThreadId } from '../builders.ts';
import { eventually } from '../support/eventually.ts';
import { TestLane } from '../support/lane.ts';

export interface AuditHarness {
  threads: ThreadStore;
  audit: Audit;
  /** Breaks what is stored of a thread, as no code of the product would. */
  damage: {
    loseHead(threadId: string): Promise<void>;
    /** Of the head alone. */
    changeSubject(threadId: string, subject: string): Promise<void>;
    /** What lists find the head by. */
    changeTeam(threadId: string): Promise<void>;
    loseLogItem(threadId: string, lastSeq: number): Promise<void>;
  };
}

export function auditContract(name: string, make: () => Promise<AuditHarness>): void {
  /** A store with a thread that has lived a little, and one that has just begun. */
  async function setUp() {
    const harness = await make();
    const lane = new TestLane({ threads: harness.threads });
    const thread = aThreadId();
    await lane.run(aCommand(thread, aStart()), aCommand(thread, aReply({ status: 'solved' })));
    await lane.run(aCommand(thread, aCustomerMessage()));
    await lane.run(aCommand(aThreadId('c2'), aStart()));
    const log = await harness.threads.log(thread, 0, 100);
    return { ...harness, thread, log, head: await harness.threads.load(thread) };
  }

  describe(`${name} as an audit`, () => {
    it('finds nothing in what the product stored', async () => {
      const { audit } = await setUp();
      expect(await verify(audit, false)).toEqual({ threads: 2, findings: [], repaired: 0, passedOver: 0 });
    });

    it.each([
      ['a head that is lost', 'loseHead', 'has a log, and no head'],
      ['a head that was changed', 'changeSubject', 'has a head that is not what its log makes'],
      ['a head that lists look for elsewhere', 'changeTeam', 'is found by what it is not'],
    ] as const)('finds %s, and repairs it only on request', async (_what, damage, problem) => {
      const { audit, threads, thread, head, damage: break_ } = await setUp();
      await break_[damage](thread, 'Changed');
      const checked = await verify(audit, false);
      expect(checked).toMatchObject({ findings: [{ thread }], repaired: 0 });
      expect(checked.findings[0]?.problem).toContain(problem);
      expect(await verify(audit, true)).toMatchObject({ findings: [{ thread }], repaired: 1 });
      expect(await threads.load(thread)).toEqual(head);
      expect(await verify(audit, false)).toMatchObject({ threads: 2, findings: [] });
    });

    it('finds a log that lost an entry, and leaves alone what nothing can mend', async () => {
      const { audit, damage, thread, log } = await setUp();
      await damage.loseLogItem(thread, log[0]?.lastSeq ?? 0);
      const report = await verify(audit, true);
      expect(report).toMatchObject({
        findings: [{ thread, problem: 'has a gap in its log after entry 0' }],
        repaired: 0,
      });
    });
  });
}

export interface DeadLettersHarness {
  letters: DeadLetters;
  /** Puts a message where those end that failed for good. */
  bury(queue: QueueName, lane: string, body: string): Promise<void>;
  /** Bodies on the queue itself, in order. */
  queued(queue: QueueName): Promise<string[]>;
}

export function deadLettersContract(name: string, make: () => Promise<DeadLettersHarness>): void {
  const LANE = 'thr_acme_1';
  async function setUp() {
    const harness = await make();
    for (const body of ['"first"', '"second"']) await harness.bury('commands', LANE, body);
    const seen = async (): Promise<DeadLetter[]> => {
      const all: DeadLetter[] = [];
      await harness.letters.walk('commands', async (letter) => {
        all.push(letter);
        return 'leave';
      });
      return all;
    };
    return { ...harness, seen };
  }

  describe(`${name} as dead letters`, () => {
    it('counts and shows them, in order, and leaves them where they are', async () => {
      const { letters, seen } = await setUp();
      await eventually(async () => expect((await letters.counts()).commands).toBe(2));
      const shown = await seen();
      expect(shown).toMatchObject([
        { lane: LANE, body: '"first"' },
        { lane: LANE, body: '"second"' },
      ]);
      expect(shown.every(({ reason, at }) => reason !== '' && at > 0)).toBe(true);
      await eventually(async () => expect((await seen()).map(({ id }) => id)).toEqual(shown.map(({ id }) => id)));
    });

    it('brings them back onto their queue, in order', async () => {
      const { letters, seen, queued } = await setUp();
      await letters.walk('commands', async () => 'redrive');
      expect(await seen()).toEqual([]);
      await eventually(async () => expect(await queued('commands')).toEqual(['"first"', '"second"']));
    });

    it('takes away what is not wanted, and nothing else', async () => {
      const { letters, seen, queued } = await setUp();
      await letters.walk('commands', async ({ body }) => (body === '"first"' ? 'discard' : 'leave'));
      await eventually(async () => expect((await seen()).map(({ body }) => body)).toEqual(['"second"']));
      expect(await queued('commands')).toEqual([]);
    });

    it('has a letter still where somebody stopped looking', async () => {
      const { letters, seen } = await setUp();
      const stop = new Error('stop');
      await expect(letters.walk('commands', () => Promise.reject(stop))).rejects.toThrow(stop);
      await eventually(async () => expect((await seen()).map(({ body }) => body)).toEqual(['"first"', '"second"']));
    });
  });
}
