/** What every thread store does. */
import { describe, expect, it } from 'vitest';
import type { ThreadStore } from '../../core/ports.ts';
import type { Commit, Outcome } from '../../core/thread/commit.ts';
import { aThreadId } from '../builders.ts';
import { aCommit, aFounding, aHead, commandId, DONE } from './commits.ts';
import { dueContract, listContract } from './thread-lists.ts';

export function threadStoreContract(name: string, make: () => Promise<ThreadStore>): void {
  describe(`${name} as a thread store`, () => {
    it('has nothing of what was never committed', async () => {
      const store = await make();
      expect(await store.load(aThreadId())).toBeUndefined();
      expect(await store.outcome(aThreadId(), commandId())).toBeUndefined();
      expect(await store.logItem(aThreadId(), 1)).toBeUndefined();
      expect(await store.log(aThreadId(), 0, 10)).toEqual([]);
    });

    it('gives back head, log item and outcome of a commit', async () => {
      const store = await make();
      const thread = aHead({ id: aThreadId(), subject: 'Ümläut 😀', tags: ['a'] });
      const commit = aCommit(thread);
      expect(await store.commit(commit)).toEqual({ result: 'committed' });
      expect(await store.load(thread.id)).toEqual(thread);
      expect(await store.log(thread.id, 0, 10)).toEqual([commit.change?.logItem]);
      expect(await store.logItem(thread.id, 1)).toEqual(commit.change?.logItem);
      const [first] = commit.outcomes;
      expect(await store.outcome(thread.id, first?.command ?? '')).toEqual(first?.outcome);
    });

    it('answers a command that was decided before as a duplicate, and writes nothing', async () => {
      const store = await make();
      const first = aCommit(aHead({ id: aThreadId() }));
      await store.commit(first);
      const repeated = first.outcomes[0]?.command ?? '';
      const other = commandId();
      const second = aCommit(aHead({ id: first.threadId, seq: 2, subject: 'second' }), {
        outcomes: [repeated, other].map((command) => ({ command, outcome: DONE })),
      });
      expect(await store.commit(second)).toEqual({ result: 'duplicate', commands: [repeated] });
      expect((await store.load(first.threadId))?.subject).toBe('');
      expect(await store.outcome(first.threadId, other)).toBeUndefined();
      expect(await store.logItem(first.threadId, 2)).toBeUndefined();
    });

    it('answers a commit on a thread that moved as a conflict, and writes nothing', async () => {
      const store = await make();
      const id = aThreadId();
      await store.commit(aCommit(aHead({ id })));
      const stale = aCommit(aHead({ id, seq: 1, subject: 'stale' }));
      expect(await store.commit(stale)).toEqual({ result: 'conflict' });
      const early = aCommit(aHead({ id, seq: 3 }));
      expect(await store.commit(early)).toEqual({ result: 'conflict' });
      expect((await store.load(id))?.subject).toBe('');
      expect(await store.outcome(id, stale.outcomes[0]?.command ?? '')).toBeUndefined();
    });

    it('lets one of two concurrent commits win', async () => {
      const store = await make();
      const id = aThreadId();
      const results = await Promise.all([0, 1, 2].map(() => store.commit(aCommit(aHead({ id })))));
      expect(results.map(({ result }) => result).sort()).toEqual(['committed', 'conflict', 'conflict']);
    });

    it('keeps outcomes of commands that changed nothing, even where there is no thread', async () => {
      const store = await make();
      const rejected: Outcome = { status: 'rejected', thread: 'x', reason: { code: 'a', detail: 'b' }, logSeq: null };
      const command = commandId();
      const threadId = aThreadId();
      const commit = {
        threadId,
        expectedSeq: 0,
        change: null,
        outcomes: [{ command, outcome: rejected }],
      };
      expect(await store.commit(commit)).toEqual({ result: 'committed' });
      expect(await store.outcome(threadId, command)).toEqual(rejected);
      expect(await store.outcome(aThreadId(), command), 'a command is its thread’s').toBeUndefined();
      expect(await store.commit(commit)).toEqual({ result: 'duplicate', commands: [command] });
    });

    it('answers an outcome alone as a conflict where the thread moved, and as a duplicate before that', async () => {
      const store = await make();
      const first = aCommit(aHead({ id: aThreadId() }));
      await store.commit(first);
      const { threadId } = first;
      const alone = (command: string, expectedSeq: number): Commit => {
        return { threadId, expectedSeq, change: null, outcomes: [{ command, outcome: DONE }] };
      };
      const other = commandId();
      expect(await store.commit(alone(other, 0))).toEqual({ result: 'conflict' });
      expect(await store.commit(alone(other, 2))).toEqual({ result: 'conflict' });
      const repeated = first.outcomes[0]?.command ?? '';
      expect(await store.commit(alone(repeated, 7))).toEqual({ result: 'duplicate', commands: [repeated] });
      expect(await store.commit(alone(other, 1))).toEqual({ result: 'committed' });
    });

    it('knows what became of the command that founded a thread, and never decides it twice', async () => {
      const store = await make();
      const { id, command, commit } = aFounding();
      const [founding] = commit.outcomes;
      expect(await store.commit(commit)).toEqual({ result: 'committed' });
      expect(await store.outcome(id, command)).toEqual(founding?.outcome);
      expect(await store.commit(commit)).toEqual({ result: 'duplicate', commands: [command] });
      const later = aCommit(aHead({ id, seq: 3 }), { outcomes: [{ command, outcome: DONE }] });
      expect(await store.commit(later)).toEqual({ result: 'duplicate', commands: [command] });
      expect((await store.load(id))?.seq).toBe(2);
    });

    it('tells the founding command from another that was faster', async () => {
      const store = await make();
      const { id, command, commit } = aFounding();
      await store.commit(aCommit(aHead({ id })));
      expect(await store.outcome(id, command)).toBeUndefined();
      expect(await store.commit(commit)).toEqual({ result: 'conflict' });
      const after = aCommit(aHead({ id, seq: 2 }), { outcomes: [{ command, outcome: { ...DONE, logSeq: 2 } }] });
      expect(await store.commit(after)).toEqual({ result: 'committed' });
      expect(await store.outcome(id, command)).toEqual({ ...DONE, logSeq: 2 });
    });

    it('keeps what became of a founding command that was refused or set aside', async () => {
      const store = await make();
      const { id, command, commit } = aFounding();
      const reason = { code: 'defect', detail: '' };
      const outcome: Outcome = { status: 'set-aside', thread: id, reason, logSeq: 2 };
      await store.commit({ ...commit, outcomes: [{ command, outcome }] });
      expect(await store.outcome(id, command)).toEqual(outcome);
    });

    it('takes a change without any outcome, once', async () => {
      const store = await make();
      const fired = aCommit(aHead({ id: aThreadId() }), { outcomes: [] });
      expect(await store.commit(fired)).toEqual({ result: 'committed' });
      expect(await store.commit(fired)).toEqual({ result: 'conflict' });
    });

    it('reads the log after any entry, in order, in pieces', async () => {
      const store = await make();
      const id = aThreadId();
      const lastSeqs = [2, 5, 11];
      let expectedSeq = 0;
      for (const seq of lastSeqs) {
        await store.commit(aCommit(aHead({ id, seq }), { expectedSeq }));
        expectedSeq = seq;
      }
      const seqsAfter = async (after: number, limit = 10) =>
        (await store.log(id, after, limit)).map((item) => item.lastSeq);
      expect(await seqsAfter(0)).toEqual([2, 5, 11]);
      expect(await seqsAfter(3)).toEqual([5, 11]);
      expect(await seqsAfter(5)).toEqual([11]);
      expect(await seqsAfter(11)).toEqual([]);
      expect(await seqsAfter(0, 2)).toEqual([2, 5]);
    });

    listContract(make);
    dueContract(make);
  });
}
